import {
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isSummary,
  type PointValue,
  type Summary,
} from '../../core/index.ts'

export type Field = readonly [key: string, value: number]

/**
 * A distribution as fields of one line: `count`, `sum`, `min` and `max` where there are any; a summary's quantiles under the
 * quantile (`0.99`); a histogram's buckets under their upper bound (`0.5`, `+Inf`), each with all that is at or below it. That
 * is how Telegraf writes Prometheus histograms, so that functions made for those read these.
 */
export function fieldsOf(value: Exclude<PointValue, number>): readonly Field[] {
  if (isSummary(value)) return [...totals(value), ...value.quantiles.map(({ quantile, value }): Field => [String(quantile), value])]
  const fields = totals(value)
  let upTo = 0
  for (const [bound, count] of isExponentialHistogram(value) ? exponentialBuckets(value) : explicitBuckets(value)) {
    upTo += count
    if (bound < Number.POSITIVE_INFINITY) fields.push([String(bound), upTo])
  }
  return [...fields, ['+Inf', value.count]]
}

function totals(value: Summary | Histogram | ExponentialHistogram): Field[] {
  const { count, sum, min, max }: { count: number; sum?: number; min?: number; max?: number } = value
  return Object.entries({ count, sum, min, max }).filter((field): field is [string, number] => field[1] !== undefined)
}

type Bucket = readonly [bound: number, count: number]

const explicitBuckets = ({ bounds, counts }: Histogram): readonly Bucket[] => bounds.map((bound, index) => [bound, counts[index] ?? 0])

/** From the lowest: what is below zero, around it, and above. Empty buckets are left out, there can be many. */
function exponentialBuckets({ scale, zeroCount, zeroThreshold = 0, positive, negative }: ExponentialHistogram): readonly Bucket[] {
  const edge = (index: number) => 2 ** (index * 2 ** -scale)
  const below = negative.counts.map((count, index): Bucket => [-edge(negative.offset + index), count]).reverse()
  const above = positive.counts.map((count, index): Bucket => [edge(positive.offset + index + 1), count])
  return [...below, [zeroThreshold, zeroCount] as const, ...above].filter(([, count]) => count > 0)
}
