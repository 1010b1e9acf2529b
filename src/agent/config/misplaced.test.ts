import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadText } from './load.ts'

const load = (exporter: string) => loadText(`exporters: [ ${exporter} ]\n`, { path: 'a.yaml' })

test('003-30 003-04 what is of every exporter is not of its config: where it belongs is told', async () => {
  const settings = 'batch_size: 1000, batch_timeout_seconds: 60, flush_interval_seconds: 30, max_retries: 3, export_timeout_seconds: 9'
  await assert.rejects(load(`{ type: database, config: { pool_size: 5, max_overflow: 10, ${settings} } }`), (error: Error) => {
    assert.deepEqual(
      error.message.split('\n').map((line) => /config\.(.*)$/.exec(line)?.[1]),
      [
        'buffer.batch_size',
        'buffer.batch_timeout_seconds',
        'buffer.flush_interval_seconds',
        'retry.max_retries',
        'export_timeout_seconds',
      ].map((place) => `${place.split('.').at(-1)}: unknown key; write it beside config, not in it: ${place}`),
    )
    return true
  })
})

test('003-30 batch size and timeout, where they belong', async () => {
  const { file } = await load('{ type: database, config: { pool_size: 5 }, buffer: { batch_size: 1000, batch_timeout_seconds: 60 } }')
  const { batchSize, flushInterval } = file.exporters[0]!.buffer
  assert.deepEqual([batchSize, flushInterval], [1000, 60_000])
})

test('keys that are of no exporter, or of a plugin that has no buffer, are told as ever', async () => {
  for (const exporter of [
    '{ type: file, config: { compresion: gzip } }',
    '{ type: file, config: { type: disk } }',
    '{ type: file, config: { retention: { max_retries: 1 } } }',
    '{ type: file, dead_letter: { type: file, config: { batch_size: 1 } } }',
  ])
    await assert.rejects(
      load(exporter),
      (error: Error) => /unknown key/.test(error.message) && !/beside config/.test(error.message),
      exporter,
    )
})
