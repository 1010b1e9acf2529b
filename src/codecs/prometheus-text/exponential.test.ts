import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { ExponentialHistogram } from '../../core/index.ts'
import { atScale, explicit } from './exponential.ts'

const none = { offset: 0, counts: [] }

test('bounds are powers of the base, from below zero up', () => {
  const histogram = {
    count: 8,
    sum: 3,
    scale: 1,
    zeroCount: 1,
    zeroThreshold: 0.5,
    positive: { offset: 0, counts: [2, 3] },
    negative: { offset: 1, counts: [1, 1] },
  }
  assert.deepEqual(explicit(histogram), {
    count: 8,
    sum: 3,
    bounds: [-2, -Math.SQRT2, 0.5, 1, Math.SQRT2, 2],
    counts: [1, 1, 1, 0, 2, 3, 0],
  })
  assert.deepEqual(explicit({ count: 0, scale: 0, zeroCount: 0, positive: none, negative: none }), {
    count: 0,
    bounds: [0],
    counts: [0, 0],
  })
})

test('a lower scale puts neighbours together, also below index zero', () => {
  const histogram = { count: 5, scale: 1, zeroCount: 0, positive: { offset: -3, counts: [1, 1, 1, 1, 1] }, negative: none }
  assert.deepEqual(atScale(histogram, 0).positive, { offset: -2, counts: [1, 2, 2] })
  assert.deepEqual(atScale(histogram, -1).positive, { offset: -1, counts: [3, 2] })
})

test('whatever the buckets, few are left, bounds ascend, are finite, and no count is lost', () => {
  const buckets = fc.record({ offset: fc.integer({ min: -5000, max: 5000 }), counts: fc.array(fc.nat(100), { maxLength: 320 }) })
  const histogram = fc.record({
    scale: fc.integer({ min: -10, max: 20 }),
    zeroCount: fc.nat(10),
    positive: buckets,
    negative: fc.constant(none),
  })
  fc.assert(
    fc.property(histogram, (parts) => {
      const count = [...parts.positive.counts, parts.zeroCount].reduce((a, b) => a + b, 0)
      const { bounds, counts } = explicit({ ...parts, count } as ExponentialHistogram)
      assert.ok(bounds.length <= 42)
      assert.equal(counts.length, bounds.length + 1)
      assert.equal(
        counts.reduce((a, b) => a + b, 0),
        count,
      )
      for (const [index, bound] of bounds.entries()) assert.ok(Number.isFinite(bound) && (index === 0 || bound > bounds[index - 1]!))
    }),
  )
})
