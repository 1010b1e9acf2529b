import {
  type AttributeValue,
  type Describe,
  type Exemplar,
  type ExponentialBuckets,
  type Label,
  type Point,
  type PointValue,
  type Resource,
  type Scope,
  type Series,
  series,
} from '../../core/index.ts'
import { jsonText } from '../text/json-value.ts'
import { attributesOf, attributeValue } from './attributes.ts'
import { noRecordedValue } from './data-points.ts'
import type { BucketsMessage, DataPoint, ExemplarMessage, KeyValue, MetricMessage } from './messages.ts'
import { toMilliseconds } from './times.ts'

export interface Origin {
  readonly resource?: Resource
  readonly scope?: Scope
}

const delta = 1

/** What points of every form have; a summary has no exemplars. */
type AnyPoint = Omit<DataPoint<'gauge'>, 'asDouble' | 'asInt'>

/** The points of a metric. Throws an Error for a histogram whose buckets do not fit its bounds. */
export function pointsOf(metric: MetricMessage, origin: Origin): readonly Point[] {
  const { name = '', description: help, unit, gauge, sum, histogram, exponentialHistogram, summary } = metric
  const described: Describe = { ...origin, ...(help && { help }), ...(unit && { unit }) }
  const temporality = (data: { readonly aggregationTemporality?: number | undefined }): Describe =>
    data.aggregationTemporality === delta ? { temporality: 'delta' } : {}
  const read = <D extends AnyPoint>(points: readonly D[] | undefined, describe: Describe, toValue: (point: D) => PointValue) =>
    (points ?? []).map((point) => pointOf(point, seriesOf(name, point.attributes, { ...described, ...describe }), toValue))
  if (gauge) return read(gauge.dataPoints, {}, numberOf)
  if (sum) return read(sum.dataPoints, { kind: 'counter', ...temporality(sum), ...(!sum.isMonotonic && { monotonic: false }) }, numberOf)
  if (histogram) return read(histogram.dataPoints, { kind: 'histogram', ...temporality(histogram) }, histogramOf)
  if (exponentialHistogram)
    return read(exponentialHistogram.dataPoints, { kind: 'histogram', ...temporality(exponentialHistogram) }, exponentialOf)
  return read(summary?.dataPoints, { kind: 'summary' }, summaryOf)
}

function pointOf<D extends AnyPoint>(point: D, of: Series, toValue: (point: D) => PointValue): Point {
  const { startTimeUnixNano, timeUnixNano = 0n, flags = 0, exemplars } = point
  const stale = (flags & noRecordedValue) !== 0
  return {
    series: of,
    timeMs: toMilliseconds(timeUnixNano),
    value: stale ? Number.NaN : toValue(point),
    ...(startTimeUnixNano && { startTimeMs: toMilliseconds(startTimeUnixNano) }),
    ...(exemplars?.length && { exemplars: exemplars.map(exemplarOf) }),
    ...(stale && { stale }),
  }
}

/** Labels are texts: a number is its digits, and what has parts is JSON. */
function seriesOf(name: string, attributes: readonly KeyValue[] = [], describe: Describe): Series {
  const labels = attributes.map(({ key = '', value }): Label => [key, labelText(attributeValue(value))])
  return series(name, Object.fromEntries(labels), describe)
}

function labelText(value: AttributeValue): string {
  if (value === null) return ''
  return typeof value === 'object' ? jsonText(value) : String(value)
}

const numberOf = ({ asDouble, asInt }: DataPoint<'gauge'>): number => asDouble ?? asInt ?? Number.NaN

function histogramOf({ count = 0, sum, min, max, bucketCounts = [count], explicitBounds = [] }: DataPoint<'histogram'>): PointValue {
  if (bucketCounts.length !== explicitBounds.length + 1)
    throw new Error(`a histogram has ${bucketCounts.length} buckets and ${explicitBounds.length} bounds between them`)
  return { count, ...extremes({ sum, min, max }), bounds: explicitBounds, counts: bucketCounts }
}

function exponentialOf(point: DataPoint<'exponentialHistogram'>): PointValue {
  const { count = 0, scale = 0, zeroCount = 0, zeroThreshold, positive, negative } = point
  return {
    count,
    ...extremes(point),
    scale,
    zeroCount,
    ...(zeroThreshold && { zeroThreshold }),
    positive: bucketsOf(positive),
    negative: bucketsOf(negative),
  }
}

const bucketsOf = ({ offset = 0, bucketCounts = [] }: BucketsMessage = {}): ExponentialBuckets => ({ offset, counts: bucketCounts })

const summaryOf = ({ count = 0, sum = 0, quantileValues = [] }: DataPoint<'summary'>): PointValue => ({
  count,
  sum,
  quantiles: quantileValues.map(({ quantile = 0, value = 0 }) => ({ quantile, value })),
})

type Extremes = Pick<DataPoint<'histogram'>, 'sum' | 'min' | 'max'>

const extremes = ({ sum, min, max }: Extremes) => ({
  ...(sum !== undefined && { sum }),
  ...(min !== undefined && { min }),
  ...(max !== undefined && { max }),
})

function exemplarOf({ timeUnixNano, asDouble, asInt, traceId, spanId, filteredAttributes }: ExemplarMessage): Exemplar {
  const attributes = attributesOf(filteredAttributes)
  return {
    value: asDouble ?? asInt ?? Number.NaN,
    ...(timeUnixNano && { timeMs: toMilliseconds(timeUnixNano) }),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
    ...(attributes && { attributes }),
  }
}
