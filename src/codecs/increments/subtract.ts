import {
  type ExponentialBuckets,
  type ExponentialHistogram,
  isExponentialHistogram,
  isHistogram,
  isSummary,
  type PointValue,
} from '../../core/index.ts'

/**
 * What has been counted from `before` to `after`; undefined where that cannot be told from them: something is less than it was, or the
 * buckets are others, so counting has begun anew. The least and the greatest are of all time, and are left out.
 */
export function subtract(after: PointValue, before: PointValue): PointValue | undefined {
  const difference = differenceOf(after, before)
  return difference !== undefined && isCount(difference) ? difference : undefined
}

function differenceOf(after: PointValue, before: PointValue): PointValue | undefined {
  if (typeof after === 'number') return typeof before === 'number' ? after - before : undefined
  if (typeof before === 'number') return undefined
  const count = after.count - before.count
  if (isHistogram(after) && isHistogram(before)) {
    if (after.bounds.length !== before.bounds.length || after.bounds.some((bound, at) => bound !== before.bounds[at])) return undefined
    return { count, ...sumOf(after, before), bounds: after.bounds, counts: after.counts.map((each, at) => each - before.counts[at]!) }
  }
  if (isExponentialHistogram(after) && isExponentialHistogram(before)) {
    // The scale only ever becomes coarser while counting goes on.
    if (after.scale > before.scale) return undefined
    const shift = before.scale - after.scale
    return {
      count,
      ...sumOf(after, before),
      scale: after.scale,
      zeroCount: after.zeroCount - before.zeroCount,
      ...(after.zeroThreshold !== undefined && { zeroThreshold: after.zeroThreshold }),
      positive: bucketsBetween(after.positive, before.positive, shift),
      negative: bucketsBetween(after.negative, before.negative, shift),
    }
  }
  if (isSummary(after) && isSummary(before)) return { ...after, count, sum: after.sum - before.sum }
  return undefined
}

type Sum = { readonly sum?: number }

const sumOf = (after: Sum, before: Sum): Sum => (after.sum === undefined || before.sum === undefined ? {} : { sum: after.sum - before.sum })

/** A bucket of `before` lies in the one of `after` whose index is its own without the last `shift` bits. */
function bucketsBetween(after: ExponentialBuckets, before: ExponentialBuckets, shift: number): ExponentialBuckets {
  const indexes = before.counts.map((_, at) => (before.offset + at) >> shift)
  // Where there were buckets that there are no more, a count below zero tells.
  const offset = Math.min(after.offset, ...indexes.slice(0, 1))
  const end = Math.max(after.offset + after.counts.length, ...indexes.slice(-1).map((index) => index + 1))
  const counts = Array.from({ length: end - offset }, (_, at) => after.counts[offset + at - after.offset] ?? 0)
  for (const [at, index] of indexes.entries()) counts[index - offset]! -= before.counts[at]!
  return { offset, counts }
}

/** Nothing of it is less than nothing. A sum may be: of negative measurements. */
function isCount(value: PointValue): boolean {
  if (typeof value === 'number') return value >= 0
  if (value.count < 0) return false
  if (isHistogram(value)) return value.counts.every((count) => count >= 0)
  if (isSummary(value)) return true
  const { zeroCount, positive, negative }: ExponentialHistogram = value
  return zeroCount >= 0 && [...positive.counts, ...negative.counts].every((count) => count >= 0)
}
