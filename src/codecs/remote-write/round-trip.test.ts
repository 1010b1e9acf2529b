import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExponentialBuckets, metrics, type Point, type PointValue, series } from '../../core/index.ts'
import { character } from '../../testing/character.fixture.ts'
import { requestTypes } from './protobuf.fixture.ts'
import { RemoteWriteDecoder, RemoteWriteEncoder } from './remote-write.ts'

const plain = { noNullPrototype: true }
/** `le` is a name that histograms keep for themselves. */
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((name) => name !== 'le')
const time = fc.oneof(fc.integer({ min: -1e15, max: 1e15 }), fc.integer({ min: 1_600_000_000_000, max: 1_900_000_000_000 }))
const counts = fc.array(fc.oneof(fc.constant(0), fc.nat(), fc.integer({ min: 0, max: 2 ** 51 })), { maxLength: 20 })
/** As they come back: nothing is kept of empty buckets at the ends. */
const buckets = fc.tuple(fc.integer({ min: -300, max: 300 }), counts).map(([offset, counts]): ExponentialBuckets => {
  const first = counts.findIndex((count) => count !== 0)
  const end = counts.findLastIndex((count) => count !== 0) + 1
  return first < 0 ? { offset: 0, counts: [] } : { offset: offset + first, counts: counts.slice(first, end) }
})
const finite = fc.double({ noNaN: true })
const histogram = fc.record(
  {
    count: fc.nat(),
    sum: finite,
    scale: fc.integer({ min: -4, max: 8 }),
    zeroCount: fc.nat(),
    zeroThreshold: fc.double({ min: 0, max: 1, noNaN: true }),
    positive: buckets,
    negative: buckets,
  },
  plain,
)
const exemplars = fc.array(
  fc.record({ value: finite, timeMs: fc.integer({ min: 1, max: 1e15 }), traceId: fc.stringMatching(/^[0-9a-f]{32}$/) }, plain),
  { maxLength: 2 },
)

interface Given {
  readonly labels: Record<string, string>
  readonly timeMs: number
  readonly startTimeMs: number
  readonly value: PointValue | undefined
  readonly exemplars: NonNullable<Point['exemplars']>
}

const given = fc.record(
  {
    labels: fc.dictionary(name, fc.string({ minLength: 1, unit: character }), { maxKeys: 4 }),
    timeMs: time,
    startTimeMs: fc.integer({ min: 1, max: 1e15 }),
    value: fc.oneof(fc.double(), histogram, fc.constant(undefined)),
    exemplars,
  },
  plain,
)

/** A series of its own for each, which has its number in the name. */
function pointOf({ labels, timeMs, startTimeMs, value, exemplars }: Given, index: number): Point {
  const kind = typeof value === 'object' ? 'histogram' : value === undefined ? 'gauge' : 'counter'
  const sorted = exemplars.toSorted((a, b) => a.timeMs! - b.timeMs!)
  return {
    series: series(kind === 'counter' ? `m${index}_total` : `m${index}`, labels, { kind, help: 'h' }),
    timeMs,
    value: value ?? Number.NaN,
    ...(kind !== 'gauge' && { startTimeMs }),
    ...(value === undefined && { stale: true as const }),
    ...(kind !== 'gauge' && sorted.length > 0 && { exemplars: sorted }),
  }
}

const told = ({ series: { name, labels, kind }, ...point }: Point) => ({ name, labels, kind, ...point })

test('version 2: what was written is read back, every bit of it', () => {
  const [encoder, decoder] = [new RemoteWriteEncoder({ version: 2 }), new RemoteWriteDecoder(2)]
  fc.assert(
    fc.property(fc.array(given, { maxLength: 8 }), (all) => {
      const points = all.map(pointOf)
      const decoded = decoder.decode(encoder.encode(metrics(points)))
      assert.deepEqual(decoded.points.map(told), points.map(told))
      assert.equal(decoded.invalid, undefined)
    }),
  )
})

test('version 1: the same, but for the start of counting', () => {
  const encoder = new RemoteWriteEncoder({ nativeHistograms: true })
  fc.assert(
    fc.property(fc.array(given, { maxLength: 8 }), (all) => {
      const points = all.map(pointOf)
      const decoded = new RemoteWriteDecoder(1).decode(encoder.encode(metrics(points)))
      assert.deepEqual(
        decoded.points.map(told),
        points.map(({ startTimeMs, ...point }) => told(point)),
      )
    }),
  )
})

test('what protobufjs makes of it, its fields in another order and its numbers one by one, means the same', () => {
  fc.assert(
    fc.property(fc.array(given, { minLength: 1, maxLength: 4 }), (all) => {
      // The bits of a NaN are lost on protobufjs.
      const points = all.filter(({ value }) => value !== undefined).map(pointOf)
      const encoded = new RemoteWriteEncoder({ version: 2 }).encode(metrics(points))
      const decoder = new RemoteWriteDecoder(2)
      const again = requestTypes[2].encode(requestTypes[2].decode(encoded)).finish()
      assert.deepEqual(decoder.decode(again).points.map(told), decoder.decode(encoded).points.map(told))
    }),
  )
})

test('no bytes at all make a decoder do anything but answer or refuse', () => {
  const whole = new RemoteWriteEncoder({ version: 2 }).encode(
    metrics([pointOf({ labels: { a: 'b' }, timeMs: 1, startTimeMs: 1, value: 1, exemplars: [] }, 0)]),
  )
  const broken = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => whole.with(at, byte))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), broken), fc.constantFrom(1 as const, 2 as const), (bytes, version) => {
      try {
        new RemoteWriteDecoder(version).decode(bytes)
      } catch (error) {
        assert.match(String(error), /^(Range)?Error: (not the message|there is no|a histogram|the buckets|its )/)
      }
    }),
  )
})
