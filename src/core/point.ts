import type { Attributes } from './attributes.ts'
import type { Series } from './series.ts'

/** One value of a series at one time. */
export interface Point {
  readonly series: Series
  /** Milliseconds since the epoch; a fraction is exact to a microsecond. */
  readonly timeMs: number
  readonly value: PointValue
  /** When counting began, for counters, histograms and summaries. */
  readonly startTimeMs?: number
  readonly exemplars?: readonly Exemplar[]
  /** The series has ended: no value holds from here on. `value` is NaN. */
  readonly stale?: true
}

export type PointValue = number | Histogram | ExponentialHistogram | Summary

export interface Histogram {
  readonly count: number
  readonly sum?: number
  readonly min?: number
  readonly max?: number
  /** Upper bounds, ascending and finite; each includes its value. */
  readonly bounds: readonly number[]
  /** Of each bucket by itself, not accumulated; one more than `bounds`, the last for what is above them. */
  readonly counts: readonly number[]
}

/** OpenTelemetry's: bucket i of scale s covers (2^(i·2^-s), 2^((i+1)·2^-s)]. */
export interface ExponentialHistogram {
  readonly count: number
  readonly sum?: number
  readonly min?: number
  readonly max?: number
  readonly scale: number
  readonly zeroCount: number
  readonly zeroThreshold?: number
  readonly positive: ExponentialBuckets
  readonly negative: ExponentialBuckets
}

export interface ExponentialBuckets {
  /** Index of the first bucket. */
  readonly offset: number
  readonly counts: readonly number[]
}

export interface Summary {
  readonly count: number
  readonly sum: number
  /** By quantile, 0 to 1, ascending. */
  readonly quantiles: readonly { readonly quantile: number; readonly value: number }[]
}

/** A single measurement kept as an example, usually with the trace that it belongs to. */
export interface Exemplar {
  readonly value: number
  readonly timeMs?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly traceId?: string
  readonly spanId?: string
  readonly attributes?: Attributes
}

export const isHistogram = (value: PointValue): value is Histogram => typeof value === 'object' && 'bounds' in value
export const isExponentialHistogram = (value: PointValue): value is ExponentialHistogram => typeof value === 'object' && 'scale' in value
export const isSummary = (value: PointValue): value is Summary => typeof value === 'object' && 'quantiles' in value
