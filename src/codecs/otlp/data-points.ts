import {
  type Exemplar,
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isHistogram,
  isSummary,
  type Point,
  type PointValue,
  type Summary,
} from '../../core/index.ts'
import { keyValues } from './attributes.ts'
import { linked } from './identifiers.ts'
import type { DataPoint, ExemplarMessage, Form } from './messages.ts'
import { isTimeMs, timeOutOfRange, toNanoseconds } from './times.ts'

/** `NO_RECORDED_VALUE` of the enumeration `DataPointFlags`. */
export const noRecordedValue = 1

/** Why a point cannot be said in OTLP; undefined when it can. */
export function problemOf({ timeMs, startTimeMs = 0, value }: Point): Error | undefined {
  if (!isTimeMs(timeMs) || !isTimeMs(startTimeMs)) return timeOutOfRange
  if (typeof value === 'number') return undefined
  return countsOf(value).every((count) => Number.isSafeInteger(count) && count >= 0) ? undefined : brokenCounts
}

const brokenCounts = new Error('OTLP has no counts of parts: those of a distribution must be whole numbers from 0')

function countsOf(value: Exclude<PointValue, number>): readonly number[] {
  if (isHistogram(value)) return [value.count, ...value.counts]
  if (isExponentialHistogram(value)) return [value.count, value.zeroCount, ...value.positive.counts, ...value.negative.counts]
  return [value.count]
}

/** What a point is said as: by its value, and where that is a number by the kind of its series. */
export function formOf({ series: { kind }, value, stale }: Point): Form {
  if (typeof value !== 'number')
    return isHistogram(value) ? 'histogram' : isExponentialHistogram(value) ? 'exponentialHistogram' : 'summary'
  if (kind === 'counter') return 'sum'
  return stale && kind !== 'gauge' ? kind : 'gauge'
}

/** A point that has no problem, but for its attributes. Its form is that of `formOf`. */
export function dataPoint({ timeMs, startTimeMs, value, stale, exemplars }: Point): DataPoint {
  return {
    startTimeUnixNano: startTimeMs === undefined ? undefined : toNanoseconds(startTimeMs),
    timeUnixNano: toNanoseconds(timeMs),
    ...(stale ? {} : valueFields(value)),
    exemplars: exemplars?.map(exemplarMessage),
    flags: stale ? noRecordedValue : undefined,
  }
}

function valueFields(value: PointValue): DataPoint {
  if (typeof value === 'number') return { asDouble: value }
  if (isHistogram(value)) return histogramFields(value)
  if (isSummary(value)) return summaryFields(value)
  return exponentialFields(value)
}

const histogramFields = ({ count, sum, min, max, bounds, counts }: Histogram): DataPoint<'histogram'> => ({
  count,
  sum,
  bucketCounts: counts,
  explicitBounds: bounds,
  min,
  max,
})

const exponentialFields = (histogram: ExponentialHistogram): DataPoint<'exponentialHistogram'> => {
  const { count, sum, min, max, scale, zeroCount, zeroThreshold, positive, negative } = histogram
  return {
    count,
    sum,
    scale,
    zeroCount,
    positive: { offset: positive.offset, bucketCounts: positive.counts },
    negative: { offset: negative.offset, bucketCounts: negative.counts },
    min,
    max,
    zeroThreshold,
  }
}

const summaryFields = ({ count, sum, quantiles }: Summary): DataPoint<'summary'> => ({ count, sum, quantileValues: quantiles })

function exemplarMessage({ value, timeMs, labels, attributes, ...ids }: Exemplar): ExemplarMessage {
  const { traceId, spanId, attributes: all } = linked({ ...ids, attributes: { ...labels, ...attributes } })
  return {
    timeUnixNano: timeMs !== undefined && isTimeMs(timeMs) ? toNanoseconds(timeMs) : undefined,
    asDouble: value,
    spanId,
    traceId,
    filteredAttributes: keyValues(all),
  }
}
