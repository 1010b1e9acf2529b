import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LatencyHistogram } from './latency-histogram.ts'

/** Spread evenly over the orders of magnitude, from a microsecond to an hour. */
const duration = fc.double({ min: Math.log(0.001), max: Math.log(3_600_000), noNaN: true }).map((log) => Math.min(3_600_000, Math.exp(log)))
const durations = fc.array(duration, { minLength: 1, maxLength: 300 })

const histogramOf = (values: readonly number[]) => {
  const histogram = new LatencyHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}

test('003-44 a percentile is within 5 % of the exact one', () => {
  fc.assert(
    fc.property(durations, fc.double({ min: 0, max: 100, noNaN: true }), (values, percent) => {
      const sorted = values.toSorted((a, b) => a - b)
      const exact = sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length)) - 1]!
      const told = histogramOf(values).percentile(percent)
      assert.ok(Math.abs(told - exact) <= exact * 0.05, `${told} instead of ${exact}`)
    }),
    { numRuns: 1000 },
  )
})

test('count and max are exact', () => {
  fc.assert(
    fc.property(durations, (values) => {
      const { count, sum, max } = histogramOf(values)
      assert.deepEqual({ count, max }, { count: values.length, max: Math.max(...values) })
      assert.equal(
        sum,
        values.reduce((a, b) => a + b, 0),
      )
    }),
  )
})

test('merging is recording both', () => {
  fc.assert(
    fc.property(durations, durations, fc.integer({ min: 0, max: 100 }), (some, more, percent) => {
      const merged = histogramOf(some)
      merged.merge(histogramOf(more))
      const both = histogramOf([...some, ...more])
      assert.equal(merged.percentile(percent), both.percentile(percent))
      assert.deepEqual([merged.count, merged.max], [both.count, both.max])
    }),
  )
})

test('nothing recorded, and nothing left after clear, is 0', () => {
  const histogram = histogramOf([1, 2])
  histogram.clear()
  for (const empty of [histogram, new LatencyHistogram()])
    assert.deepEqual([empty.percentile(95), empty.count, empty.sum, empty.max], [0, 0, 0, 0])
})

test('what is out of range is counted at its end', () => {
  const histogram = histogramOf([0, 1e-6, 7_200_000])
  assert.ok(histogram.percentile(50) < 0.0011)
  assert.equal(histogram.max, 7_200_000)
  assert.equal(histogram.count, 3)
})
