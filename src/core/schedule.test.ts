import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { atMost, exponential, withoutJitter } from './schedule.ts'

test('without jitter: first × factor^(attempt − 1), up to the cap', () => {
  const schedule = withoutJitter(1000, 5000)
  assert.deepEqual(
    [1, 2, 3, 4, 100].map((attempt) => schedule(attempt, Math.random)),
    [1000, 2000, 4000, 5000, 5000],
  )
})

test('with jitter: anywhere from 0 to that, never above the cap', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (attempt, random) => {
      const waitMs = exponential(100, 3000)(attempt, () => random)!
      assert.ok(waitMs >= 0 && waitMs <= Math.min(3000, 100 * 2 ** (attempt - 1)))
    }),
  )
})

test('gives up after so many retries', () => {
  const schedule = atMost(2, withoutJitter(1, 1))
  assert.deepEqual(
    [1, 2, 3].map((attempt) => schedule(attempt, Math.random)),
    [1, 1, undefined],
  )
})
