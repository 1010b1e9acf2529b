/**
 * What exporters are given by the OpenTelemetry SDK for JavaScript, as far as it is used here. Version 2 and 3 of the SDK have these forms,
 * and no package of it is needed to name them.
 */

/** Whole seconds since the epoch, and nanoseconds beside them. */
export type HrTime = readonly [seconds: number, nanoseconds: number]

export interface SdkResource {
  readonly attributes: object
}

export interface SdkScope {
  readonly name: string
  readonly version?: string | undefined
  readonly attributes?: object | undefined
}

export interface SdkSpanContext {
  readonly traceId: string
  readonly spanId: string
  readonly traceState?: { serialize(): string } | undefined
}

/** `code` is 0 for success and 1 for failure. */
export interface SdkExportResult {
  readonly code: 0 | 1
  readonly error?: Error
}

export type Callback = (result: SdkExportResult) => void

export interface SdkSpan {
  readonly name: string
  /** From 0: internal, server, client, producer, consumer. */
  readonly kind: number
  spanContext(): SdkSpanContext
  readonly parentSpanContext?: SdkSpanContext | undefined
  readonly startTime: HrTime
  readonly endTime: HrTime
  /** `code` from 0: unset, ok, error. */
  readonly status: { readonly code: number; readonly message?: string | undefined }
  readonly attributes: object
  readonly links: readonly { readonly context: SdkSpanContext; readonly attributes?: object | undefined }[]
  readonly events: readonly { readonly time: HrTime; readonly name: string; readonly attributes?: object | undefined }[]
  readonly resource: SdkResource
  readonly instrumentationScope: SdkScope
}

export interface SdkLogRecord {
  readonly hrTime: HrTime
  readonly hrTimeObserved: HrTime
  readonly spanContext?: SdkSpanContext | undefined
  readonly severityText?: string | undefined
  readonly severityNumber?: number | undefined
  readonly body?: unknown
  readonly eventName?: string | undefined
  readonly resource: SdkResource
  readonly instrumentationScope: SdkScope
  readonly attributes: object
}

export interface SdkResourceMetrics {
  readonly resource: SdkResource
  readonly scopeMetrics: readonly { readonly scope: SdkScope; readonly metrics: readonly SdkMetric[] }[]
}

export interface SdkMetric {
  readonly descriptor: { readonly name: string; readonly description: string; readonly unit: string }
  /** From 0: delta, cumulative. */
  readonly aggregationTemporality: number
  /** From 0: histogram, exponential histogram, gauge, sum. */
  readonly dataPointType: number
  readonly isMonotonic?: boolean
  readonly dataPoints: readonly SdkDataPoint[]
}

export interface SdkDataPoint {
  readonly startTime: HrTime
  readonly endTime: HrTime
  readonly attributes: object
  readonly value: number | SdkHistogram | SdkExponentialHistogram
}

interface Extremes {
  readonly count: number
  readonly sum?: number | undefined
  readonly min?: number | undefined
  readonly max?: number | undefined
}

export interface SdkHistogram extends Extremes {
  readonly buckets: { readonly boundaries: readonly number[]; readonly counts: readonly number[] }
}

export interface SdkExponentialHistogram extends Extremes {
  readonly scale: number
  readonly zeroCount: number
  readonly positive: { readonly offset: number; readonly bucketCounts: readonly number[] }
  readonly negative: { readonly offset: number; readonly bucketCounts: readonly number[] }
}
