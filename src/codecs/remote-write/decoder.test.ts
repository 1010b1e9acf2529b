import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ByteWriter, type Point } from '../../core/index.ts'
import { writeRequest } from './protobuf.fixture.ts'
import { RemoteWriteDecoder } from './remote-write.ts'
import { staleBits } from './wire-writer.ts'

const labels = (all: Record<string, string>) => Object.entries(all).map(([name, value]) => ({ name, value }))
const decode1 = (request: object, decoder = new RemoteWriteDecoder(1)) => decoder.decode(writeRequest(request, 1))
const decode2 = (symbols: readonly string[], ...timeseries: object[]) =>
  new RemoteWriteDecoder(2).decode(writeRequest({ symbols, timeseries }, 2))
const one = (name: string, more: object = {}) => ({ labels: labels({ __name__: name }), samples: [{ value: 1, timestamp: 1 }], ...more })
const shown = ({ series: { name, labels, kind, unit, help }, ...point }: Point) => ({
  name,
  ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  kind,
  ...(unit !== undefined && { unit }),
  ...(help !== undefined && { help }),
  ...point,
})

test('version 1: series, samples, times before 1970, labels that are empty or odd', () => {
  const { points, invalid, ...counts } = decode1({
    timeseries: [
      {
        labels: labels({ __name__: 'a:b', empty: '', 'é 日本': '"\n', constructor: 'x' }).concat({ name: '__proto__', value: 'y' }),
        samples: [
          { value: -0.5, timestamp: -1 },
          { value: 2, timestamp: 1_785_666_180_500 },
        ],
      },
      { labels: labels({ __name__: 'none' }) },
    ],
  })
  const all = Object.fromEntries([...Object.entries({ 'é 日本': '"\n', constructor: 'x' }), ['__proto__', 'y']])
  assert.deepEqual(points.map(shown), [
    { name: 'a:b', labels: all, kind: 'gauge', timeMs: -1, value: -0.5 },
    { name: 'a:b', labels: all, kind: 'gauge', timeMs: 1_785_666_180_500, value: 2 },
  ])
  assert.deepEqual([counts, invalid], [{ samples: 2, histograms: 0, exemplars: 0 }, undefined])
})

test('version 1: what was told of a metric is remembered for the requests after it', () => {
  const decoder = new RemoteWriteDecoder(1)
  const names = ['jobs_total', 'cpu_seconds_total', 'reads', 'load_ratio', 'size_bucket']
  const timeseries = names.map((name) => one(name))
  const metadata = [
    { type: 1, metricFamilyName: 'jobs_total', help: 'Jobs.' },
    { type: 1, metricFamilyName: 'cpu_seconds', unit: 'seconds' },
    { type: 1, metricFamilyName: 'reads', help: 'No name for a counter.', unit: 'bytes' },
    { type: 2, metricFamilyName: 'load_ratio', unit: 'ratio' },
    { type: 3, metricFamilyName: 'size', help: 'Sizes.' },
  ]
  assert.equal(decode1({ timeseries: [one('jobs_total')] }, decoder).points[0]?.series.kind, 'gauge')
  decode1({ metadata }, decoder)
  assert.deepEqual(
    decode1({ timeseries }, decoder).points.map((point) => [point.series.name, point.series.kind, point.series.unit, point.series.help]),
    [
      ['jobs_total', 'counter', undefined, 'Jobs.'],
      ['cpu_seconds_total', 'counter', 's', undefined],
      ['reads', 'gauge', undefined, 'No name for a counter.'],
      ['load_ratio', 'gauge', '1', undefined],
      ['size_bucket', 'gauge', undefined, 'Sizes.'],
    ],
  )
})

test('version 2: texts from the table, metadata with each series, the start of counting', () => {
  const { points } = decode2(
    ['', '__name__', 'c_total', 'help', 'k', 'v'],
    { labelsRefs: [1, 2, 4, 5], samples: [{ value: 1, timestamp: 5, startTimestamp: 3 }], metadata: { type: 1, helpRef: 3 } },
    {
      labelsRefs: [1, 2],
      samples: [
        { value: 2, timestamp: 6 },
        { value: 3, timestamp: 7, startTimestamp: 2 },
      ],
      createdTimestamp: 1,
    },
  )
  assert.deepEqual(points.map(shown), [
    { name: 'c_total', labels: { k: 'v' }, kind: 'counter', help: 'help', timeMs: 5, value: 1, startTimeMs: 3 },
    { name: 'c_total', kind: 'gauge', timeMs: 6, value: 2, startTimeMs: 1 },
    { name: 'c_total', kind: 'gauge', timeMs: 7, value: 3, startTimeMs: 2 },
  ])
})

test('the end of a series is told from any other NaN', () => {
  const bytes = Buffer.from(
    writeRequest(
      {
        timeseries: [
          one('a', {
            samples: [
              { value: 1.5, timestamp: 1 },
              { value: Number.NaN, timestamp: 2 },
            ],
          }),
        ],
      },
      1,
    ),
  )
  const at = bytes.indexOf(Buffer.of(0, 0, 0, 0, 0, 0, 0xf8, 0x3f))
  bytes.set(staleBits, at)
  const [ended, nan] = new RemoteWriteDecoder(1).decode(bytes).points
  assert.deepEqual([ended?.value, ended?.stale, nan?.value, nan?.stale], [Number.NaN, true, Number.NaN, undefined])
})

test('exemplars come to the last point of their series, wherever they stand; one without a point is not taken', () => {
  const exemplar = (value: number, more = {}) => ({ value, timestamp: 1, labels: labels({ trace_id: 't', span_id: 's', a: 'b', ...more }) })
  const { points, exemplars } = decode1({
    timeseries: [
      { labels: labels({ __name__: 'a' }), exemplars: [exemplar(1)] },
      one('a', {
        samples: [
          { value: 1, timestamp: 1 },
          { value: 2, timestamp: 2 },
        ],
      }),
      { labels: labels({ __name__: 'a' }), exemplars: [{ value: 2 }] },
      { labels: labels({ __name__: 'b' }), exemplars: [exemplar(3)] },
    ],
  })
  assert.deepEqual(
    points.map(({ exemplars }) => exemplars),
    [undefined, [{ value: 1, timeMs: 1, traceId: 't', spanId: 's', labels: { a: 'b' } }, { value: 2 }]],
  )
  assert.equal(exemplars, 2)
})

test('series that cannot be are counted, the others taken', () => {
  const { points, invalid, samples } = decode1({
    timeseries: [
      one('', { labels: labels({ a: 'b' }) }),
      one('a', { labels: labels({ __name__: 'a', b: '1' }).concat({ name: 'b', value: '2' }) }),
      one('c'),
    ],
  })
  assert.deepEqual([points.length, samples, invalid?.count, invalid?.error.message], [1, 1, 2, 'a series has no name: a label __name__'])
})

test('native histograms of every form', () => {
  const histogram = (fields: object) =>
    decode1({ timeseries: [{ labels: labels({ __name__: 'h' }), histograms: [{ timestamp: 1, ...fields }] }] }).points[0]!
  const none = { offset: 0, counts: [] }
  assert.deepEqual(
    shown(
      histogram({
        countInt: 8,
        sum: 3,
        schema: -1,
        zeroThreshold: 0.1,
        zeroCountInt: 1,
        positiveSpans: [
          { offset: -2, length: 2 },
          { offset: 2, length: 1 },
        ],
        positiveDeltas: [1, 2, -2],
        negativeSpans: [{ offset: 1, length: 1 }],
        negativeDeltas: [2],
      }),
    ),
    {
      name: 'h',
      kind: 'histogram',
      timeMs: 1,
      value: {
        count: 8,
        sum: 3,
        scale: -1,
        zeroCount: 1,
        zeroThreshold: 0.1,
        positive: { offset: -3, counts: [1, 3, 0, 0, 1] },
        negative: { offset: 0, counts: [2] },
      },
    },
  )
  assert.deepEqual(
    histogram({ countFloat: 1.5, sum: Number.NaN, zeroCountFloat: 0.5, positiveSpans: [{ offset: 1, length: 1 }], positiveCounts: [1] })
      .value,
    {
      count: 1.5,
      scale: 0,
      zeroCount: 0.5,
      zeroThreshold: 0,
      positive: { offset: 0, counts: [1] },
      negative: none,
    },
  )
  assert.deepEqual(
    histogram({ countInt: 3, sum: 2, schema: -53, customValues: [1, 2], positiveSpans: [{ offset: 1, length: 2 }], positiveDeltas: [1, 1] })
      .value,
    {
      count: 3,
      sum: 2,
      bounds: [1, 2],
      counts: [0, 1, 2],
    },
  )
})

test('what is no such request is refused, and says where', () => {
  const bytes = (write: (writer: ByteWriter) => void) => {
    const writer = new ByteWriter()
    write(writer)
    return writer.take()
  }
  for (const [garbage, message] of [
    [Buffer.from('hello'), /not the message expected, at byte \d+/],
    [Buffer.of(0x0a, 0x05, 0x0a), /at byte 2: field 1 goes beyond the end of its message/],
    [Buffer.of(0x08, 0x01), /at byte 1: field 1 is a varint, not a text or message/],
    [Buffer.of(0x00), /at byte 0: there is no field of that number/],
    [Buffer.of(0x80), /at byte 0: it ends within a number/],
    [Buffer.alloc(12, 0xff), /at byte 0: a number of more than ten bytes/],
    [Buffer.of(0x0b), /is a group/],
    [bytes((writer) => writer.bytes(Buffer.of(0x0a, 0x04, 0x12, 0x02, 0x09, 0x01))), /at byte 5: field 1 goes beyond/],
  ] as const)
    assert.throws(() => new RemoteWriteDecoder(1).decode(garbage), { name: 'Error', message })
  assert.throws(() => decode2(['', 'a'], { labelsRefs: [1, 2] }), /there is no symbol 2: there are 2/)
  const histogram = (fields: object) => decode1({ timeseries: [{ labels: labels({ __name__: 'h' }), histograms: [fields] }] })
  assert.throws(() => histogram({ schema: 9 }), /no histogram of schema 9/)
  assert.throws(() => histogram({ positiveSpans: [{ length: 2 }], positiveDeltas: [1] }), /1 counts for 2 buckets/)
  assert.throws(() => histogram({ positiveSpans: [{ length: 2 }, { offset: -1, length: 1 }], positiveDeltas: [1, 1, 1] }), /overlap/)
  assert.throws(
    () => histogram({ schema: -53, customValues: [1], positiveSpans: [{ length: 3 }], positiveDeltas: [1, 1, 1] }),
    /beyond its 1 bounds/,
  )
  assert.throws(() => histogram({ schema: -53, positiveSpans: [{ offset: -1, length: 1 }], positiveDeltas: [1] }), /beyond its 0 bounds/)
})

test('a request of a few bytes takes no memory that it has not paid for', () => {
  const wide = {
    schema: 0,
    positiveSpans: [
      { offset: 0, length: 1 },
      { offset: 3_000_000, length: 1 },
    ],
    positiveDeltas: [1, 0],
    timestamp: 1,
  }
  const request = (count: number) => ({ timeseries: [{ labels: labels({ __name__: 'h' }), histograms: Array(count).fill(wide) }] })
  assert.equal(decode1(request(1)).histograms, 1)
  assert.throws(() => decode1(request(2)), { name: 'RangeError', message: /too many buckets/ })
  const long = { labelsRefs: [1, 2, 3, 2], samples: [{ timestamp: 1 }] }
  assert.throws(() => decode2(['', '__name__', 'x'.repeat(10_000), 'l'], ...Array(1000).fill(long)), {
    name: 'RangeError',
    message: /labels are too long/,
  })
})
