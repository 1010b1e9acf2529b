import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExponentialHistogram } from '../../sdk.ts'
import { accumulate } from './accumulate.ts'

test('numbers and summaries add up', () => {
  assert.equal(accumulate(3, 4), 7)
  const quantiles = [{ quantile: 0.5, value: 2 }]
  assert.deepEqual(accumulate({ count: 1, sum: 2, quantiles: [] }, { count: 3, sum: 4, quantiles }), { count: 4, sum: 6, quantiles })
})

test('histograms of the same bounds add up; a sum is known while all parts have one', () => {
  const one = { count: 3, sum: 2, min: 0, max: 1, bounds: [1], counts: [2, 1] }
  const other = { count: 1, bounds: [1], counts: [0, 1] }
  assert.deepEqual(accumulate(one, one), { count: 6, sum: 4, bounds: [1], counts: [4, 2] })
  assert.deepEqual(accumulate(one, other), { count: 4, bounds: [1], counts: [2, 2] })
})

test('exponential histograms add up at the lower scale, wherever their buckets are', () => {
  const none = { offset: 0, counts: [] }
  const fine: ExponentialHistogram = { count: 4, sum: 9, scale: 1, zeroCount: 1, positive: { offset: 2, counts: [1, 2] }, negative: none }
  const coarse: ExponentialHistogram = {
    count: 2,
    sum: 1,
    scale: 0,
    zeroCount: 0,
    zeroThreshold: 0.1,
    positive: { offset: -1, counts: [1] },
    negative: { offset: 3, counts: [1] },
  }
  const sum = {
    count: 6,
    sum: 10,
    scale: 0,
    zeroCount: 1,
    zeroThreshold: 0.1,
    positive: { offset: -1, counts: [1, 0, 3] },
    negative: { offset: 3, counts: [1] },
  }
  assert.deepEqual(accumulate(fine, coarse), sum)
  assert.deepEqual(accumulate(coarse, fine), sum)
})

test('what cannot be put together begins anew', () => {
  const buckets = { count: 1, bounds: [1], counts: [1, 0] }
  const others = { count: 2, bounds: [2], counts: [1, 1] }
  assert.equal(accumulate(buckets, others), others)
  assert.equal(accumulate(5, buckets), buckets)
})
