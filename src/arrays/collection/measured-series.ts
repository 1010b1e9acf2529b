import type { Series } from '../../sdk.ts'
import { type ArrayLabels, type MetricData, seriesOf } from '../third-party/metric-data.ts'

/** One series of an array. */
export interface MeasuredSeries {
  readonly series: Series
  /** The time of the newest sample that was handed on, in milliseconds. */
  handedOnMs: number
}

interface Known extends MeasuredSeries {
  readonly labels: MetricData['labels']
  readonly array: ArrayLabels
}

/** An array whose resources always have new names fills no memory. */
const limit = 200_000

/** The series of what an array measures: looked up, since to make one out of labels is most of the work for a sample or two. */
export class MeasuredSeriesTable {
  readonly #known = new Map<string, Known>()

  of(metric: Omit<MetricData, 'values'>, array: ArrayLabels): MeasuredSeries {
    const { name, labels } = metric
    const key = `${labels.resource_id}|${labels.resource_type}|${name}`
    const known = this.#known.get(key)
    if (known && same(known.labels, labels) && same(known.array, array)) return known
    const made = { series: seriesOf(metric, array), handedOnMs: Number.NEGATIVE_INFINITY, labels, array }
    if (this.#known.size >= limit) this.#known.clear()
    this.#known.set(key, made)
    return made
  }
}

function same<T extends object>(one: T, other: T): boolean {
  if (one === other) return true
  let count = 0
  for (const key in one) {
    if (one[key] !== other[key]) return false
    count++
  }
  return count === Object.keys(other).length
}
