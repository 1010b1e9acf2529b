import { type Batch, type Describe, type EventExporter, metrics, type Point, type PointValue, series } from '../../core/index.ts'
import { attributesOf, type Origin, originOf } from './attributes.ts'
import { Bridge, type BridgeOptions } from './bridge.ts'
import type { Callback, SdkDataPoint, SdkMetric, SdkResourceMetrics } from './sdk-types.ts'
import { toMilliseconds } from './times.ts'

export interface WaybillMetricExporterOptions extends BridgeOptions {
  /** What counters and histograms count from. Default: cumulative. */
  readonly temporality?: 'cumulative' | 'delta'
}

const [delta, cumulative] = [0, 1]

/** Hands the metrics of an application to an exporter: a `PushMetricExporter` for a `PeriodicExportingMetricReader`. */
export class WaybillMetricExporter extends Bridge {
  readonly #temporality: number

  constructor(exporter: EventExporter<Batch>, { temporality, ...options }: WaybillMetricExporterOptions = {}) {
    super(exporter, options)
    this.#temporality = temporality === 'delta' ? delta : cumulative
  }

  export(given: SdkResourceMetrics, done: Callback): void {
    this.send(() => batchOf(given), done)
  }

  /** The enumeration `AggregationTemporality` of the SDK. */
  selectAggregationTemporality(): number {
    return this.#temporality
  }
}

const batchOf = ({ resource, scopeMetrics }: SdkResourceMetrics): Batch =>
  metrics(
    scopeMetrics.flatMap(({ scope, metrics }) => {
      const origin = originOf(resource, scope)
      return metrics.flatMap((metric) => pointsOf(metric, origin))
    }),
  )

const [histogram, exponentialHistogram, , sum] = [0, 1, 2, 3]

function pointsOf(metric: SdkMetric, origin: Origin): readonly Point[] {
  const { name, description: help, unit } = metric.descriptor
  const describe: Describe = { ...origin, ...kindOf(metric), ...(unit && { unit }), ...(help && { help }) }
  return metric.dataPoints.map(({ startTime, endTime, attributes, value }) => ({
    series: series(name, labelsOf(attributes), describe),
    timeMs: toMilliseconds(endTime),
    value: pointValue(value),
    ...(describe.kind && { startTimeMs: toMilliseconds(startTime) }),
  }))
}

function kindOf({ dataPointType, aggregationTemporality, isMonotonic }: SdkMetric): Describe {
  const temporality: Describe = aggregationTemporality === delta ? { temporality: 'delta' } : {}
  if (dataPointType === sum) return { kind: 'counter', ...temporality, ...(!isMonotonic && { monotonic: false }) }
  return dataPointType === histogram || dataPointType === exponentialHistogram ? { kind: 'histogram', ...temporality } : {}
}

function labelsOf(attributes: object): Record<string, string> {
  const entries = Object.entries(attributesOf(attributes))
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]))
}

function pointValue(value: SdkDataPoint['value']): PointValue {
  if (typeof value === 'number') return value
  const { count, sum, min, max } = value
  const counted = { count, ...(sum !== undefined && { sum }), ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
  if ('buckets' in value) return { ...counted, bounds: value.buckets.boundaries, counts: value.buckets.counts }
  const { scale, zeroCount, positive, negative } = value
  return {
    ...counted,
    scale,
    zeroCount,
    positive: { offset: positive.offset, counts: positive.bucketCounts },
    negative: { offset: negative.offset, counts: negative.bucketCounts },
  }
}
