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
 * is how Telegraf writes Prometheus histograms, so that InfluxDB's histogram functions read them.
 */
export function fieldsOf(value: Exclude<PointValue, number>): readonly Field[] {
  if (isSummary(value)) return [...totals(value), ...value.quantiles.map(({ quantile, value }): Field => [String(quantile), value])]
  const buckets = isExponentialHistogram(value) ? exponentialBuckets(value) : explicitBuckets(value)
  let total = 0
  const upTo = buckets.map(([bound, count]): Field => {
    total += count
    return [bound, total]
  })
  return [...totals(value), ...upTo]
}

function totals(value: Summary | Histogram | ExponentialHistogram): readonly Field[] {
  const { count, sum, min, max }: { count: number; sum?: number; min?: number; max?: number } = value
  return Object.entries({ count, sum, min, max }).filter((field): field is [string, number] => field[1] !== undefined)
}

const explicitBuckets = ({ bounds, counts }: Histogram): readonly Field[] =>
  counts.map((count, index) => [index < bounds.length ? String(bounds[index]) : '+Inf', count])

/** From the lowest: what is below zero, around it, and above. Empty buckets are left out, there can be many. */
function exponentialBuckets({ scale, zeroCount, zeroThreshold = 0, positive, negative }: ExponentialHistogram): readonly Field[] {
  const base = 2 ** (2 ** -scale)
  const below = negative.counts.map((count, index): Field => [String(-(base ** (negative.offset + index))), count]).reverse()
  const above = positive.counts.map((count, index): Field => [String(base ** (positive.offset + index + 1)), count])
  const filled = [...below, [String(zeroThreshold), zeroCount] as const, ...above].filter(([, count]) => count > 0)
  return [...filled, ['+Inf', 0]]
}
