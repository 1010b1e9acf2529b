import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type ExponentialHistogram, metrics, type Point } from '../../core/index.ts'
import { atMs, exemplar, exponential, point } from './points.fixture.ts'
import { type ReadSeries, readRequest } from './protobuf.fixture.ts'
import { RemoteWriteEncoder, type RemoteWriteOptions } from './remote-write.ts'

const send = (points: readonly Point[], options: RemoteWriteOptions = {}, encoder = new RemoteWriteEncoder(options)) =>
  readRequest(encoder.encode(metrics(points)), options.version ?? 1)

/** `name{le,quantile}` and the values. */
const values = (series: readonly ReadSeries[]) =>
  Object.fromEntries(
    series.map(({ labels: { __name__: name, ...labels }, samples = [] }) => [
      `${name}${JSON.stringify(labels)}`,
      samples.map(({ value = 0 }) => value).join(),
    ]),
  )

const histogram = { count: 6, sum: -4.5, bounds: [0.25, 1], counts: [1, 3, 2] }

test('a histogram is a series for each bucket, accumulated, with sum and count', () => {
  assert.deepEqual(values(send([point('h', { le: 'own' }, { kind: 'histogram' }, histogram)]).series), {
    'h_bucket{"exported_le":"own","le":"0.25"}': '1',
    'h_bucket{"exported_le":"own","le":"1.0"}': '4',
    'h_bucket{"exported_le":"own","le":"+Inf"}': '6',
    'h_sum{"exported_le":"own"}': '-4.5',
    'h_count{"exported_le":"own"}': '6',
  })
})

test('a summary is a series for each quantile, with sum and count', () => {
  const quantiles = [
    { quantile: 0, value: 1 },
    { quantile: 0.99, value: 2 },
  ]
  assert.deepEqual(values(send([point('s', {}, { kind: 'summary' }, { count: 9, sum: 1.5, quantiles })]).series), {
    's{"quantile":"0.0"}': '1',
    's{"quantile":"0.99"}': '2',
    's_sum{}': '1.5',
    's_count{}': '9',
  })
})

test('an exponential histogram is a native one in version 2, and explicit in version 1, unless it is said otherwise', () => {
  const native = (options: RemoteWriteOptions) =>
    send([point('e', {}, { kind: 'histogram' }, exponential)], options).series.some((s) => s.histograms)
  assert.deepEqual(
    [
      native({ version: 1 }),
      native({ version: 2 }),
      native({ version: 1, nativeHistograms: true }),
      native({ version: 2, nativeHistograms: false }),
    ],
    [false, true, true, false],
  )
})

const sent = (value: ExponentialHistogram) =>
  send([point('e', {}, { kind: 'histogram' }, value)], { version: 2 }).series[0]?.histograms?.[0]
const nothing = { offset: 0, counts: [] }
const empty: ExponentialHistogram = { count: 0, scale: 0, zeroCount: 0, positive: nothing, negative: nothing }

test('a native histogram has spans, differences, and indexes of upper bounds', () => {
  assert.deepEqual(sent(exponential), {
    countInt: 12,
    sum: 4.5,
    schema: 1,
    zeroThreshold: 0.001,
    zeroCountInt: 2,
    negativeSpans: [{ offset: 4, length: 1 }],
    negativeDeltas: [3],
    positiveSpans: [
      { offset: -1, length: 2 },
      { offset: 4, length: 1 },
    ],
    positiveDeltas: [1, 1, 2],
    timestamp: atMs,
  })
  const short = sent({ ...empty, positive: { offset: 5, counts: [0, 0, 0, 1, 0, 0, 2, 0] } })
  assert.deepEqual([short?.positiveSpans, short?.positiveDeltas], [[{ offset: 9, length: 4 }], [1, -1, 0, 2]])
})

test('a native histogram that is not counted in whole numbers is one of floats; an unknown sum is NaN', () => {
  const floats = sent({ ...empty, count: 1.5, zeroCount: 0.5, positive: { offset: 0, counts: [1] }, negative: nothing })
  assert.deepEqual(
    [floats?.countFloat, floats?.zeroCountFloat, floats?.positiveCounts, floats?.positiveDeltas, floats?.sum],
    [1.5, 0.5, [1], undefined, Number.NaN],
  )
  const huge = sent({ ...empty, count: 2 ** 53, positive: { offset: 0, counts: [2 ** 53] } })
  assert.deepEqual([huge?.countFloat, huge?.positiveCounts], [2 ** 53, [2 ** 53]])
})

test('a finer scale than Prometheus has is made coarser', () => {
  const fine = sent({ ...empty, count: 6, scale: 10, positive: { offset: -4, counts: [1, 1, 1, 1, 2] } })
  assert.deepEqual([fine?.schema, fine?.positiveSpans, fine?.positiveDeltas], [8, [{ length: 2 }], [4, -2]])
})

test('exemplars are with the bucket they fall in, in the order of their times, and have a time', () => {
  const exemplars = [exemplar, { value: 0.2, traceId: 'late' }, { value: 0.9, timeMs: 5, labels: { a: 'b' } }]
  for (const version of [1, 2] as const) {
    const { series } = send([point('h', {}, { kind: 'histogram' }, histogram, { exemplars })], { version })
    assert.deepEqual(
      series.map(({ exemplars = [] }) => exemplars),
      [
        [{ value: 0.2, timestamp: atMs, labels: { trace_id: 'late' } }],
        [
          { value: 0.9, timestamp: 5, labels: { a: 'b' } },
          { value: 0.3, timestamp: atMs - 1000, labels: { span_id: exemplar.spanId, trace_id: exemplar.traceId } },
        ],
        [],
        [],
        [],
      ],
    )
  }
})

test('when a series ends, every series that it was sent as does', () => {
  const describe = { kind: 'histogram' } as const
  const end = { timeMs: atMs + 1, stale: true } as const
  const encoder = new RemoteWriteEncoder()
  assert.deepEqual(send([point('h', {}, describe, Number.NaN, end)], {}, encoder).series, [])
  send([point('h', {}, describe, histogram)], {}, encoder)
  assert.deepEqual(values(send([point('h', {}, describe, Number.NaN, end)], {}, encoder).series), {
    'h_bucket{"le":"0.25"}': 'NaN',
    'h_bucket{"le":"1.0"}': 'NaN',
    'h_bucket{"le":"+Inf"}': 'NaN',
    'h_sum{}': 'NaN',
    'h_count{}': 'NaN',
  })
  const native = new RemoteWriteEncoder({ version: 2 })
  send([point('h', {}, describe, exponential)], { version: 2 }, native)
  const { series } = send([point('h', {}, describe, Number.NaN, end)], { version: 2 }, native)
  assert.deepEqual(series[0]?.histograms, [{ sum: Number.NaN, timestamp: atMs + 1 }])
})

test('when counting began is told in version 2', () => {
  const counter = point('c', {}, { kind: 'counter' }, 1, { startTimeMs: 1000.5 })
  assert.equal(send([counter], { version: 2 }).series[0]?.samples?.[0]?.startTimestamp, 1000)
  assert.equal(
    send([point('e', {}, { kind: 'histogram' }, exponential, { startTimeMs: 7 })], { version: 2 }).series[0]?.histograms?.[0]
      ?.startTimestamp,
    7,
  )
})
