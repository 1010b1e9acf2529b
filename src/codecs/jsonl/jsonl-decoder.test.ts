import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, type Column, type Point, resource, scope, series } from '../../core/index.ts'
import { JsonLinesEncoder } from './jsonl.ts'
import { JsonLinesDecoder, type LineForm } from './jsonl-decoder.ts'

const encoder = new JsonLinesEncoder()
const formOf = (batch: Batch): LineForm => (batch.signal === 'rows' ? { signal: 'rows', table: batch.table } : { signal: batch.signal })
const thereAndBack = (batch: Batch) => new JsonLinesDecoder(formOf(batch)).decode(encoder.encode(batch))

const text = fc.string({ unit: fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed()), maxLength: 8 })
const notProto = text.filter((name) => name !== '__proto__')
const texts = fc.dictionary(notProto, text, { maxKeys: 3, noNullPrototype: true })
const plainNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
const anyNumber = fc.double().map((value) => (Object.is(value, -0) ? 0 : value))
const timeMs = fc.integer({ min: -1e15, max: 7e15 }).map((micros) => micros / 1000)
const timeNs = fc.bigInt({ min: -(10n ** 18n), max: 4n * 10n ** 18n })
const value = fc.letrec((tie) => ({
  attribute: fc.oneof(
    { maxDepth: 2 },
    text,
    plainNumber,
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array({ maxLength: 4 }).map((bytes) => new Uint8Array(bytes)),
    fc.array(tie('attribute'), { maxLength: 2 }),
    fc.dictionary(notProto, tie('attribute'), { maxKeys: 2, noNullPrototype: true }).filter((made) => !('base64' in made)),
  ),
})).attribute as fc.Arbitrary<never>
const attributes = fc.dictionary(notProto, value, { maxKeys: 3, noNullPrototype: true })
const optional = { requiredKeys: [] as [] }
const origin = fc
  .record({ resource: attributes.map(resource), scope: fc.tuple(text, text).map(([name, version]) => scope(name, version)) }, optional)
  .map((made) => ({ ...made }))
const ids = { traceId: text, spanId: text }

/** Objects as a person would write them: fast-check's have no prototype. */
const plain = <T>(arbitrary: fc.Arbitrary<T>) => arbitrary.map((made) => ({ ...made }))

const numbers = fc.array(anyNumber, { maxLength: 3 })
const totals = plain(fc.record({ sum: anyNumber, min: anyNumber, max: anyNumber }, optional))
const buckets = plain(fc.record({ offset: fc.integer(), counts: numbers }))
const pointValue: fc.Arbitrary<Point['value']> = fc.oneof(
  anyNumber,
  fc.tuple(totals, fc.array(fc.tuple(anyNumber, anyNumber), { maxLength: 3 }), fc.nat()).map(([rest, pairs, count]) => ({
    count,
    ...rest,
    bounds: pairs.map(([bound]) => bound),
    counts: [...pairs.map(([, counted]) => counted), 0],
  })),
  fc
    .tuple(totals, fc.integer(), buckets, buckets, fc.nat())
    .map(([rest, scale, positive, negative, count]) => ({ count, ...rest, scale, zeroCount: 1, positive, negative })),
  fc
    .tuple(fc.nat(), anyNumber, fc.array(plain(fc.record({ quantile: anyNumber, value: anyNumber })), { maxLength: 2 }))
    .map(([count, sum, quantiles]) => ({ count, sum, quantiles })),
)
const describe = plain(
  fc.record({ kind: fc.constantFrom('gauge', 'counter'), temporality: fc.constantFrom('cumulative', 'delta'), unit: text }, optional),
)
const exemplar = fc
  .tuple(anyNumber, plain(fc.record({ timeMs, traceId: text, labels: texts, attributes }, optional)))
  .map(([value, rest]) => ({ value, ...rest }))
const point = fc
  .tuple(
    text,
    texts,
    describe,
    origin,
    timeMs,
    pointValue,
    plain(fc.record({ startTimeMs: timeMs, stale: fc.constant(true as const), exemplars: fc.array(exemplar, { maxLength: 2 }) }, optional)),
  )
  .map(([name, labels, kind, from, at, value, rest]) => ({
    series: series(name, labels, { ...kind, ...from }),
    timeMs: at,
    value,
    ...rest,
  }))
const span = fc
  .tuple(
    plain(fc.record({ ...ids, name: text, startTimeNs: timeNs, endTimeNs: timeNs })),
    origin,
    plain(
      fc.record(
        {
          parentSpanId: text,
          traceState: text,
          kind: fc.constantFrom('server', 'client'),
          attributes,
          events: fc.array(plain(fc.record({ timeNs, name: text, attributes })), { maxLength: 2 }),
          links: fc.array(plain(fc.record({ ...ids, attributes })), { maxLength: 2 }),
          status: plain(fc.record({ code: fc.constantFrom('ok', 'error'), message: text })),
        },
        optional,
      ),
    ),
  )
  .map(([must, from, may]) => ({ ...must, ...may, ...from }))
const log = fc
  .tuple(
    plain(fc.record({ timeNs, body: value })),
    origin,
    plain(fc.record({ observedTimeNs: timeNs, severityNumber: fc.nat(24), severityText: text, attributes, ...ids }, optional)),
  )
  .map(([must, from, may]) => ({ ...must, ...may, ...from }))
const alert = fc
  .tuple(
    plain(
      fc.record({
        id: text,
        name: text,
        severity: fc.constantFrom('major', 'info'),
        status: fc.constantFrom('firing', 'resolved'),
        startsAtMs: timeMs,
        labels: texts,
      }),
    ),
    plain(fc.record({ endsAtMs: timeMs, annotations: texts }, optional)),
  )
  .map(([must, may]) => ({ ...must, ...may }))
const columns: readonly Column[] = (['string', 'int', 'real', 'bool', 'datetime', 'json'] as const).map((type) => ({
  name: `a ${type}`,
  type,
}))
const big = fc.bigInt({ min: 2n ** 54n, max: 2n ** 63n })
const row = fc.tuple(
  text,
  fc.oneof(
    fc.maxSafeInteger().map((n) => n + 0),
    big,
  ),
  anyNumber,
  fc.boolean(),
  timeMs,
  fc.constantFrom(null, { a: [1] }),
)
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 4 })
const batch = fc.oneof(
  some(point).map((points) => ({ signal: 'metrics', points })),
  some(span).map((spans) => ({ signal: 'traces', spans })),
  some(log).map((records) => ({ signal: 'logs', records })),
  some(alert).map((alerts) => ({ signal: 'alerts', alerts })),
  some(row).map((rows) => ({ signal: 'rows', table: { name: 't', columns }, rows })),
) as fc.Arbitrary<Batch>

test('any batch comes back as it was', () => {
  fc.assert(
    fc.property(batch, (before) => assert.deepEqual(thereAndBack(before), before)),
    { numRuns: Number(process.env.WAYBILL_RUNS ?? 300) },
  )
})

test('what the form does not keep is written the same again', () => {
  const attributes = { big: 2n ** 60n, none: Number.NaN, far: Number.POSITIVE_INFINITY }
  const before: Batch = { signal: 'logs', records: [{ timeNs: 1n, body: 2n ** 70n, attributes }] }
  assert.deepEqual(encoder.encode(thereAndBack(before)), encoder.encode(before))
})

test('a cell that does not fit its column stays as it is', () => {
  const form: LineForm = { signal: 'rows', table: { name: 't', columns } }
  const rows = [{ 'a datetime': 'soon', 'a real': 'much', 'a int': 'some', 'a string': 1, else: 2 }]
  assert.deepEqual(new JsonLinesDecoder(form).fromObjects(rows), { ...form, rows: [[1, 'some', 'much', null, 'soon', null]] })
})

test('a point and a log need no more than they are about', () => {
  const nowMs = 1500.25
  const decode = (signal: 'metrics' | 'logs', line: string) => new JsonLinesDecoder({ signal, nowMs }).decode(Buffer.from(line))
  assert.deepEqual(decode('metrics', '{"name":"x","value":1}'), {
    signal: 'metrics',
    points: [{ series: series('x'), timeMs: nowMs, value: 1 }],
  })
  assert.deepEqual(decode('logs', '\n{"body":"hello"}\r\n\n'), { signal: 'logs', records: [{ timeNs: 1_500_250_000n, body: 'hello' }] })
})

test('times: with another offset, as milliseconds, and to the nanosecond', () => {
  const decode = (time: unknown) => {
    const batch = new JsonLinesDecoder({ signal: 'logs' }).fromObjects([{ time, body: '' }])
    return batch.signal === 'logs' && batch.records[0]?.timeNs
  }
  assert.equal(decode('2026-11-21T02:02:03.5+01:00'), decode('2026-11-21T01:02:03.500Z'))
  assert.equal(decode('1970-01-01T00:00:00.000000001Z'), 1n)
  assert.equal(decode('1969-12-31T23:59:59.999999999Z'), -1n)
  assert.equal(decode(12.5), 12_500_000n)
})

test('what is wrong is told with its line and field', () => {
  const refused: readonly [LineForm['signal'], string, RegExp][] = [
    ['metrics', '{"name":"x","value":1,"time":1}\n{"name":', /^line 2: /],
    ['metrics', '\n[]', /^line 2: expected an object, not \[\]$/],
    ['metrics', '{"name":"x","time":1}', /^line 1: value: is missing$/],
    ['metrics', '{"name":"x","value":1}', /^line 1: time: is missing$/],
    ['metrics', '{"name":"x","value":"Infinity","time":1}', /^line 1: value: expected a number, not "Infinity"$/],
    ['metrics', '{"name":"x","value":1,"time":"2026-13-01T00:00:00Z"}', /^line 1: time: expected a time such as/],
    ['metrics', '{"name":"x","value":1,"time":1,"labels":{"a":1}}', /^line 1: labels: a: expected a string, not 1$/],
    [
      'metrics',
      '{"name":"x","value":{"count":1,"bounds":[1],"counts":[1]},"time":1}',
      /^line 1: value: expected 2 counts for 1 bounds, not 1$/,
    ],
    ['alerts', '{"id":"i","name":"n","severity":"bad"}', /^line 1: severity: expected one of critical, .*, not "bad"$/],
    [
      'traces',
      '{"traceId":"a","spanId":"b","name":"n","startTime":1,"endTime":2,"events":[{"time":1}]}',
      /^line 1: events: 0: name: is missing$/,
    ],
    ['logs', '\xff', /^line 1: /],
  ]
  for (const [signal, line, message] of refused)
    assert.throws(() => new JsonLinesDecoder({ signal } as LineForm).decode(Buffer.from(line, 'latin1')), { message }, line)
})

test('whatever comes, it is a batch or an Error', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('metrics', 'traces', 'logs', 'alerts'), (json, signal) => {
      try {
        assert.equal(new JsonLinesDecoder({ signal }).decode(Buffer.from(json)).signal, signal)
      } catch (thrown) {
        assert.match((thrown as Error).message, /^line 1: /)
      }
    }),
  )
})
