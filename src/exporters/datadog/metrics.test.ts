import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { createContext, type Describe, metrics, ok, type Point, type PointValue, resource, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { apiKey, startDatadog } from './datadog.fixture.ts'
import { DatadogExporter, type DatadogExporterOptions } from './datadog.ts'

const nowMs = Date.UTC(2026, 7, 2, 10)
const second = nowMs / 1000
const context = createContext({ clock: new ManualClock(nowMs) })

async function started(t: Parameters<typeof startDatadog>[0], options: DatadogExporterOptions = {}) {
  const server = await startDatadog(t)
  const exporter = stopping(t, new DatadogExporter({ url: server.url, apiKey, ...options }))
  await exporter.start(context)
  return { server, exporter, send: (...points: readonly Point[]) => exporter.export(new Date(0), metrics(points), context) }
}

type Body = { readonly series: readonly Readonly<Record<string, unknown>>[] }
const seriesOf = (server: Awaited<ReturnType<typeof startDatadog>>) => server.taken.flatMap(({ body }) => (body as Body).series)

const point = (name: string, value: PointValue, describe: Describe = {}, more: Partial<Point> = {}): Point => ({
  series: series(name, {}, describe),
  timeMs: nowMs,
  value,
  ...more,
})

const host = resource({ 'host.name': 'web-1', 'service.name': 'shop', 'deployment.environment': 'prod', 'cloud.region': 'eu' })

test('F6 003-20: a gauge has namespace, tags, host and unit, in version 2, 1 and Protocol Buffers', async (t) => {
  const options = {
    metricsConfig: { namespace: 'foundation', tags: ['team:platform'] },
    tags: ['site:a'],
    resourceAttributes: ['cloud.region'],
  }
  const load: Point = {
    series: series('load', { env: 'mine', core: '0' }, { unit: 'By', resource: host }),
    timeMs: nowMs + 999,
    value: 0.5,
  }
  const tags = ['core:0', 'env:mine', 'service:shop', 'cloud.region:eu', 'team:platform', 'site:a']
  const two = await started(t, options)
  assert.deepEqual(await two.send(load), ok)
  const resources = [{ type: 'host', name: 'web-1' }]
  assert.deepEqual(two.server.taken, [
    {
      path: '/api/v2/series',
      body: {
        series: [{ metric: 'foundation.load', type: 3, points: [{ timestamp: second, value: 0.5 }], tags, resources, unit: 'byte' }],
      },
    },
  ])
  const one = await started(t, { ...options, version: 1 })
  assert.deepEqual(await one.send(load), ok)
  assert.deepEqual(one.server.taken, [
    {
      path: '/api/v1/series',
      body: { series: [{ metric: 'foundation.load', type: 'gauge', points: [[second, 0.5]], tags, host: 'web-1' }] },
    },
  ])
  const protobuf = await started(t, { ...options, format: 'protobuf' })
  assert.deepEqual(await protobuf.send(load), ok)
  assert.deepEqual(seriesOf(protobuf.server), [
    { resources, metric: 'foundation.load', tags, points: [{ value: 0.5, timestamp: String(second) }], unit: 'byte' },
  ])
})

test('the bytes of a request in Protocol Buffers', async (t) => {
  const { server, send } = await started(t, { format: 'protobuf', compression: 'none' })
  await send(point('a', 1.5, { kind: 'counter', temporality: 'delta' }, { timeMs: 1000 * second, startTimeMs: 1000 * (second - 30) }))
  assert.equal(server.requests[0]!.body.toString('hex'), '0a18120161220f09000000000000f83f10a0aabcd3062801401e')
  assert.deepEqual(seriesOf(server), [{ metric: 'a', points: [{ value: 1.5, timestamp: String(second) }], type: 'COUNT', interval: '30' }])
})

test('F6: a total is sent as what it has grown by, over its interval; what may shrink as a gauge', async (t) => {
  const { server, send } = await started(t, { interval: '15s' })
  const counter = (value: number, timeMs: number, more: Partial<Point> = {}) =>
    point('jobs', value, { kind: 'counter' }, { timeMs, ...more })
  assert.deepEqual(await send(counter(5, nowMs)), ok)
  assert.deepEqual(server.taken, [])
  server.answerInstead = (response) => Boolean(response.writeHead(503).end())
  assert.equal((await send(counter(8, nowMs + 20_000))).status, 'retry')
  server.answerInstead = () => false
  assert.deepEqual(await send(counter(8, nowMs + 20_000), counter(9, nowMs + 20_400), counter(11, nowMs + 30_000)), ok)
  assert.deepEqual(
    await send(point('queue', 3, { kind: 'counter', monotonic: false }), point('delta', 2, { kind: 'counter', temporality: 'delta' })),
    ok,
  )
  assert.deepEqual(
    seriesOf(server).map(({ metric, type, interval, points }) => [metric, type, interval, points]),
    [
      ['jobs', 1, 20, [{ timestamp: second + 20, value: 4 }]],
      ['jobs', 1, 10, [{ timestamp: second + 30, value: 2 }]],
      ['queue', 3, undefined, [{ timestamp: second, value: 3 }]],
      ['delta', 1, 15, [{ timestamp: second, value: 2 }]],
    ],
  )
})

test('within a second counts are added up, and of gauges the last one stays', async (t) => {
  const { server, send } = await started(t)
  const of = (name: string, describe: Describe) => [3, 1, 2].map((at) => point(name, at, describe, { timeMs: nowMs + at * 100 }))
  await send(...of('count', { kind: 'counter', temporality: 'delta' }), ...of('gauge', {}), point('gauge', 9, {}, { timeMs: nowMs + 5000 }))
  assert.deepEqual(
    seriesOf(server).map(({ points }) => points),
    [
      [{ timestamp: second, value: 6 }],
      [
        { timestamp: second, value: 3 },
        { timestamp: second + 5, value: 9 },
      ],
    ],
  )
})

test('distributions and summaries are several series', async (t) => {
  const { server, send } = await started(t)
  const delta = { kind: 'histogram', temporality: 'delta' } as const
  await send(
    point('h', { count: 3, sum: 4.5, min: 0.5, max: 3, bounds: [1, 2], counts: [1, 0, 2] }, delta),
    point('e', { count: 4, scale: 0, zeroCount: 1, positive: { offset: 1, counts: [1, 0] }, negative: { offset: -1, counts: [2] } }, delta),
    point('s', { count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] }, { kind: 'summary' }, { startTimeMs: nowMs }),
  )
  assert.deepEqual(
    seriesOf(server).map(({ metric, type, tags = [], points }) => [metric, type, tags, (points as { value: number }[])[0]!.value]),
    [
      ['h.count', 1, [], 3],
      ['h.sum', 1, [], 4.5],
      ['h.min', 3, [], 0.5],
      ['h.max', 3, [], 3],
      ['h.bucket', 1, ['lower_bound:-inf', 'upper_bound:1'], 1],
      ['h.bucket', 1, ['lower_bound:2', 'upper_bound:inf'], 2],
      ['e.count', 1, [], 4],
      ['e.bucket', 1, ['lower_bound:-1', 'upper_bound:-0.5'], 2],
      ['e.bucket', 1, ['lower_bound:0', 'upper_bound:0'], 1],
      ['e.bucket', 1, ['lower_bound:2', 'upper_bound:4'], 1],
      ['s.count', 1, [], 2],
      ['s.sum', 1, [], 3],
      ['s.quantile', 3, ['quantile:0.5'], 1],
    ],
  )
})

test('F6 003-21: custom metrics are sent beside the metric that they are of, with a name and type of their own', async (t) => {
  const custom = (metricType: 'rate' | 'gauge' | 'count' | 'distribution', sourceField: string) => ({
    metricName: `custom.${metricType}`,
    metricType,
    sourceField,
  })
  const { server, send } = await started(t, {
    metricsConfig: { namespace: 'ns' },
    customMetrics: {
      a: custom('rate', 'messages_per_second'),
      b: custom('gauge', 'total'),
      c: custom('count', 'total'),
      d: custom('distribution', 'latency'),
    },
  })
  const total = (value: number, timeMs: number) => point('total', value, { kind: 'counter' }, { timeMs })
  await send(total(5, nowMs))
  await send(point('messages_per_second', 7), total(9, nowMs + 1000), point('latency', 3), point('latency', 4, {}, { timeMs: nowMs + 500 }))
  assert.deepEqual(
    server.taken.map(({ path, body }) => [
      path,
      (body as Body).series.map(({ metric, type, interval, points }) => [
        metric,
        type,
        interval ?? 0,
        Object.values(points as object).map((p) => p.value ?? p),
      ]),
    ]),
    [
      [
        '/api/v2/series',
        [
          ['ns.messages_per_second', 3, 0, [7]],
          ['custom.rate', 2, 10, [7]],
          ['ns.total', 1, 1, [4]],
          ['custom.gauge', 3, 0, [9]],
          ['custom.count', 1, 1, [4]],
          ['ns.latency', 3, 0, [4]],
        ],
      ],
      ['/api/v1/distribution_points', [['custom.distribution', 'distribution', 0, [[second, [3, 4]]]]]],
    ],
  )
})

test('F6: points that Datadog would let go unseen are rejected by index: too old, in the future, not finite', async (t) => {
  const { server, send } = await started(t)
  const at = (offsetMs: number) => point(`at ${offsetMs}`, 1, {}, { timeMs: nowMs + offsetMs })
  const result = await send(
    at(-3_600_001),
    at(-3_600_000),
    at(600_000),
    at(600_001),
    point('nan', Number.NaN),
    point('end', Number.NaN, {}, { stale: true }),
  )
  assert.ok(result.status === 'partial')
  assert.deepEqual([result.rejected.map((rejection) => 'index' in rejection && rejection.index), result.retry], [[0, 3, 4], []])
  assert.deepEqual(
    seriesOf(server).map(({ metric }) => metric),
    ['at -3600000', 'at 600000'],
  )
  const patient = await started(t, { maxAge: '2h' })
  assert.deepEqual(await patient.send(at(-7_200_000)), ok)
})

test('F6: a request holds no more points and bytes than Datadog takes; nothing is missing', async (t) => {
  const noise = (index: number) =>
    Array.from({ length: 20 }, (_, at) =>
      Math.abs(Math.sin(index * 20 + at))
        .toString(36)
        .slice(2),
    ).join('')
  const points = Array.from(
    { length: 12_000 },
    (_, index): Point => ({ series: series('a', { index: String(index), noise: noise(index) }), timeMs: nowMs, value: index }),
  )
  const { server, send } = await started(t, { compression: 'gzip' })
  assert.deepEqual(await send(...points), ok)
  assert.ok(server.taken.length > 4)
  const values = seriesOf(server).map(({ points }) => (points as { value: number }[])[0]!.value)
  assert.deepEqual(
    values.sort((a, b) => a - b),
    points.map((_, index) => index),
  )
})

test('what a request that was taken complains of is told', async (t) => {
  const { server, send } = await started(t)
  server.answerInstead = (response) => Boolean(response.writeHead(202).end(JSON.stringify({ errors: [`bad ${apiKey}`] })))
  const result = await send(point('a', 1))
  assert.ok(result.status === 'partial' && result.rejected.length === 1)
  assert.match(result.rejected[0]!.error.message, /took it, and says: bad \[redacted\]$/)
})
