import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { character } from '../../testing/character.fixture.ts'
import { resource, scope } from '../attributes.ts'
import { type Batch, metrics } from '../batch.ts'
import type { Point } from '../point.ts'
import { series } from '../series.ts'
import { decodeBatch, encodeBatch } from './batch-codec.ts'
import { BatchDictionary } from './dictionary.ts'

const anyText = fc.string({ unit: character })
const finite = fc.double({ noNaN: true })
const attributeValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.oneof(anyText, fc.double(), fc.bigInt(), fc.boolean(), fc.uint8Array(), fc.constant(null)),
    fc.array(tie('value')),
    fc.dictionary(anyText, tie('value'), { noNullPrototype: true }),
  ),
})).value
const attributes = fc.dictionary(anyText, attributeValue, { noNullPrototype: true, maxKeys: 3 }) as fc.Arbitrary<Record<string, string>>
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
/** A plain object without what is undefined. */
const defined = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T

const someSeries = fc
  .record({
    name: fc.constantFrom('cpu', 'disk', 'é'),
    labels: fc.dictionary(anyText, anyText, { noNullPrototype: true, maxKeys: 3 }),
    kind: fc.constantFrom('gauge' as const, 'counter' as const),
    unit: optional(anyText),
    monotonic: optional(fc.boolean()),
    resource: optional(attributes.map((value) => resource(value))),
    scope: optional(fc.tuple(anyText, optional(anyText)).map(([name, version]) => scope(name, version))),
  })
  .map(({ name, labels, ...describe }) => series(name, labels, defined(describe) as object))
const histogram = fc.record({ count: fc.nat(), sum: finite, bounds: fc.array(finite), counts: fc.array(fc.nat()) }).map(defined)
const point = fc
  .record({
    series: someSeries,
    timeMs: fc.oneof(fc.constant(1_750_693_377_593.887), finite),
    value: fc.oneof(fc.double(), histogram),
    startTimeMs: optional(fc.oneof(fc.constant(5), finite)),
    exemplars: optional(fc.array(fc.record({ value: finite, traceId: anyText }).map(defined))),
    stale: optional(fc.constant(true as const)),
  })
  .map(defined) as fc.Arbitrary<Point>
const ns = fc.bigInt({ min: 0n, max: 2n ** 63n })
const someResource = optional(attributes.map((value) => resource(value)))
const span = fc
  .record({
    traceId: anyText,
    spanId: anyText,
    name: anyText,
    startTimeNs: ns,
    endTimeNs: ns,
    attributes: optional(attributes),
    resource: someResource,
  })
  .map(defined)
const logRecord = fc.record({ timeNs: ns, body: attributeValue, attributes: optional(attributes), resource: someResource }).map(defined)
const alert = fc
  .record({
    id: anyText,
    name: anyText,
    severity: fc.constant('info'),
    status: fc.constant('firing'),
    startsAtMs: fc.nat(),
    labels: attributes,
  })
  .map(defined)
const table = { name: 'costs', columns: [{ name: 'cost', type: 'real' }] } as const

const anyBatch = fc.oneof(
  fc.array(point).map(metrics),
  fc.array(span).map((spans) => ({ signal: 'traces', spans })),
  fc.array(logRecord).map((records) => ({ signal: 'logs', records })),
  fc.array(alert).map((alerts) => ({ signal: 'alerts', alerts })),
  fc.array(fc.tuple(attributeValue)).map((rows) => ({ signal: 'rows', table, rows })),
) as fc.Arbitrary<Batch>

test('what is decoded is what was encoded, to the last bit, and of the same interned series', () => {
  fc.assert(
    fc.property(anyBatch, (batch) => {
      const decoded = decodeBatch(encodeBatch(batch))
      assert.deepEqual(decoded, batch)
      if (batch.signal === 'metrics' && decoded.signal === 'metrics')
        for (const [index, { series }] of batch.points.entries()) assert.equal(decoded.points[index]!.series, series)
    }),
  )
})

test('with a dictionary what is shared is written once, and a reader that was given it reads the rest', () => {
  fc.assert(
    fc.property(fc.array(anyBatch, { maxLength: 4 }), (batches) => {
      const written = new BatchDictionary()
      const encoded = batches.map((batch) => ({ bytes: encodeBatch(batch, written), added: written.takeAdded() }))
      const read = new BatchDictionary()
      const decoded = encoded.map(({ bytes, added }) => {
        if (added) read.add(added)
        return decodeBatch(bytes, read)
      })
      assert.deepEqual(decoded, batches)
    }),
  )
})

test('a point of a series that is known takes about a dozen bytes', () => {
  const points = Array.from({ length: 1000 }, (_, n) => ({
    series: series('size', { n: String(n % 100) }),
    timeMs: 1_750_693_377_593,
    value: n + 0.1,
  }))
  const dictionary = new BatchDictionary()
  encodeBatch(metrics(points), dictionary)
  assert.ok(dictionary.takeAdded()!.length > 1000)
  assert.ok(encodeBatch(metrics(points), dictionary).length < 12_000)
  assert.equal(dictionary.takeAdded(), undefined)
})

test('bytes that are cut or changed anywhere give an error or another batch, never anything else', () => {
  const batch = metrics([{ series: series('a', { b: 'c' }), timeMs: 1, value: 2, exemplars: [{ value: 1, labels: { x: 'y' } }] }])
  const bytes = encodeBatch(batch)
  for (let length = 0; length < bytes.length; length++) assert.throws(() => decodeBatch(bytes.subarray(0, length)), RangeError)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
      const changed = bytes.slice()
      changed[at] = byte
      try {
        decodeBatch(changed)
      } catch (thrown) {
        assert.ok(thrown instanceof Error)
      }
    }),
  )
})
