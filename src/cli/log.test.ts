import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import type { WriteStream } from 'node:tty'
import { LogLevels } from '../agent/log-levels.ts'
import { WaybillError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { createLog } from './log.ts'
import { Screen } from './screen.ts'

function setUp(format: 'text' | 'json', components = {}) {
  let text = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const log = createLog({ levels: new LogLevels({ components }), format, screen: new Screen(stream as unknown as WriteStream) })
  const lines = () => text.trimEnd().split('\n')
  return { log, lines }
}

test('a line for people: time, level, component, message, reason with what to do, and facts', () => {
  const { log, lines } = setUp('text')
  const error = new WaybillError('DESTINATION_UNAVAILABLE', 'port in use', { hint: 'choose another', cause: new Error('with a secret') })
  log.child({ component: 'prom' }).error('cannot start', { error, tries: 3 })
  assert.match(lines()[0]!, /^\d\d:\d\d:\d\d\.\d{3} ERROR prom: cannot start: port in use; choose another tries=3$/)
})

test('JSON lines, in which neither causes nor secrets show', () => {
  const { log, lines } = setUp('json')
  log.warn('careful', { error: new Error('broken', { cause: new Error('hunter2') }), key: new Secret('hunter2') })
  const line = lines()[0]!
  assert.ok(!line.includes('hunter2'), line)
  const { level, msg, error } = JSON.parse(line) as { level: string; msg: string; error: object }
  assert.deepEqual({ level, msg, error }, { level: 'warn', msg: 'careful', error: { message: 'broken' } })
})

test('003-61 a level of its own for a component, in what it says and in what is said of it', () => {
  const { log, lines } = setUp('text', { loud: 'debug', quiet: 'error' })
  for (const name of ['loud', 'quiet', 'other']) {
    log.child({ component: name }).debug('by itself')
    log.debug('of it', { exporter: name })
    log.warn('warned of', { exporter: name })
  }
  assert.deepEqual(
    lines().map((line) => line.slice(13)),
    ['DEBUG loud: by itself', 'DEBUG of it exporter=loud', 'WARN  warned of exporter=loud', 'WARN  warned of exporter=other'],
  )
})
