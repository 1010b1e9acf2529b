import type { ExponentialBuckets, ExponentialHistogram, Histogram } from '../../core/index.ts'
import type { WireReader } from './wire-reader.ts'

export interface ReadHistogram {
  readonly timeMs: number
  /** 0 where it is not told. */
  readonly startMs: number
  /** Undefined at the end of its series. */
  readonly value: ExponentialHistogram | Histogram | undefined
}

/** Buckets may be far apart, and those between them are made: so a request of a few bytes could take any memory. */
export interface BucketBudget {
  left: number
}

interface Buckets {
  readonly spans: { readonly offset: number; readonly length: number }[]
  readonly deltas: number[]
  readonly counts: number[]
}

/** The schema of explicit bounds. */
const customBounds = -53

/**
 * A message `Histogram`: an exponential histogram, or one with bounds of its own. Throws an Error for any other, and a RangeError when
 * the budget does not suffice.
 */
export function readHistogram(reader: WireReader, budget: BucketBudget): ReadHistogram {
  let [count, zeroCount, scale, zeroThreshold, timeMs, startMs] = [0, 0, 0, 0, 0, 0]
  let sum: number | undefined = 0
  const bounds: number[] = []
  const negative: Buckets = { spans: [], deltas: [], counts: [] }
  const positive: Buckets = { spans: [], deltas: [], counts: [] }
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) count = reader.unsigned()
    else if (field === 2) count = reader.double()
    else if (field === 3) sum = reader.value()
    else if (field === 4) scale = reader.zigzag()
    else if (field === 5) zeroThreshold = reader.double()
    else if (field === 6) zeroCount = reader.unsigned()
    else if (field === 7) zeroCount = reader.double()
    else if (field === 8) negative.spans.push(readSpan(reader.message()))
    else if (field === 9) reader.zigzagNumbers(negative.deltas)
    else if (field === 10) reader.doubles(negative.counts)
    else if (field === 11) positive.spans.push(readSpan(reader.message()))
    else if (field === 12) reader.zigzagNumbers(positive.deltas)
    else if (field === 13) reader.doubles(positive.counts)
    else if (field === 15) timeMs = reader.signed()
    else if (field === 16) reader.doubles(bounds)
    else if (field === 17) startMs = reader.signed()
    else reader.skip()
  }
  if (sum === undefined) return { timeMs, startMs, value: undefined }
  const total = { count, ...(!Number.isNaN(sum) && { sum }) }
  if (scale === customBounds) return { timeMs, startMs, value: { ...total, bounds, counts: explicitCounts(positive, bounds.length + 1) } }
  if (scale < -4 || scale > 8) throw new Error(`there is no histogram of schema ${scale}`)
  const value = {
    ...total,
    scale,
    zeroCount,
    zeroThreshold,
    positive: exponentialBuckets(positive, budget),
    negative: exponentialBuckets(negative, budget),
  }
  return { timeMs, startMs, value }
}

function readSpan(reader: WireReader): { readonly offset: number; readonly length: number } {
  let [offset, length] = [0, 0]
  for (let field = reader.next(); field > 0; field = reader.next()) {
    if (field === 1) offset = reader.zigzag()
    else if (field === 2) length = reader.unsigned()
    else reader.skip()
  }
  return { offset, length }
}

/** Those between spans are empty. In OpenTelemetry a bucket's index is that of its lower bound, which is one less. */
function exponentialBuckets(buckets: Buckets, budget: BucketBudget): ExponentialBuckets {
  const [first] = buckets.spans
  if (!first) return { offset: 0, counts: [] }
  const width = endOf(buckets.spans) - first.offset
  budget.left -= width
  if (budget.left < 0) throw new RangeError('its histograms have too many buckets, most of them empty: send fewer at once')
  return { offset: first.offset - 1, counts: denseCounts(buckets, width, first.offset) }
}

function explicitCounts(buckets: Buckets, width: number): readonly number[] {
  if ((buckets.spans[0]?.offset ?? 0) < 0 || endOf(buckets.spans) > width)
    throw new Error(`a histogram has buckets beyond its ${width - 1} bounds`)
  return denseCounts(buckets, width, 0)
}

/** The index behind the last bucket. */
function endOf(spans: Buckets['spans']): number {
  if (spans.slice(1).some(({ offset }) => offset < 0)) throw new Error('the buckets of a histogram overlap')
  return spans.reduce((end, { offset, length }) => end + offset + length, 0)
}

/** Every bucket of `width`, from the one with the index `start`. */
function denseCounts({ spans, deltas, counts }: Buckets, width: number, start: number): readonly number[] {
  const told = counts.length > 0 ? counts : sums(deltas)
  const dense = Array<number>(width).fill(0)
  let at = -start
  let next = 0
  for (const { offset, length } of spans) {
    at += offset
    for (const end = at + length; at < end; at++) dense[at] = told[next++] ?? Number.NaN
  }
  if (next !== told.length) throw new Error(`a histogram has ${told.length} counts for ${next} buckets`)
  return dense
}

function sums(deltas: readonly number[]): readonly number[] {
  let sum = 0
  return deltas.map((delta) => {
    sum += delta
    return sum
  })
}
