import {
  type ExponentialBuckets,
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  isHistogram,
  type PointValue,
  type Summary,
} from '../../sdk.ts'

/** One number of a value that has several. */
export interface Measure {
  /** Behind the name of the metric: `.count`, or nothing. */
  readonly suffix: string
  readonly type: 'gauge' | 'count'
  readonly value: number
  readonly tags: readonly string[]
}

/**
 * What Datadog is told of a value: a number as it is, of the given type; of a distribution `.count` and `.sum`, `.min` and `.max` where they are
 * known, and a `.bucket` for each that holds something, with the tags `lower_bound` and `upper_bound`; of a summary `.count`, `.sum` and
 * `.quantile` with the tag `quantile`. The same names as the Datadog exporter of the OpenTelemetry Collector has for histograms as counters.
 */
export function measuresOf(value: PointValue, type: Measure['type']): readonly Measure[] {
  if (typeof value === 'number') return [{ suffix: '', type, value, tags: [] }]
  if (isHistogram(value))
    return [...totals(value), ...value.counts.flatMap((count, at) => bucket(count, value.bounds[at - 1], value.bounds[at]))]
  if (isExponentialHistogram(value)) return [...totals(value), ...exponentialBuckets(value)]
  return [...totals(value), ...value.quantiles.map(({ quantile, value }) => measure('.quantile', 'gauge', value, [`quantile:${quantile}`]))]
}

const measure = (suffix: string, type: Measure['type'], value: number, tags: readonly string[] = []): Measure => ({
  suffix,
  type,
  value,
  tags,
})

function totals({ count, sum, min, max }: Partial<Histogram> & Pick<Summary, 'count'>): Measure[] {
  return [
    measure('.count', 'count', count),
    ...(sum === undefined ? [] : [measure('.sum', 'count', sum)]),
    ...(min === undefined ? [] : [measure('.min', 'gauge', min)]),
    ...(max === undefined ? [] : [measure('.max', 'gauge', max)]),
  ]
}

const bucket = (count: number, lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY): readonly Measure[] =>
  count === 0 ? [] : [measure('.bucket', 'count', count, [`lower_bound:${boundText(lower)}`, `upper_bound:${boundText(upper)}`])]

const boundText = (bound: number): string => (Number.isFinite(bound) ? String(bound) : bound > 0 ? 'inf' : '-inf')

function exponentialBuckets({ scale, zeroCount, zeroThreshold = 0, positive, negative }: ExponentialHistogram): readonly Measure[] {
  const bound = (index: number) => 2 ** (index * 2 ** -scale)
  const side = ({ offset, counts }: ExponentialBuckets, of: (count: number, lower: number, upper: number) => readonly Measure[]) =>
    counts.flatMap((count, at) => of(count, bound(offset + at), bound(offset + at + 1)))
  return [
    ...side(negative, (count, lower, upper) => bucket(count, -upper, -lower)),
    ...bucket(zeroCount, -zeroThreshold || 0, zeroThreshold),
    ...side(positive, bucket),
  ]
}
