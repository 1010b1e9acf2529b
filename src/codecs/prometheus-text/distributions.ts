import { type ExponentialHistogram, type Histogram, isExponentialHistogram, type Point, type Summary } from '../../core/index.ts'
import { exemplarText, largestIn } from './exemplars.ts'
import { explicit } from './exponential.ts'
import { boundText, numberText } from './number.ts'
import { type SampleNaming, sampleStart } from './sample.ts'

/** The samples of a histogram's point, each bucket with its largest exemplar where the format has them. */
export function histogramText(naming: SampleNaming, { value, exemplars }: Point, openMetrics: boolean): string {
  const given = value as Histogram | ExponentialHistogram
  const { count, sum, bounds, counts } = isExponentialHistogram(given) ? explicit(given) : given
  let text = ''
  let total = 0
  let above = Number.NEGATIVE_INFINITY
  for (const [index, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
    total += counts[index] ?? 0
    // The last one holds everything, even of a histogram whose buckets were not kept.
    const upTo = index === bounds.length ? count : total
    const exemplar = openMetrics && exemplars && largestIn(exemplars, above, bound)
    text += `${sampleStart(naming, '_bucket', `le="${boundText(bound)}"`)}${upTo}${exemplar ? exemplarText(exemplar) : ''}\n`
    above = bound
  }
  // A sum over negative values can fall, which would look like a restart: OpenMetrics wants none then.
  const grows = !(bounds[0]! < 0)
  return text + (grows && sum !== undefined ? line(naming, '_sum', sum) : '') + line(naming, '_count', count)
}

/** The samples of a summary. */
export function summaryText(naming: SampleNaming, { count, sum, quantiles }: Summary): string {
  const lines = quantiles.map(
    ({ quantile, value }) => `${sampleStart(naming, '', `quantile="${boundText(quantile)}"`)}${numberText(value)}\n`,
  )
  return lines.join('') + line(naming, '_sum', sum) + line(naming, '_count', count)
}

const line = (naming: SampleNaming, suffix: string, value: number): string => `${sampleStart(naming, suffix)}${numberText(value)}\n`
