import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Concurrency } from './concurrency.ts'

/** So many exports one after another, each as long. */
function ended(
  it: Concurrency,
  count: number,
  { tookMs, outcome = 'taken', fromMs = 0 }: { tookMs: number; outcome?: 'taken' | 'failed'; fromMs?: number },
) {
  for (let n = 0; n < count; n++) it.ended(outcome, { startMs: fromMs + n * tookMs, endMs: fromMs + (n + 1) * tookMs })
}

test('begins with one, and each round that is taken in the usual time allows one more, up to the most', () => {
  const it = new Concurrency(4)
  const seen = [it.limit]
  for (let n = 0; n < 12; n++) {
    ended(it, 1, { tookMs: 10, fromMs: n * 10 })
    seen.push(it.limit)
  }
  assert.deepEqual(seen, [1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4])
})

test('a failure halves it, once for all that ran at the time', () => {
  const it = new Concurrency(8)
  ended(it, 100, { tookMs: 10 })
  assert.equal(it.limit, 8)
  for (let n = 0; n < 8; n++) it.ended('failed', { startMs: 1000, endMs: 1010 + n })
  assert.equal(it.limit, 4)
  it.ended('failed', { startMs: 1020, endMs: 1030 })
  assert.equal(it.limit, 2)
})

test('an export that takes more than twice as long as usual makes it three quarters; what is slow for good becomes usual', () => {
  const it = new Concurrency(8)
  ended(it, 100, { tookMs: 10 })
  it.ended('taken', { startMs: 1000, endMs: 1100 })
  assert.equal(it.limit, 6)
  ended(it, 200, { tookMs: 100, fromMs: 2000 })
  assert.equal(it.limit, 8)
})

test('is from 1 to the most, whatever happens', () => {
  const event = fc.record({ outcome: fc.constantFrom('taken' as const, 'failed' as const), startMs: fc.nat(1e6), tookMs: fc.nat(1e5) })
  fc.assert(
    fc.property(fc.array(event), fc.integer({ min: 1, max: 16 }), (events, most) => {
      const it = new Concurrency(most)
      for (const { outcome, startMs, tookMs } of events) {
        it.ended(outcome, { startMs, endMs: startMs + tookMs })
        assert.ok(it.limit >= 1 && it.limit <= most)
      }
    }),
  )
})
