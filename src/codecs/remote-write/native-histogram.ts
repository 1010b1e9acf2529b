import { ByteWriter, type ExponentialBuckets, type ExponentialHistogram } from '../../core/index.ts'
import { atScale } from '../prometheus-text/exponential.ts'
import type { Sample } from './lines.ts'
import { delimited, double, int64Field, signed, staleMarker, varintField } from './wire-writer.ts'

/** The scales that a native histogram may have: `schema` in Prometheus. */
const leastSchema = -4
const mostSchema = 8

/** Zeros in a row that are not worth a span of their own. */
const fewZeros = 2

/** The largest count of which a difference is exact. */
const mostCount = 2 ** 51

const message = new ByteWriter(1024)
const buckets = new ByteWriter(1024)

/** Why a histogram has no native form; undefined when it has. */
export const notNative = ({ scale }: ExponentialHistogram): Error | undefined =>
  scale < leastSchema ? new Error(`a native histogram has a scale of at least ${leastSchema}, not ${scale}`) : undefined

/** Writes a sample whose value is an exponential histogram as a message `Histogram`, or the marker that ends its series. */
export function histogramField(writer: ByteWriter, field: number, { timeMs, value, startTimeMs, stale }: Sample, withStart: boolean): void {
  message.clear()
  if (stale) staleMarker(message, 3)
  else writeHistogram(message, value as ExponentialHistogram)
  int64Field(message, 15, Math.floor(timeMs))
  if (withStart && startTimeMs) int64Field(message, 17, Math.floor(startTimeMs))
  delimited(writer, field, message)
}

/**
 * Buckets are of one index more than in OpenTelemetry, since Prometheus counts them by their upper bounds. What is not counted in
 * whole numbers becomes a histogram of floats, and an unknown sum NaN.
 */
function writeHistogram(writer: ByteWriter, given: ExponentialHistogram): void {
  const histogram = given.scale > mostSchema ? atScale(given, mostSchema) : given
  const { scale, count, sum = Number.NaN, zeroCount, zeroThreshold = 0, positive, negative } = histogram
  const whole = [count, zeroCount, ...positive.counts, ...negative.counts].every((n) => Number.isInteger(n) && n >= 0 && n <= mostCount)
  if (whole) varintField(writer, 1, count)
  else double(writer, 2, count)
  double(writer, 3, sum)
  varintField(writer, 4, signed(scale))
  double(writer, 5, zeroThreshold)
  if (whole) varintField(writer, 6, zeroCount)
  else double(writer, 7, zeroCount)
  writeBuckets(writer, 8, negative, whole)
  writeBuckets(writer, 11, positive, whole)
}

/** Spans in `field`, and behind it what is counted: differences from one bucket to the next, or floats. */
function writeBuckets(writer: ByteWriter, field: number, { offset, counts }: ExponentialBuckets, whole: boolean): void {
  const spans = spansOf(counts)
  let end = -offset - 1
  for (const { start, length } of spans) {
    buckets.clear()
    varintField(buckets, 1, signed(start - end))
    varintField(buckets, 2, length)
    delimited(writer, field, buckets)
    end = start + length
  }
  buckets.clear()
  let before = 0
  for (const { start, length } of spans)
    for (const count of counts.slice(start, start + length)) {
      if (whole) buckets.varint(signed(count - before))
      else buckets.double(count)
      before = count
    }
  if (buckets.length > 0) delimited(writer, whole ? field + 1 : field + 2, buckets)
}

/** Where there are counts, without the zeros at both ends and long runs of them in between. */
function spansOf(counts: readonly number[]): readonly { readonly start: number; readonly length: number }[] {
  const spans: { start: number; length: number }[] = []
  for (const [index, count] of counts.entries()) {
    if (count === 0) continue
    const last = spans.at(-1)
    if (last && index - (last.start + last.length) <= fewZeros) last.length = index + 1 - last.start
    else spans.push({ start: index, length: 1 })
  }
  return spans
}
