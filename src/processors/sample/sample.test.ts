import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, createContext, recordsOf, type TracesBatch } from '../../sdk.ts'
import { createTestHost, samplePoints } from '../../testing/index.ts'
import plugin, { SampleProcessor } from './sample.ts'

const context = createContext()

const span = (traceId: string, spanId = '0'.repeat(16)) => ({ traceId, spanId, name: 'GET', startTimeNs: 0n, endTimeNs: 1n })
const traces = (...ids: string[]): TracesBatch => ({ signal: 'traces', spans: ids.map((id) => span(id)) })
const isKept = (rate: number, traceId: string) => recordsOf(new SampleProcessor({ rate }).process(traces(traceId), context)).length === 1

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length })
const rate = fc.double({ min: 0, max: 1, noNaN: true })

test('a trace is kept when its last 56 bits reach the threshold of OpenTelemetry', () => {
  // (1 - rate) · 2^56 in hexadecimal.
  for (const [rate, threshold, below] of [
    [0.5, '80000000000000', '7fffffffffffff'],
    [0.25, 'c0000000000000', 'bfffffffffffff'],
    [0.01, 'fd70a3d70a3d71', 'fd70a3d70a3d70'],
    [2 ** -56, 'ffffffffffffff', 'fffffffffffffe'],
  ] as const) {
    assert.equal(isKept(rate, '0'.repeat(18) + threshold), true)
    assert.equal(isKept(rate, 'f'.repeat(18) + below), false)
  }
})

test('rate 0 keeps nothing, rate 1 everything', () => {
  fc.assert(
    fc.property(hex(32), (traceId) => {
      assert.equal(isKept(0, traceId), false)
      assert.equal(isKept(1, traceId), true)
    }),
  )
  const random = () => 0.999
  assert.equal(recordsOf(new SampleProcessor({ rate: 0 }).process(samplePoints(3, 'a'), createContext({ random: () => 0 }))).length, 0)
  assert.equal(recordsOf(new SampleProcessor({ rate: 1 }).process(samplePoints(3, 'a'), createContext({ random }))).length, 3)
})

test('every agent decides alike, whatever comes before the 56 bits, and a higher rate keeps what a lower one does', () => {
  fc.assert(
    fc.property(hex(18), hex(18), hex(14), rate, rate, (one, other, last, a, b) => {
      assert.equal(isKept(a, one + last), isKept(a, other + last))
      assert.ok(!isKept(Math.min(a, b), one + last) || isKept(Math.max(a, b), one + last))
    }),
  )
})

test('of random traces it keeps the share that was asked for', () => {
  let state = 1
  const next = () => (state = (state * 48_271) % 2_147_483_647)
  const ids = Array.from({ length: 20_000 }, () => `${'0'.repeat(18)}${(next() * 2 ** 25).toString(16).padStart(14, '0')}`)
  const kept = recordsOf(new SampleProcessor({ rate: 0.2 }).process(traces(...ids), context)).length
  assert.ok(Math.abs(kept / ids.length - 0.2) < 0.01, `${kept} of ${ids.length}`)
})

test('other records are drawn each by itself', () => {
  const drawn = [0.1, 0.3, 0.29, 0.9]
  const batch = samplePoints(4, 'drawn')
  const left = new SampleProcessor({ rate: 0.3 }).process(batch, createContext({ random: () => drawn.shift()! }))
  assert.deepEqual(recordsOf(left), [batch.points[0], batch.points[2]])
  const logs: Batch = { signal: 'logs', records: [{ timeNs: 0n, body: '', traceId: 'f'.repeat(32) }] }
  assert.equal(recordsOf(new SampleProcessor({ rate: 0.5 }).process(logs, createContext({ random: () => 0.7 }))).length, 0)
})

test('a rate that is none is refused, in code and as a plugin', () => {
  assert.throws(() => new SampleProcessor({ rate: 1.5 }), { code: 'INVALID_OPTION' })
  assert.throws(() => plugin.config!.parse({}), /rate/)
  const made = plugin.create({ name: 's', config: plugin.config!.parse({ rate: 0 }) as never, host: createTestHost() })
  assert.equal(recordsOf(made.process(traces('f'.repeat(32)), context) as Batch).length, 0)
})
