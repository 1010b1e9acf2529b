import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { createContext, type Describe, metrics, ok, type Point, type PointValue, resource, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { startNewRelic } from './newrelic.fixture.ts'
import { NewRelicExporter, type NewRelicExporterOptions } from './newrelic.ts'

const nowMs = Date.UTC(2026, 7, 2, 10)
const hourMs = 3_600_000
const context = createContext({ clock: new ManualClock(nowMs) })
const time = new Date(0)
const origin = resource({ 'host.name': 'web-1', 'service.name': 'shop' })

async function started(t: Parameters<typeof startNewRelic>[0], options: NewRelicExporterOptions = {}) {
  const server = await startNewRelic(t)
  const exporter = stopping(t, new NewRelicExporter({ ...server.options, ...options }))
  return { server, exporter, send: (...points: readonly Point[]) => exporter.export(time, metrics(points), context) }
}

type Server = Awaited<ReturnType<typeof startNewRelic>>
type Metric = Readonly<Record<string, unknown>>
const metricsOf = (server: Server) =>
  server.taken.flatMap(({ body }) => (body as { metrics?: Metric[] }[]).flatMap(({ metrics = [] }) => metrics))

const point = (name: string, value: PointValue, describe: Describe = {}, more: Partial<Point> = {}): Point => ({
  series: series(name, {}, describe),
  timeMs: nowMs,
  value,
  ...more,
})

test('F7 003-23: a gauge has labels, origin and unit as attributes, and common attributes stand in front', async (t) => {
  const { server, send } = await started(t, { commonAttributes: { environment: 'production', 'process.id': 7 } })
  const load: Point = { series: series('load', { core: '0', empty: '' }, { unit: '1', resource: origin }), timeMs: nowMs + 0.5, value: 0.5 }
  assert.deepEqual(await send(load), ok)
  assert.deepEqual(server.taken, [
    {
      path: '/metric/v1',
      body: [
        {
          common: { attributes: { environment: 'production', 'process.id': 7 } },
          metrics: [
            {
              name: 'load',
              type: 'gauge',
              value: 0.5,
              timestamp: nowMs,
              attributes: { 'host.name': 'web-1', 'service.name': 'shop', core: '0', unit: '1' },
            },
          ],
        },
      ],
    },
  ])
})

test('F7: a total is a count of what it has grown by, from when it began to; distributions are summaries', async (t) => {
  const { server, send } = await started(t)
  const total = (value: number, timeMs: number) => point('jobs', value, { kind: 'counter' }, { timeMs })
  assert.deepEqual(await send(total(5, nowMs - 20_000)), ok)
  const delta = { kind: 'histogram', temporality: 'delta' } as const
  const exponential = { count: 4, scale: 0, zeroCount: 1, positive: { offset: 1, counts: [1, 0] }, negative: { offset: -1, counts: [2] } }
  assert.deepEqual(
    await send(
      total(8, nowMs),
      point('h', { count: 3, sum: 4.5, bounds: [1, 2], counts: [1, 2, 0] }, delta),
      point('e', exponential, delta),
      point('s', { count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] }, { kind: 'summary' }, { startTimeMs: nowMs }),
    ),
    ok,
  )
  assert.deepEqual(
    metricsOf(server).map(({ name, type, value, timestamp, 'interval.ms': interval, attributes }) => [
      name,
      type,
      value,
      Number(timestamp) - nowMs,
      interval,
      attributes,
    ]),
    [
      ['jobs', 'count', 3, -20_000, 20_000, {}],
      ['h', 'summary', { count: 3, sum: 4.5, min: 1, max: 2 }, -10_000, 10_000, {}],
      ['h_bucket', 'count', 1, -10_000, 10_000, { le: '1' }],
      ['h_bucket', 'count', 3, -10_000, 10_000, { le: '2' }],
      ['h_bucket', 'count', 3, -10_000, 10_000, { le: '+Inf' }],
      ['e', 'summary', { count: 4, sum: 0, min: -1, max: 4 }, -10_000, 10_000, {}],
      ['s', 'summary', { count: 2, sum: 3, min: 1, max: 1 }, -1, 1, {}],
      ['s.quantile', 'gauge', 1, 0, undefined, { quantile: 0.5 }],
    ],
  )
})

test('what New Relic would let go unseen is rejected by index', async (t) => {
  const { server, send } = await started(t)
  const labels = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`l${index}`, 'x']))
  const labelled = (given: Record<string, string>): Point => ({ series: series('labelled', given), timeMs: nowMs, value: 1 })
  const points = [
    point('old', 1, {}, { timeMs: nowMs - 48 * hourMs - 1 }),
    point('oldest', 1, {}, { timeMs: nowMs - 48 * hourMs }),
    point('ahead', 1, {}, { timeMs: nowMs + 24 * hourMs + 1 }),
    point('nan', Number.NaN),
    point('n'.repeat(255), 1),
    labelled(labels(151)),
    labelled(labels(150)),
    labelled({ ['n'.repeat(256)]: 'x' }),
    labelled({ v: 'x'.repeat(4097) }),
    point('end', Number.NaN, {}, { stale: true }),
  ]
  const result = await send(...points)
  assert.ok(result.status === 'partial')
  assert.deepEqual([result.rejected.map((rejection) => 'index' in rejection && rejection.index), result.retry], [[0, 2, 3, 4, 5, 7, 8], []])
  assert.deepEqual(
    metricsOf(server).map(({ name }) => name),
    ['oldest', 'labelled'],
  )
})

test('a request holds 1 MB at most; nothing is missing', async (t) => {
  const { server, send } = await started(t)
  const points = Array.from(
    { length: 2000 },
    (_, index): Point => ({ series: series('a', { noise: String(index).padStart(1000, 'x') }), timeMs: nowMs, value: index }),
  )
  assert.deepEqual(await send(...points), ok)
  assert.equal(server.taken.length, 3)
  assert.deepEqual(
    metricsOf(server).map(({ value }) => value),
    points.map(({ value }) => value),
  )
})
