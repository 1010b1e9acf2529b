import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics, type Point, series } from '../../core/index.ts'
import { officialBytes } from './official.fixture.ts'
import { OtlpJsonDecoder, OtlpProtobufDecoder, OtlpProtobufEncoder } from './otlp.ts'

const fromJson = (request: unknown) => Buffer.from(JSON.stringify(request))
const inMetric = (metric: object) => ({ resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })

test('integers are numbers, and labels of any type are texts', () => {
  const attributes = [
    { key: 'n', value: { intValue: '9007199254740993' } },
    { key: 'b', value: { boolValue: true } },
    { key: 'd', value: { doubleValue: 0.5 } },
    { key: 'l', value: { arrayValue: { values: [{ stringValue: 'x' }, { intValue: 1 }] } } },
    { key: 'none' },
  ]
  const request = inMetric({ name: 'x', sum: { isMonotonic: true, dataPoints: [{ timeUnixNano: '1500000', asInt: '-7', attributes }] } })
  const labels = { n: '9007199254740993', b: 'true', d: '0.5', l: '["x",1]', none: '' }
  const expected: Point[] = [{ series: series('x', labels, { kind: 'counter' }), timeMs: 1.5, value: -7 }]
  assert.deepEqual(new OtlpProtobufDecoder('metrics').decode(officialBytes('metrics', request)).points, expected)
  assert.deepEqual(new OtlpJsonDecoder('metrics').decode(fromJson(request)).points, expected)
})

test('JSON: numbers for 64-bit integers, ids in capitals, unknown fields and null are all fine', () => {
  const spans = [
    {
      traceId: 'AB'.repeat(16),
      spanId: 'CD'.repeat(8),
      name: 'n',
      startTimeUnixNano: 5,
      endTimeUnixNano: '18446744073709551615',
      what: [1],
      kind: null,
    },
  ]
  assert.deepEqual(
    new OtlpJsonDecoder('traces').decode(fromJson({ resourceSpans: [{ scopeSpans: [{ spans }], resource_spans: 1 }] })).spans,
    [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), name: 'n', startTimeNs: 5n, endTimeNs: 2n ** 64n - 1n }],
  )
})

test('a log record without a time has that of its observation', () => {
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ observedTimeUnixNano: '7', eventName: 'e' }] }] }] }
  const expected = [{ timeNs: 7n, observedTimeNs: 7n, body: null, attributes: { 'event.name': 'e' } }]
  assert.deepEqual(new OtlpJsonDecoder('logs').decode(fromJson(request)).records, expected)
})

test('JSON that is no request is refused with its place', () => {
  const refused: [unknown, RegExp][] = [
    [[], /at \$: not an object/],
    [{ resourceMetrics: {} }, /at \$\.resourceMetrics: not an array/],
    [inMetric({ name: 7 }), /at \$\.resourceMetrics\[0\]\.scopeMetrics\[0\]\.metrics\[0\]\.name: not a text/],
    [inMetric({ gauge: { dataPoints: [{ timeUnixNano: '1.5' }] } }), /dataPoints\[0\]\.timeUnixNano: not a whole number/],
    [inMetric({ gauge: { dataPoints: [{ asDouble: 'much' }] } }), /asDouble: not a number/],
    [inMetric({ gauge: { dataPoints: [{ exemplars: [{ traceId: 'xyz' }] }] } }), /traceId: not bytes in hexadecimal/],
    [inMetric({ sum: { isMonotonic: 1 } }), /isMonotonic: not true or false/],
    [inMetric({ sum: { aggregationTemporality: 'DELTA' } }), /aggregationTemporality: not a whole number/],
    [inMetric({ histogram: { dataPoints: [{ bucketCounts: [1], explicitBounds: [1] }] } }), /1 buckets and 1 bounds/],
  ]
  const decoder = new OtlpJsonDecoder('metrics')
  for (const [request, told] of refused) assert.throws(() => decoder.decode(fromJson(request)), told)
  assert.throws(() => decoder.decode(Buffer.from('{"resourceMetrics":[')), SyntaxError)
})

test('values nested without end are refused, not followed', () => {
  let value: object = { stringValue: 'x' }
  for (let depth = 0; depth < 200; depth++) value = { arrayValue: { values: [value] } }
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: value }] }] }] }
  assert.throws(() => new OtlpJsonDecoder('logs').decode(fromJson(request)), /more than 100 messages within each other/)
  assert.throws(() => new OtlpProtobufDecoder('logs').decode(officialBytes('logs', request)), /more than 100 messages within each other/)
})

test('bytes that end too soon, at whatever place, are refused or a shorter request', () => {
  const of = series('cut', { label: 'x' }, { kind: 'counter', unit: 'By' })
  const bytes = new OtlpProtobufEncoder().encode(metrics([{ series: of, timeMs: 1, value: 1, exemplars: [{ value: 2 }] }]))
  const decoder = new OtlpProtobufDecoder('metrics')
  assert.equal(decoder.decode(bytes).points.length, 1)
  for (let length = 1; length < bytes.length; length++)
    assert.throws(() => decoder.decode(bytes.subarray(0, length)), /^Error: not a message of OTLP, at byte \d+: /)
})

test('bytes that are no request say why', () => {
  const decoder = new OtlpProtobufDecoder('metrics')
  const refused: [string, RegExp][] = [
    ['0800', /at byte 1: a field of wire type 0 where 2 is expected/],
    ['0000', /at byte 0: there is no field 0/],
    ['f607', /there is no wire type 6/],
    ['0affffffffffffffffffffff', /a number of more than ten bytes/],
    ['0a05', /a field goes beyond the end of its message/],
  ]
  for (const [hex, told] of refused) assert.throws(() => decoder.decode(Buffer.from(hex, 'hex')), told)
  assert.deepEqual(
    decoder.decode(Buffer.from('a00601a9060102030405060708b20600b5060a0b0c0d', 'hex')),
    metrics([]),
    'unknown fields of every type',
  )
})
