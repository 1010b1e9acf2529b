import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteWriter, type LogRecord, metrics, type Point, resource, type Span, scope, series } from '../../core/index.ts'
import { officialRequest } from './official.fixture.ts'
import { OtlpJsonEncoder, OtlpProtobufDecoder, OtlpProtobufEncoder } from './otlp.ts'

const [a, b] = [resource({ host: 'a' }), resource({ host: 'b' })]
const timeMs = 1000

interface Request {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly name: string; readonly gauge: { readonly dataPoints: readonly object[] } }[]
    }[]
  }[]
}

/** How many points stand under each metric, by scope, by resource. */
const shapeOf = (bytes: Uint8Array) =>
  (officialRequest('metrics', bytes) as unknown as Request).resourceMetrics.map(({ scopeMetrics }) =>
    scopeMetrics.map(({ metrics }) => metrics.map(({ name, gauge }) => `${name} ${gauge.dataPoints.length}`)),
  )

test('points stand under their metric, scope and resource, each of these once', () => {
  const point = (name: string, of: typeof a, by: string, label: string): Point => ({
    series: series(name, { label }, { resource: of, scope: scope(by) }),
    timeMs,
    value: 1,
  })
  const batch = metrics([
    point('cpu', a, 'x', '1'),
    point('cpu', b, 'x', '1'),
    point('mem', a, 'x', '1'),
    point('cpu', a, 'y', '1'),
    point('cpu', a, 'x', '2'),
  ])
  const encoder = new OtlpProtobufEncoder()
  const expected = [[['cpu 2', 'mem 1'], ['cpu 1']], [['cpu 1']]]
  assert.deepEqual(shapeOf(encoder.encode(batch)), expected)
  assert.deepEqual(shapeOf(encoder.encode(batch)), expected, 'a second request holds nothing of the first')
  assert.deepEqual(shapeOf(encoder.encode(metrics([point('cpu', b, 'x', '3')]))), [[['cpu 1']]])
})

test('an empty batch is an empty request', () => {
  assert.equal(new OtlpProtobufEncoder().encode(metrics([])).length, 0)
  assert.equal(Buffer.from(new OtlpJsonEncoder().encode({ signal: 'logs', records: [] })).toString(), '{"resourceLogs":[]}')
})

test('the points of a metric keep their order, whatever they are', () => {
  const of = series('ordered')
  const exemplars = [{ value: 1 }]
  const points: Point[] = [1, 2, 3, 4].map((n) => ({ series: of, timeMs: n, value: n, ...(n % 2 === 0 && { exemplars }) }))
  const encoder = new OtlpProtobufEncoder()
  for (const [first, ...rest] of [points, points.toReversed()]) {
    const decoded = new OtlpProtobufDecoder('metrics').decode(encoder.encode(metrics([first!, ...rest])))
    assert.deepEqual(
      decoded.points.map(({ timeMs }) => timeMs),
      [first, ...rest].map((point) => point!.timeMs),
    )
  }
})

test('points of one series with and without a start', () => {
  const of = series('started', {}, { kind: 'counter' })
  const points: Point[] = [
    { series: of, timeMs, value: 1 },
    { series: of, timeMs, startTimeMs: 5, value: 2 },
    { series: of, timeMs, value: 3 },
  ]
  for (const round of [1, 2]) {
    const decoded = new OtlpProtobufDecoder('metrics').decode(new OtlpProtobufEncoder().encode(metrics(points)))
    assert.deepEqual(decoded.points, points, `round ${round}`)
  }
})

test('attributes of a resource stand above those that are added to all', () => {
  const encoder = new OtlpProtobufEncoder({ resourceAttributes: { host: 'not this', 'service.name': 's' } })
  const { points } = new OtlpProtobufDecoder('metrics').decode(
    encoder.encode(
      metrics([
        { series: series('x', {}, { resource: a }), timeMs, value: 1 },
        { series: series('x'), timeMs, value: 1 },
      ]),
    ),
  )
  assert.deepEqual(
    points.map(({ series }) => series.resource?.attributes),
    [
      { host: 'a', 'service.name': 's' },
      { host: 'not this', 'service.name': 's' },
    ],
  )
})

test('what OTLP cannot say is told by index, and the rest is written', () => {
  const histogram = { count: 1, bounds: [], counts: [1] }
  const points: Point[] = [
    { series: series('x'), timeMs: -1, value: 1 },
    { series: series('x'), timeMs, value: 2 },
    { series: series('x'), timeMs: Number.NaN, value: 3 },
    { series: series('x'), timeMs, startTimeMs: 1e15, value: 4 },
    { series: series('h', {}, { kind: 'histogram' }), timeMs, value: { ...histogram, counts: [0.5] } },
    { series: series('h', {}, { kind: 'histogram' }), timeMs, value: { ...histogram, count: -1 } },
    { series: series('h', {}, { kind: 'histogram' }), timeMs, value: histogram },
  ]
  const span: Span = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 's', startTimeNs: 1n, endTimeNs: 2n }
  const spans: Span[] = [
    { ...span, traceId: 'f0' },
    { ...span, spanId: 'x'.repeat(16) },
    span,
    { ...span, parentSpanId: '0' },
    { ...span, endTimeNs: -1n },
  ]
  const records: LogRecord[] = [
    { timeNs: 2n ** 64n, body: 'x' },
    { timeNs: 1n, body: 'y', traceId: 'short' },
  ]
  for (const encoder of [new OtlpProtobufEncoder(), new OtlpJsonEncoder()]) {
    const writer = new ByteWriter()
    const rejected = (['metrics', 'traces', 'logs'] as const).map((signal) =>
      encoder.encodeInto(writer, { metrics: metrics(points), traces: { signal, spans }, logs: { signal, records } }[signal] as never),
    )
    assert.deepEqual(
      rejected.map((list) => list.map((rejection) => ('index' in rejection ? rejection.index : -1))),
      [[0, 2, 3, 4, 5], [0, 1, 3, 4], [0]],
    )
    assert.match(rejected[1]![0]!.error.message, /^the trace id "f0" is not 32 hexadecimal digits$/)
  }
  const decode = new OtlpProtobufDecoder('logs')
  assert.deepEqual(decode.decode(new OtlpProtobufEncoder().encode({ signal: 'logs', records })).records, [
    { timeNs: 1n, body: 'y', attributes: { trace_id: 'short' } },
  ])
})

test('the end of a series has no value, in every form', () => {
  const points: Point[] = (['gauge', 'counter', 'histogram', 'summary'] as const).map((kind) => ({
    series: series('gone', {}, { kind }),
    timeMs,
    value: Number.NaN,
    stale: true,
  }))
  const bytes = new OtlpProtobufEncoder().encode(metrics(points))
  assert.deepEqual(new OtlpProtobufDecoder('metrics').decode(bytes).points, points)
  assert.doesNotMatch(JSON.stringify(officialRequest('metrics', bytes)), /asDouble|"count"/)
})
