import { atScale } from '../../codecs/prometheus-text/exponential.ts'
import {
  type ExponentialBuckets,
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isHistogram,
  isSummary,
  type PointValue,
} from '../../sdk.ts'

/**
 * What has been counted in all, when `total` had been and `more` has come since. A distribution whose buckets cannot be put together
 * with those so far (other bounds, another form) begins anew, which Prometheus takes for a restart.
 */
export function accumulate(total: PointValue, more: PointValue): PointValue {
  if (typeof total === 'number' || typeof more === 'number')
    return typeof total === typeof more ? (total as number) + (more as number) : more
  if (isHistogram(total) && isHistogram(more)) return sameBounds(total, more) ? addHistograms(total, more) : more
  if (isExponentialHistogram(total) && isExponentialHistogram(more)) return addExponential(total, more)
  if (isSummary(total) && isSummary(more)) return { ...more, count: total.count + more.count, sum: total.sum + more.sum }
  return more
}

const sameBounds = (a: Histogram, b: Histogram): boolean =>
  a.bounds.length === b.bounds.length && a.bounds.every((bound, index) => bound === b.bounds[index])

const addHistograms = (a: Histogram, b: Histogram): Histogram => ({
  ...totals(a, b),
  bounds: b.bounds,
  counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)),
})

function addExponential(a: ExponentialHistogram, b: ExponentialHistogram): ExponentialHistogram {
  const scale = Math.min(a.scale, b.scale)
  const [one, other] = [atScale(a, scale), atScale(b, scale)]
  return {
    ...totals(a, b),
    scale,
    zeroCount: a.zeroCount + b.zeroCount,
    zeroThreshold: Math.max(a.zeroThreshold ?? 0, b.zeroThreshold ?? 0),
    positive: addBuckets(one.positive, other.positive),
    negative: addBuckets(one.negative, other.negative),
  }
}

function addBuckets(a: ExponentialBuckets, b: ExponentialBuckets): ExponentialBuckets {
  if (a.counts.length === 0) return b
  if (b.counts.length === 0) return a
  const offset = Math.min(a.offset, b.offset)
  const end = Math.max(a.offset + a.counts.length, b.offset + b.counts.length)
  const at = ({ offset: first, counts }: ExponentialBuckets, index: number) => counts[offset + index - first] ?? 0
  return { offset, counts: Array.from({ length: end - offset }, (_, index) => at(a, index) + at(b, index)) }
}

/** A sum is known only while each part has one. The least and the greatest are of a time, and are not kept. */
const totals = (a: Histogram | ExponentialHistogram, b: Histogram | ExponentialHistogram) => ({
  count: a.count + b.count,
  ...(a.sum !== undefined && b.sum !== undefined && { sum: a.sum + b.sum }),
})
