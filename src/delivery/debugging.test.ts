import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import { type Log, type LogFields, silent } from '../core/log.ts'
import { ok, retry } from '../core/result.ts'
import { Secret } from '../core/secret.ts'
import { series } from '../core/series.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { DebuggingExporter, type DebuggingOptions } from './debugging.ts'
import { numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const none = { traceExports: false, measurePerformance: false, validateSchemas: false }

function setUp(options: DebuggingOptions<readonly number[]>) {
  const clock = new ManualClock()
  const lines: (readonly [string, LogFields])[] = []
  const log: Log = { ...silent, info: (message, fields = {}) => lines.push([message, fields]) }
  const { exporter, seen, answers } = scripted()
  const debugging = new DebuggingExporter(exporter, { records: numbers, ...options })
  const send = (data: readonly number[], given = {}) => debugging.export(at, data, createContext({ clock, log, ...given }))
  return { clock, lines, seen, answers, send }
}

test('003-65 F17 traceExports: how many records, and what became of them', async () => {
  const { lines, answers, send } = setUp({ ...none, traceExports: true })
  const error = new Error('no route')
  answers.push(ok, retry(error))
  await send([1, 2])
  await send([3], { delivery: { id: 'a', attempt: 2, firstAcceptedMs: 0 } })
  assert.deepEqual(lines, [
    ['exported', { exporter: 'scripted', records: 2, status: 'ok' }],
    ['exported', { exporter: 'scripted', records: 1, status: 'retry', attempt: 2, error }],
  ])
})

test('003-65 F17 measurePerformance: time, size and rate', async () => {
  const { clock, lines, answers, send } = setUp({ ...none, measurePerformance: true })
  answers.push(async () => {
    await clock.advance(250)
    return ok
  })
  await send([1, 2])
  await send([3])
  assert.deepEqual(lines, [
    ['exported', { exporter: 'scripted', ms: 250, bytes: 16, recordsPerSecond: 8 }],
    ['exported', { exporter: 'scripted', ms: 0, bytes: 8, recordsPerSecond: undefined }],
  ])
})

test('003-65 F17 logPayloads: the first records, without secrets', async () => {
  const { lines, send } = setUp({ ...none, logPayloads: true, secrets: [new Secret('4242')] })
  await send([1, 4242])
  await send(Array.from({ length: 30 }, () => 7))
  assert.deepEqual(lines[0], ['about to export', { exporter: 'scripted', payload: '[1,[redacted]]' }])
  assert.equal(JSON.parse(String(lines[1]![1].payload)).length, 20)
})

test('003-65 F17 validateSchemas: what is not valid is a failure, and not sent', async () => {
  const { lines, seen, send } = setUp({ ...none, validateSchemas: true, validate: (data) => (data.includes(13) ? 'thirteen' : undefined) })
  assert.equal((await send([1])).status, 'ok')
  const result = await send([1, 13])
  assert.match(result.status === 'reject' ? result.error.message : 'sent', /scripted did not send .* thirteen/)
  assert.deepEqual(seen, [[1]])
  assert.deepEqual(
    lines.map(([, fields]) => fields.status),
    ['reject'],
  )
})

test('003-65 F17 a batch is checked by its signal, other data is not', async () => {
  const base = { name: 'a', export: async () => ok }
  const debugging = new DebuggingExporter<Date, unknown>(base, { ...none, validateSchemas: true })
  const status = async (data: unknown) => (await debugging.export(at, data, createContext({ log: { ...silent } }))).status
  const point = { series: series('load'), timeMs: 1, value: 1 }
  assert.equal(await status(metrics([point])), 'ok')
  assert.equal(await status(metrics([{ ...point, value: 'much' as never }])), 'reject')
  assert.equal(await status('much'), 'ok')
})

test('003-65 F17 with nothing said: traces, measures and validates, and shows no payload', async () => {
  const { lines, send } = setUp({})
  await send([1])
  assert.deepEqual(
    lines.map(([message, fields]) => [message, Object.keys(fields)]),
    [['exported', ['exporter', 'records', 'status', 'ms', 'bytes', 'recordsPerSecond']]],
  )
})

test('003-61 without a log the lines go to standard error', async (t) => {
  const written: string[] = []
  t.mock.method(process.stderr, 'write', (text: string) => written.push(text))
  const { send, answers } = setUp({ ...none, traceExports: true })
  answers.push(retry(new Error('no route')))
  await send([1], { log: silent })
  t.mock.restoreAll()
  assert.deepEqual(written, ['exported {"exporter":"scripted","records":1,"status":"retry","error":"no route"}\n'])
})
