import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Known, spelled } from './spelled.ts'

const known: Known<{ batchSize: number; flushInterval: string; apiKey: string }> = {
  batchSize: 'plain',
  flushInterval: 'duration',
  apiKey: 'plain',
}
const read = (given: object) => spelled('the exporter', given, known)

test('003-07 F3 settings in camelCase and in snake_case, durations with their unit in the name', () => {
  assert.deepEqual(read({ batchSize: 5, flush_interval: '1m', api_key: 'k' }), { batchSize: 5, flushInterval: '1m', apiKey: 'k' })
  assert.deepEqual(read({ batch_size: 5, flush_interval_seconds: 0.5 }), { batchSize: 5, flushInterval: '0.5s' })
  assert.deepEqual(read({ flushIntervalMs: 20, batch_size: undefined }), { flushInterval: '20ms' })
})

test('003-62 F16 an unknown setting is refused, and the known ones are named', () => {
  for (const name of ['batchsize', 'batch_size_seconds', 'seconds', '__proto__', 'toString'])
    assert.throws(() => read(Object.fromEntries([[name, 1]])), {
      code: 'INVALID_OPTION',
      message: `the exporter has no setting "${name}"`,
      hint: 'known are batchSize, flushInterval, apiKey',
    })
  assert.throws(() => read({ batch_size: 1, batchSize: 2 }), { code: 'INVALID_OPTION', message: /batchSize twice/ })
})
