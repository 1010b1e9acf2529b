import type { Exemplar, Histogram, Point, Series, Summary } from '../../../core/index.ts'

/** What one sample of a histogram or summary is: its sum, its count, or the bucket or quantile of that bound. */
export type Part = 'sum' | 'count' | number

interface Given {
  readonly value: number
  readonly timeMs: number
  readonly exemplar?: Exemplar | undefined
}

/** Puts the samples of a histogram or summary together to its points, one for each time. */
export class Distribution {
  readonly series: Series
  readonly #bounds = new Map<number, number>()
  readonly #exemplars: Exemplar[] = []
  #sum: number | undefined
  #count: number | undefined
  #timeMs: number | undefined
  /** Where the samples of the point begin. */
  line = 0

  constructor(series: Series) {
    this.series = series
  }

  /** Whether there are samples that have not become a point. */
  get open(): boolean {
    return this.#timeMs !== undefined
  }

  /** Adds a sample; gives the point before it when this is the first of another time. Throws SyntaxError for one that comes twice, or is none. */
  add(part: Part, { value, timeMs, exemplar }: Given, line: number): Point | undefined {
    const point = this.open && timeMs !== this.#timeMs ? this.take() : undefined
    if (!this.open) this.line = line
    this.#timeMs = timeMs
    if (exemplar) this.#exemplars.push(exemplar)
    if (part === 'sum') this.#sum = once(this.#sum, value)
    else if (part === 'count') this.#count = once(this.#count, value)
    else this.#bounds.set(part, once(this.#bounds.get(part), value))
    return point
  }

  /** The point of the samples since the last. Throws SyntaxError when they make none. */
  take(): Point {
    const exemplars = this.#exemplars.splice(0)
    const timeMs = this.#timeMs!
    const bounds = [...this.#bounds].sort(([a], [b]) => a - b)
    const [sum, count] = [this.#sum, this.#count]
    this.#bounds.clear()
    this.#timeMs = undefined
    this.#sum = undefined
    this.#count = undefined
    const value = this.series.kind === 'histogram' ? histogram(bounds, sum, count) : summary(bounds, sum, count)
    return { series: this.series, timeMs, value, ...(exemplars.length > 0 && { exemplars }) }
  }
}

function once(before: number | undefined, value: number): number {
  if (before !== undefined) throw new SyntaxError('it comes twice')
  return value
}

type Bounds = readonly (readonly [bound: number, value: number])[]

/** Each bucket holds those below it in Prometheus. The last one says how many there are; without it the count does. */
function histogram(buckets: Bounds, sum: number | undefined, given: number | undefined): Histogram {
  const last = buckets.at(-1)
  const hasLast = last?.[0] === Number.POSITIVE_INFINITY
  const count = hasLast ? last[1] : (given ?? last?.[1] ?? Number.NaN)
  const finite = hasLast ? buckets.slice(0, -1) : buckets
  let below = 0
  const counts = [...finite.map(([, total]) => total), count].map((total) => {
    const own = total - below
    below = total
    return own
  })
  if (!counts.every((own) => own >= 0)) throw new SyntaxError('the buckets of this histogram do not grow with their bounds')
  return { count, ...(sum !== undefined && { sum }), bounds: finite.map(([bound]) => bound), counts }
}

/** What was not exposed is not known. */
const summary = (quantiles: Bounds, sum = Number.NaN, count = Number.NaN): Summary => ({
  count,
  sum,
  quantiles: quantiles.map(([quantile, value]) => ({ quantile, value })),
})
