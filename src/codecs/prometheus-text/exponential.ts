import type { ExponentialBuckets, ExponentialHistogram, Histogram } from '../../core/index.ts'

/** Each bucket becomes a series in Prometheus, so neighbours are put together until there are no more than so many. */
const most = 40

/**
 * An exponential histogram with explicit bounds. They are powers of 2^(2^-scale): when a lower scale halves them, those that
 * remain are the same, so series go on.
 */
export function explicit(given: ExponentialHistogram): Histogram {
  let histogram = given
  while (histogram.positive.counts.length + histogram.negative.counts.length > most) histogram = atScale(histogram, histogram.scale - 1)
  const { scale, count, sum, zeroCount, zeroThreshold = 0, positive, negative } = histogram
  const edge = (index: number) => 2 ** (index * 2 ** -scale)
  const upTo: [bound: number, count: number][] = [
    ...negative.counts.map((count, index): [number, number] => [-edge(negative.offset + index), count]).reverse(),
    [zeroThreshold, zeroCount],
    ...(positive.counts.length > 0 ? [[edge(positive.offset), 0] as [number, number]] : []),
    ...positive.counts.map((count, index): [number, number] => [edge(positive.offset + index + 1), count]),
  ]
  const bounds: number[] = []
  const counts: number[] = []
  let beyond = 0
  for (const [bound, count] of upTo) {
    if (bound === Number.POSITIVE_INFINITY) beyond += count
    else if (bounds.length > 0 && bound <= bounds.at(-1)!) counts[counts.length - 1]! += count
    else {
      bounds.push(bound)
      counts.push(count)
    }
  }
  return { count, ...(sum !== undefined && { sum }), bounds, counts: [...counts, beyond] }
}

/** The same at a lower scale: each bucket with its neighbours. `scale` is at most that of the histogram. */
export function atScale(histogram: ExponentialHistogram, scale: number): ExponentialHistogram {
  const width = 2 ** (histogram.scale - scale)
  return { ...histogram, scale, positive: merged(histogram.positive, width), negative: merged(histogram.negative, width) }
}

/** `width` buckets in one. */
function merged({ offset, counts }: ExponentialBuckets, width: number): ExponentialBuckets {
  const first = Math.floor(offset / width)
  const sums: number[] = []
  for (const [index, count] of counts.entries()) {
    const at = Math.floor((offset + index) / width) - first
    sums[at] = (sums[at] ?? 0) + count
  }
  return { offset: first, counts: sums }
}
