import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LogLevels } from './log-levels.ts'

test('a level for all, and others for single components', () => {
  const levels = new LogLevels({ level: 'warn', components: { file: 'debug' } })
  assert.deepEqual([levels.allow('info', undefined), levels.allow('warn', 'other'), levels.allow('debug', 'file')], [false, true, true])
})

test('what is changed holds from then on, and the rest stays', () => {
  const levels = new LogLevels({ components: { file: 'error' } })
  levels.change({ level: 'debug' })
  assert.deepEqual([levels.allow('debug', undefined), levels.allow('warn', 'file')], [true, false])
  levels.change({ components: {} })
  assert.deepEqual([levels.level, levels.allow('warn', 'file')], ['debug', true])
})
