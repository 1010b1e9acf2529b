/** Records of every kind that OTLP can hold, for property tests, and texts to compare them by. */
import { inspect } from 'node:util'
import fc from 'fast-check'
import {
  type Attributes,
  type AttributeValue,
  type ExponentialHistogram,
  type Histogram,
  type LogRecord,
  type Point,
  resource,
  type Span,
  type Summary,
  scope,
  series,
} from '../../core/index.ts'

const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())
const text = fc.string({ unit: character, maxLength: 6 })
const hex = (digits: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: digits, maxLength: digits })
const double = fc.double().map((value) => value + 0)
const count = fc.maxSafeNat()

/** Milliseconds, exact to the microsecond, up to the year 2096. */
const timeMs = fc.integer({ min: 1, max: 4e15 }).map((micros) => micros / 1000)
const timeNs = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n })

const { value } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    text,
    fc.maxSafeInteger(),
    double,
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 4 }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
}))
export const someAttributes: fc.Arbitrary<Attributes> = fc.dictionary(text, value, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
const labels = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true })

const resources = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom<AttributeValue>('x', 1, true), { minKeys: 1 }).map(resource)
const scopes = fc.tuple(fc.constantFrom('lib', 'other'), fc.constantFrom(undefined, '1.0')).map(([name, version]) => scope(name, version))
const origin = fc.record({ resource: resources, scope: scopes }, { requiredKeys: [] })

const exemplar = fc.record(
  { value: double, timeMs, traceId: hex(32), spanId: hex(16), attributes: someAttributes },
  { requiredKeys: ['value'] },
)
const extremes = { sum: double, min: double, max: double }
const histogram: fc.Arbitrary<Histogram> = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 })
  .chain((bounds) =>
    fc.record(
      {
        count,
        ...extremes,
        bounds: fc.constant(bounds.map((bound) => bound + 0).sort((a, b) => a - b)),
        counts: fc.array(count, { minLength: bounds.length + 1, maxLength: bounds.length + 1 }),
      },
      { requiredKeys: ['count', 'bounds', 'counts'] },
    ),
  )
const buckets = fc.record({ offset: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), counts: fc.array(count, { maxLength: 4 }) })
const exponential: fc.Arbitrary<ExponentialHistogram> = fc.record(
  {
    count,
    ...extremes,
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: count,
    zeroThreshold: fc.double({ min: 0.1, max: 1, noNaN: true }),
    positive: buckets,
    negative: buckets,
  },
  { requiredKeys: ['count', 'scale', 'zeroCount', 'positive', 'negative'] },
)
const summary: fc.Arbitrary<Summary> = fc.record({
  count,
  sum: double,
  quantiles: fc.array(fc.record({ quantile: fc.double({ min: 0, max: 1, noNaN: true }).map((q) => q + 0), value: double }), {
    maxLength: 3,
  }),
})

const temporality = fc.constantFrom<{ temporality?: 'delta' }>({}, { temporality: 'delta' })
const monotonic = fc.constantFrom<{ monotonic?: false }>({}, { monotonic: false })
const described = fc.oneof(
  fc.record({ describe: fc.constant({ kind: 'gauge' as const }), value: double }),
  fc.record({
    describe: fc.tuple(temporality, monotonic).map(([a, b]) => ({ kind: 'counter' as const, ...a, ...b })),
    value: double,
  }),
  fc.record({
    describe: temporality.map((a) => ({ kind: 'histogram' as const, ...a })),
    value: fc.oneof(histogram, exponential),
  }),
  fc.record({ describe: fc.constant({ kind: 'summary' as const }), value: summary }),
)

export const somePoint: fc.Arbitrary<Point> = fc
  .record({
    name: fc.constantFrom('cpu', 'memory', 'größe'),
    unit: fc.constantFrom({}, { unit: 'By' }),
    labels,
    origin,
    described,
    more: fc.record({ startTimeMs: timeMs, exemplars: fc.array(exemplar, { minLength: 1, maxLength: 2 }) }, { requiredKeys: [] }),
    stale: fc.boolean(),
    timeMs,
  })
  .map(({ name, unit, labels, origin, described: { describe, value }, more: { exemplars, ...start }, stale, timeMs }) => ({
    series: series(name, labels, { ...describe, ...unit, ...origin }),
    timeMs,
    value: stale ? Number.NaN : value,
    ...start,
    ...(exemplars && describe.kind !== 'summary' && { exemplars }),
    ...(stale && { stale }),
  }))

const link = fc.record(
  { traceId: hex(32), spanId: hex(16), traceState: fc.constant('a=b'), attributes: someAttributes },
  { requiredKeys: ['traceId', 'spanId'] },
)
const event = fc.record({ timeNs, name: text, attributes: someAttributes }, { requiredKeys: ['timeNs', 'name'] })
const status = fc.oneof(
  fc.constant({ code: 'ok' as const }),
  fc.record({ code: fc.constant('error' as const), message: fc.constantFrom('boom', 'é') }),
)

export const someSpan: fc.Arbitrary<Span> = fc
  .record(
    {
      traceId: hex(32),
      spanId: hex(16),
      parentSpanId: hex(16),
      traceState: fc.constant('a=b'),
      name: text,
      kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
      startTimeNs: timeNs,
      endTimeNs: timeNs,
      attributes: someAttributes,
      events: fc.array(event, { minLength: 1, maxLength: 2 }),
      links: fc.array(link, { minLength: 1, maxLength: 2 }),
      status,
      origin,
    },
    { requiredKeys: ['traceId', 'spanId', 'name', 'startTimeNs', 'endTimeNs', 'origin'] },
  )
  .map(({ origin, ...span }) => ({ ...span, ...origin }))

export const someLogRecord: fc.Arbitrary<LogRecord> = fc
  .record(
    {
      timeNs,
      observedTimeNs: timeNs,
      severityNumber: fc.integer({ min: 1, max: 24 }),
      severityText: fc.constantFrom('INFO', 'warn'),
      body: value,
      attributes: someAttributes,
      traceId: hex(32),
      spanId: hex(16),
      origin,
    },
    { requiredKeys: ['timeNs', 'body', 'origin'] },
  )
  .map(({ origin, ...record }) => ({ ...record, ...origin }))

/** A text for each record, in the order of texts, equal when all of it is: a bigint that a number holds is that number. */
export const texts = (records: readonly object[]): readonly string[] =>
  records.map((record) => inspect(plain(record), { depth: null, sorted: true, maxArrayLength: null, maxStringLength: null })).sort()

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Uint8Array) return [...value]
  if ('key' in value && 'slot' in value) return value.key
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}
