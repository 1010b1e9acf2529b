import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { type LogFields, silent } from '../core/log.ts'
import { ok, partial, reject, retry } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { MonitoredExporter, type MonitoredOptions } from './monitored.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'
import type { ThresholdAlert } from './thresholds.ts'

const at = new Date(0)
const failed = (code?: string) => Object.assign(new Error('no'), code ? { code } : {})

function setUp(options: MonitoredOptions<readonly number[]> = {}) {
  const clock = new ManualClock()
  const base = scripted()
  const alerts: ThresholdAlert[] = []
  const logged: [level: string, fields: LogFields | undefined][] = []
  const log = {
    ...silent,
    warn: (_message: string, fields?: LogFields) => void logged.push(['warn', fields]),
    info: (_message: string, fields?: LogFields) => void logged.push(['info', fields]),
  }
  const context = createContext({ clock, log })
  const monitored = new MonitoredExporter(base.exporter, { records: numbers, onAlert: (alert) => alerts.push(alert), ...options })
  /** Exports once, in that time and with that answer. */
  const run = async (latencyMs = 0, answer: Answer = ok, data: readonly number[] = [1]) => {
    base.answers.push(async (data, context) => {
      await clock.sleep(latencyMs)
      return typeof answer === 'function' ? answer(data, context) : answer
    })
    const result = monitored.export(at, data, context)
    await clock.advance(latencyMs)
    return result
  }
  return { clock, base, alerts, logged, context, monitored, run }
}

test('003-44 passes data and answer on unchanged, a throw as retry', async () => {
  const { base, run } = setUp()
  const answer = partial([{ index: 0, error: failed() }], [1])
  assert.equal(await run(0, answer, [1, 2]), answer)
  assert.deepEqual(base.seen, [[1, 2]])
  const thrown = await run(0, () => {
    throw failed()
  })
  assert.equal(thrown.status, 'retry')
})

test('F15 003-44 measures latency p50, p95, p99 and max, within 5 %', async () => {
  const { monitored, run } = setUp()
  for (let ms = 1; ms <= 100; ms++) await run(ms)
  const { max, ...percentiles } = monitored.stats().latencyMs!
  for (const [told, exact] of [
    [percentiles.p50, 50],
    [percentiles.p95, 95],
    [percentiles.p99, 99],
  ] as const)
    assert.ok(Math.abs(told - exact) <= exact * 0.05, `${told} for ${exact}`)
  assert.equal(max, 100)
  assert.equal(monitored.stats().totalLatencyMs, 5050)
})

test('F15 003-44 measures size, records, success rate and errors by kind', async () => {
  const { monitored, run } = setUp()
  await run(0, ok, [1, 2])
  await run(0, retry(failed('ECONNREFUSED')), [3])
  await run(0, retry(new TypeError('fetch failed', { cause: failed('ECONNREFUSED') })))
  await run(0, reject(new RangeError('no')))
  const { exports, records, bytes, outcomes, successRatePercent, errors } = monitored.stats()
  assert.deepEqual({ exports, records, bytes, successRatePercent }, { exports: 4, records: 5, bytes: 40, successRatePercent: 25 })
  assert.deepEqual(outcomes, { ok: 1, partial: 0, retry: 2, reject: 1, 'too-large': 0 })
  assert.deepEqual(errors, { 'retry ECONNREFUSED': 2, 'reject RangeError': 1 })
})

test('003-44 kinds of errors are bounded', async () => {
  const { monitored, run } = setUp()
  for (let code = 0; code < 120; code++) await run(0, retry(failed(`E${code}`)))
  const { errors } = monitored.stats()
  assert.equal(Object.keys(errors!).length, 101)
  assert.equal(errors!.other, 20)
})

test('F15 003-44 what is not tracked is not told', async () => {
  const { monitored, alerts, run } = setUp({
    monitor: { trackExportLatency: false, trackExportSize: false, trackSuccessRate: false, trackErrorTypes: false },
  })
  await run(5000, retry(failed()))
  assert.deepEqual(monitored.stats(), { exports: 1, records: 1, outcomes: { ok: 0, partial: 0, retry: 1, reject: 0, 'too-large': 0 } })
  assert.deepEqual(alerts, [])
})

test('F15 003-45 latency above its threshold alerts once, and clears once when it no longer is', async () => {
  const { clock, alerts, logged, run } = setUp({ window: '5m' })
  await run(1000)
  assert.deepEqual(alerts, [])
  await run(2000)
  await run(3000)
  assert.deepEqual(alerts, [{ threshold: 'exportLatencyP95Ms', state: 'firing', value: 2000, limit: 1000, at: new Date(3000) }])
  await clock.advance(300_000)
  await run(10)
  await run(10)
  assert.deepEqual(alerts.slice(1), [{ threshold: 'exportLatencyP95Ms', state: 'cleared', value: 10, limit: 1000, at: new Date(306_010) }])
  assert.deepEqual(
    logged.map(([level, fields]) => [level, fields!.threshold, fields!.value]),
    [
      ['warn', 'exportLatencyP95Ms', 2000],
      ['info', 'exportLatencyP95Ms', 10],
    ],
  )
})

test('F15 003-45 a success rate below its threshold alerts once per crossing', async () => {
  const { alerts, run } = setUp({ alertThresholds: { successRatePercent: 50 } })
  for (const answer of [ok, retry(failed()), retry(failed()), retry(failed()), ok, ok, ok, retry(failed()), retry(failed())])
    await run(0, answer)
  assert.deepEqual(
    alerts.map(({ state, value }) => [state, Math.round(value)]),
    [
      ['firing', 33],
      ['cleared', 50],
      ['firing', 44],
    ],
  )
})

test('F15 003-45 a queue above its threshold alerts once per crossing, while nothing is exported too', async () => {
  let depth = 0
  const { alerts, clock, context, monitored, run } = setUp({ queueDepth: () => depth })
  await monitored.start(context)
  for (depth of [1000, 1001, 1002, 999, 5000]) await run()
  depth = 0
  await clock.advance(30_000)
  assert.deepEqual(
    alerts.map(({ threshold, state, value }) => [threshold, state, value]),
    [
      ['queueDepth', 'firing', 1001],
      ['queueDepth', 'cleared', 999],
      ['queueDepth', 'firing', 5000],
      ['queueDepth', 'cleared', 0],
    ],
  )
  assert.equal(monitored.stats().queueDepth, 0)
  await monitored.stop(context)
})

test('003-45 nothing recent changes no alert, a threshold that is false is not watched, and an onAlert that throws hurts nobody', async () => {
  const onAlert = (alert: ThresholdAlert) => {
    alerts.push(alert)
    throw failed()
  }
  const alerts: ThresholdAlert[] = []
  const { clock, context, monitored, run } = setUp({ onAlert, queueDepth: () => 5000, alertThresholds: { queueDepth: false } })
  await monitored.start(context)
  assert.equal((await run(5000, retry(failed()))).status, 'retry')
  await clock.advance(600_000)
  assert.deepEqual(
    alerts.map(({ threshold, state }) => [threshold, state]),
    [
      ['exportLatencyP95Ms', 'firing'],
      ['successRatePercent', 'firing'],
    ],
  )
  assert.equal(monitored.stats().latencyMs, undefined)
  await monitored.stop(context)
})

test('003-45 a depth that cannot be told changes neither result nor alerts', async () => {
  const { alerts, monitored, run } = setUp({
    queueDepth: () => {
      throw failed()
    },
  })
  assert.deepEqual(await run(), ok)
  assert.deepEqual(alerts, [])
  assert.equal(monitored.stats().queueDepth, undefined)
})

test('003-44 works for any data and for windows', async () => {
  const window: Window = { start: at, end: new Date(60_000) }
  const monitored = new MonitoredExporter<Window, string>({ name: 'a', export: async () => ok })
  assert.equal((await monitored.export(window, 'data', createContext())).status, 'ok')
  assert.equal(monitored.stats().exports, 1)
})
