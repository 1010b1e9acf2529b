import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExponentialBuckets, ExponentialHistogram, Histogram, Summary } from '../../core/index.ts'
import { subtract } from './subtract.ts'

const histogram = (counts: readonly number[], more: Partial<Histogram> = {}): Histogram => ({
  count: counts.reduce((sum, count) => sum + count, 0),
  bounds: [1, 2],
  counts,
  ...more,
})

test('histograms: by bucket, the sum where both have one, without the least and the greatest', () => {
  const [before, after] = [histogram([1, 2, 3], { sum: 9, min: 0, max: 5 }), histogram([2, 2, 5], { sum: 19, min: 0, max: 6 })]
  assert.deepEqual(subtract(after, before), { count: 3, sum: 10, bounds: [1, 2], counts: [1, 0, 2] })
  assert.deepEqual(subtract(after, histogram([1, 2, 3])), { count: 3, bounds: [1, 2], counts: [1, 0, 2] })
  assert.equal(subtract(before, after), undefined)
  assert.equal(subtract(histogram([0, 5, 5]), before), undefined)
  assert.equal(subtract(histogram([2, 2, 5], { bounds: [1, 3] }), before), undefined)
  assert.equal(subtract(histogram([2, 2], { bounds: [1] }), before), undefined)
})

const none: ExponentialBuckets = { offset: 0, counts: [] }
const exponential = (scale: number, positive: ExponentialBuckets, more: Partial<ExponentialHistogram> = {}): ExponentialHistogram => ({
  count: positive.counts.reduce((sum, count) => sum + count, 0),
  scale,
  zeroCount: 0,
  positive,
  negative: none,
  ...more,
})

test('exponential histograms: also where the buckets have become wider, or there are more of them', () => {
  const before = exponential(1, { offset: -3, counts: [1, 2, 3, 4] })
  const after = exponential(0, { offset: -3, counts: [1, 3, 7, 5] }, { zeroCount: 2, sum: 3, negative: { offset: 4, counts: [1] } })
  // At scale 0 the indexes -3 to 0 of before are -2, -1, -1 and 0.
  assert.deepEqual(subtract(after, before), {
    count: 6,
    scale: 0,
    zeroCount: 2,
    positive: { offset: -3, counts: [1, 2, 2, 1] },
    negative: { offset: 4, counts: [1] },
  })
  assert.equal(subtract(before, after), undefined)
  assert.equal(subtract(exponential(1, { offset: 0, counts: [40] }), before), undefined)
  const begun = subtract(exponential(0, { offset: 2, counts: [3] }), exponential(0, none)) as ExponentialHistogram
  assert.deepEqual(begun.positive, { offset: 2, counts: [3] })
})

test('summaries: count and sum, and the quantiles as they are; nothing where the form has changed', () => {
  const summary = (count: number, sum: number): Summary => ({ count, sum, quantiles: [{ quantile: 0.5, value: sum }] })
  assert.deepEqual(subtract(summary(5, 9), summary(3, 10)), { count: 2, sum: -1, quantiles: [{ quantile: 0.5, value: 9 }] })
  assert.equal(subtract(summary(3, 9), summary(5, 9)), undefined)
  assert.equal(subtract(histogram([1, 1, 1]), summary(1, 1)), undefined)
  assert.equal(subtract(5, summary(1, 1)), undefined)
  assert.equal(subtract(summary(1, 1), 5), undefined)
})
