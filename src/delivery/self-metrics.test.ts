import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, type MetricsBatch, metrics } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { silent } from '../core/log.ts'
import { ok, retry } from '../core/result.ts'
import { series } from '../core/series.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { MonitoredExporter, type MonitoredOptions } from './monitored.ts'
import { MultiExporter } from './multi.ts'
import { SplittingExporter } from './splitting.ts'

const at = new Date(0)
const data = metrics([{ series: series('load'), timeMs: 0, value: 1 }])

/** Remembers the metrics that it is given. */
function collecting(name: string) {
  const seen: Batch[] = []
  const exporter: EventExporter<Batch> = {
    name,
    async export(_time, batch) {
      seen.push(batch)
      return ok
    },
  }
  return { exporter, seen }
}

function setUp(options: (monitored: () => EventExporter<Batch>) => MonitoredOptions<Batch>) {
  const clock = new ManualClock(1000)
  const base = collecting('base')
  const itself = (): EventExporter<Batch> => monitored
  const monitored: MonitoredExporter<Date, Batch> = new MonitoredExporter(base.exporter, { records: batchRecords, ...options(itself) })
  return { clock, base, monitored, context: createContext({ clock }) }
}

const plain = (batch: Batch) =>
  Object.fromEntries(
    (batch as MetricsBatch).points.map(({ series: { name, labels, unit, kind }, value }) => [
      [name, ...labels.filter(([label]) => label !== 'exporter').map(([, value]) => value)].join(' '),
      { kind, unit, value },
    ]),
  )

test('F15 003-46 its own metrics go to the self-metrics exporter every interval, from start to stop', async () => {
  const own = collecting('own')
  const { clock, context, monitored } = setUp(() => ({ selfMetricsExporter: own.exporter, queueDepth: () => 7 }))
  await monitored.export(at, data, context)
  await monitored.start(context)
  await monitored.start(context)
  await clock.advance(60_000)
  assert.equal(own.seen.length, 2)
  const { points } = own.seen[0] as MetricsBatch
  assert.ok(points.every(({ series, timeMs }) => timeMs === 31_000 && series.labels.some(([, value]) => value === 'base')))
  const counter = (unit: string, value: number) => ({ kind: 'counter', unit, value })
  const told = plain(own.seen[0]!)
  const { 'waybill.export.duration': duration, ...rest } = told
  assert.deepEqual(duration, {
    kind: 'summary',
    unit: 's',
    value: { count: 1, sum: 0, quantiles: [0.5, 0.95, 0.99].map((quantile) => ({ quantile, value: 0 })) },
  })
  assert.deepEqual(rest, {
    'waybill.export.exports ok': counter('{export}', 1),
    'waybill.export.exports partial': counter('{export}', 0),
    'waybill.export.exports retry': counter('{export}', 0),
    'waybill.export.exports reject': counter('{export}', 0),
    'waybill.export.exports too-large': counter('{export}', 0),
    'waybill.export.records': counter('{record}', 1),
    'waybill.export.bytes': counter('By', batchRecords.bytes(data)),
    'waybill.export.queue_depth': { kind: 'gauge', unit: '{record}', value: 7 },
  })
  await monitored.stop(context)
  assert.equal(own.seen.length, 3, 'the last figures are sent at the stop')
  await clock.advance(60_000)
  await monitored.stop(context)
  assert.equal(own.seen.length, 3)
  assert.equal(clock.sleeping, 0)
})

test('003-46 what was counted since is told as such, and a destination that does not take it is logged once', async () => {
  const starts = new Set<unknown>()
  const failing: EventExporter<Batch> = {
    name: 'failing',
    async export(_time, batch) {
      starts.add((batch as MetricsBatch).points[0]!.startTimeMs)
      return retry(new Error('no'))
    },
  }
  const { clock, context, monitored } = setUp(() => ({ selfMetricsExporter: failing }))
  const warnings: unknown[] = []
  await monitored.start({ ...context, log: { ...silent, warn: (message) => void warnings.push(message) } })
  await clock.advance(30_000)
  await monitored.export(at, data, context)
  await clock.advance(60_000)
  await monitored.stop(context)
  assert.deepEqual([...starts], [1000])
  assert.equal(warnings.length, 1)
})

test('003-46 errors are told by kind', async () => {
  const own = collecting('own')
  const { clock, base, context, monitored } = setUp(() => ({ selfMetricsExporter: own.exporter }))
  base.exporter.export = async () => retry(new TypeError('no'))
  await monitored.export(at, data, context)
  await monitored.start(context)
  await clock.advance(30_000)
  assert.deepEqual(plain(own.seen[0]!)['waybill.export.errors retry TypeError'], { kind: 'counter', unit: '{error}', value: 1 })
  await monitored.stop(context)
})

test('F15 003-46 it never measures its own metrics, though they go through itself', async () => {
  const arrangements: ((itself: EventExporter<Batch>) => EventExporter<Batch>)[] = [
    (itself) => itself,
    (itself) => new MultiExporter([itself, collecting('other').exporter], { records: batchRecords }),
    (itself) => new SplittingExporter(itself, { records: batchRecords }),
  ]
  for (const arrange of arrangements) {
    const { clock, base, context, monitored } = setUp((itself) => ({
      selfMetricsExporter: { name: 'self', export: (...call) => arrange(itself()).export(...call) },
    }))
    await monitored.export(at, data, context)
    await monitored.start(context)
    await clock.advance(90_000)
    await monitored.stop(context)
    assert.equal(base.seen.length, 5)
    assert.deepEqual([monitored.stats().exports, monitored.stats().records], [1, 1])
  }
})

test('its own metrics together with others are measured', async () => {
  const { base, clock, context, monitored } = setUp((itself) => ({
    selfMetricsExporter: { name: 'self', export: (...call) => itself().export(...call) },
  }))
  await monitored.start(context)
  await clock.advance(30_000)
  const mixed = metrics([...(base.seen[0] as MetricsBatch).points, ...data.points])
  await monitored.export(at, mixed, context)
  assert.equal(monitored.stats().records, mixed.points.length)
  await monitored.stop(context)
})

test('003-46 data that only looks like metrics is measured', async () => {
  const monitored = new MonitoredExporter({ name: 'a', export: async () => ok }, { selfMetricsExporter: collecting('own').exporter })
  for (const data of [undefined, 7, { signal: 'metrics' }, { signal: 'metrics', points: [1] }, { signal: 'metrics', points: [] }])
    assert.deepEqual(await monitored.export(at, data, createContext()), ok)
  assert.equal(monitored.stats().exports, 5)
})

test('metrics of another monitor are measured like any other', async () => {
  const first = setUp((itself) => ({ selfMetricsExporter: { name: 'self', export: (...call) => itself().export(...call) } }))
  const second = new MonitoredExporter<Date, Batch>(
    { name: 'second', export: (...call) => first.monitored.export(...call) },
    { records: batchRecords, selfMetricsExporter: first.monitored },
  )
  await second.start(first.context)
  await first.clock.advance(30_000)
  await second.stop(first.context)
  assert.equal(first.monitored.stats().exports, 2)
})

test('003-46 a self-metrics exporter that hangs is given up after an interval, and does not hold up the stop', async () => {
  let calls = 0
  const hanging: EventExporter<Batch> = { name: 'hanging', export: () => new Promise(() => calls++) }
  const { clock, context, monitored } = setUp(() => ({ selfMetricsExporter: hanging }))
  await monitored.start(context)
  await clock.advance(90_000)
  assert.equal(calls, 2)
  const deadline = new AbortController()
  const stopped = monitored.stop({ ...context, signal: deadline.signal })
  deadline.abort()
  await stopped
  assert.equal((await monitored.export(at, data, context)).status, 'ok')
})
