import type { MetricType } from '../../codecs/prometheus-text/parse/header-line.ts'

/** What was collected from one address at one time; the shape of the JSON that is written. */
export interface CollectedMetrics {
  readonly metadata: {
    /** RFC 3339, UTC. */
    readonly collection_time: string
    readonly source: string
    /** How many metrics there are below. */
    readonly total_metrics: number
  }
  /** By name. */
  readonly metrics: Readonly<Record<string, CollectedMetric>>
}

export interface CollectedMetric {
  readonly help: string
  readonly type: MetricType
  readonly values: readonly CollectedValue[]
}

export interface CollectedValue {
  /** Where it is not that of the metric: `_bucket`, `_sum` and `_count` of a histogram. */
  readonly name?: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** RFC 3339, where the sample told a time. */
  readonly timestamp?: string
}

/** A label, by the name that a Prometheus gives it where its own has that name. */
export const labelOf = ({ labels }: CollectedValue, name: string): string => labels[`exported_${name}`] ?? labels[name] ?? ''
