import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FileConfig, fileSchema } from './config/schema.ts'
import { onlyAtStart } from './only-at-start.ts'

const file = (value: object): FileConfig => fileSchema.parse(value)

test('names what a reload does not change, a secret among it', () => {
  const before = file({ api: { token: 'one' } })
  assert.deepEqual(onlyAtStart(before, file({ api: { token: 'one' }, stopTimeout: '5s', log: { level: 'warn' } })), [])
  const after = file({ api: { token: 'two', listen: '127.0.0.1:1' }, dataDir: 'other', maxMemory: '1GiB', log: { format: 'json' } })
  assert.deepEqual(onlyAtStart(before, after), ['api.listen', 'api.token', 'data_dir', 'log.format', 'max_memory'])
})

test('of arrays the exporters chosen change with a reload, the rest does not', () => {
  const before = file({ arrays: { token: 'one' } })
  assert.deepEqual(onlyAtStart(before, file({ arrays: { token: 'one', alertExporters: [] } })), [])
  assert.deepEqual(onlyAtStart(before, file({ arrays: { token: 'two' } })), ['arrays'])
  assert.deepEqual(onlyAtStart(before, file({})), ['arrays'])
})
