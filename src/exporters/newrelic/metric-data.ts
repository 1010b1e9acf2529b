import { type Increment, isCumulative } from '../../codecs/increments/increments.ts'
import {
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isHistogram,
  isSummary,
  type Point,
  type Summary,
} from '../../sdk.ts'
import { type FlatAttributes, flat } from './attributes.ts'

/** A data point of https://docs.newrelic.com/docs/data-apis/ingest-apis/metric-api/report-metrics-metric-api/. */
export interface MetricData {
  readonly name: string
  readonly type: 'gauge' | 'count' | 'summary'
  readonly value: number | { readonly count: number; readonly sum: number; readonly min: number; readonly max: number }
  /** In milliseconds since the epoch; of what has an interval, when that began. */
  readonly timestamp: number
  readonly 'interval.ms'?: number
  readonly attributes: FlatAttributes
}

/**
 * A point as New Relic has it: what counts as a count, a distribution as a summary, beside which its buckets are counts `…_bucket` with the
 * attribute `le`, each with all that are below it, and its quantiles gauges `….quantile` with the attribute `quantile`.
 */
export function metricData({ series, timeMs }: Point, { value, sinceMs }: Increment, intervalMs: number): readonly MetricData[] {
  const { name, labels, kind, unit, resource } = series
  const attributes: FlatAttributes = {
    ...flat(resource?.attributes),
    ...flat(Object.fromEntries(labels)),
    ...(unit !== undefined && { unit }),
  }
  const counts = kind === 'counter' && (series.temporality === 'delta' || isCumulative(series))
  const beganMs = Math.floor(Math.min(sinceMs ?? timeMs - intervalMs, timeMs - 1))
  const interval = { timestamp: beganMs, 'interval.ms': Math.floor(timeMs) - beganMs }
  if (typeof value === 'number')
    return [
      counts
        ? { name, type: 'count', value, ...interval, attributes }
        : { name, type: 'gauge', value, timestamp: Math.floor(timeMs), attributes },
    ]
  const { count, sum = 0 } = value
  const summary: MetricData = { name, type: 'summary', value: { count, sum, ...rangeOf(value) }, ...interval, attributes }
  if (isHistogram(value)) {
    let below = 0
    const buckets = value.counts.map((bucket, at): MetricData => {
      below += bucket
      return {
        name: `${name}_bucket`,
        type: 'count',
        value: below,
        ...interval,
        attributes: { ...attributes, le: String(value.bounds[at] ?? '+Inf') },
      }
    })
    return [summary, ...buckets]
  }
  if (isExponentialHistogram(value)) return [summary]
  const quantiles = value.quantiles.map(
    ({ quantile, value }): MetricData => ({
      name: `${name}.quantile`,
      type: 'gauge',
      value,
      timestamp: Math.floor(timeMs),
      attributes: { ...attributes, quantile },
    }),
  )
  return [summary, ...quantiles]
}

/** The least and the greatest, or as near as the bounds of the buckets, or the quantiles, tell. */
function rangeOf(value: Histogram | ExponentialHistogram | Summary): { readonly min: number; readonly max: number } {
  const finite = boundsOf(value).filter(Number.isFinite)
  const range = finite.length > 0 ? { min: Math.min(...finite), max: Math.max(...finite) } : { min: 0, max: 0 }
  if (isSummary(value)) return range
  return { min: value.min ?? range.min, max: value.max ?? range.max }
}

function boundsOf(value: Histogram | ExponentialHistogram | Summary): readonly number[] {
  if (isSummary(value)) return value.quantiles.map((each) => each.value)
  return isHistogram(value) ? explicitBounds(value) : exponentialBounds(value)
}

const explicitBounds = ({ bounds, counts }: Histogram): number[] =>
  counts.flatMap((count, at) => (count === 0 ? [] : [bounds[at - 1] ?? Number.NaN, bounds[at] ?? Number.NaN]))

function exponentialBounds({ scale, zeroCount, positive, negative }: ExponentialHistogram): number[] {
  const bound = (index: number) => 2 ** (index * 2 ** -scale)
  const of = ({ offset, counts }: typeof positive) =>
    counts.flatMap((count, at) => (count === 0 ? [] : [bound(offset + at), bound(offset + at + 1)]))
  return [...of(negative).map((each) => -each), ...(zeroCount > 0 ? [0] : []), ...of(positive)]
}
