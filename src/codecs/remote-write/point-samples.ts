import {
  type ExponentialHistogram,
  type Histogram,
  isExponentialHistogram,
  type Point,
  type Rejection,
  type Summary,
} from '../../core/index.ts'
import { exemplarLabels } from '../prometheus-text/exemplars.ts'
import { explicit } from '../prometheus-text/exponential.ts'
import { mismatch } from '../prometheus-text/family.ts'
import type { Form } from './form.ts'
import { type Line, Lines, type LinesOptions, type Sample, type SeriesLines } from './lines.ts'
import { notNative } from './native-histogram.ts'
import { RequestSamples } from './request-samples.ts'

export interface PointSamplesOptions extends LinesOptions {
  readonly nativeHistograms: boolean
  readonly targetInfo: boolean
}

/** What the points of a request become: a sample each, or one for each bucket, quantile, sum and count. */
export class PointSamples {
  readonly #options: PointSamplesOptions
  readonly #form: Form<unknown>
  readonly #lines: Lines
  readonly #samples = new RequestSamples()
  readonly #rejected: Rejection[] = []
  /** The newest point of each resource that has one, by the line that tells of it. */
  readonly #targets = new Map<Line, { readonly timeMs: number; readonly point: number }>()
  /** Up to when each resource has been told of: what is older would be out of order. */
  readonly #toldMs = new Map<Line, number>()

  constructor(form: Form<unknown>, options: PointSamplesOptions) {
    this.#form = form
    this.#options = options
    this.#lines = new Lines(options, (labels, metadata) => form.prepare(labels, metadata))
  }

  /** The lines that these points have samples of, good until the end. */
  take(points: readonly Point[]): readonly Line[] {
    this.#tidy(points.length)
    this.#samples.begin()
    this.#rejected.length = 0
    for (let index = 0; index < points.length; index++) {
      const error = this.#point(points[index]!, index)
      if (error) this.#rejected.push({ index, error })
    }
    if (this.#targets.size > 0) this.#tellOfTargets()
    return this.#samples.lines
  }

  settled(line: Line): readonly Sample[] {
    return this.#samples.settled(line)
  }

  /** Ends the request, of which every line is settled, and tells which points were not taken. */
  end(): readonly Rejection[] {
    const rejected = [...this.#rejected, ...this.#samples.superseded()]
    this.#samples.end()
    return rejected
  }

  #point(point: Point, index: number): Error | undefined {
    const { series, timeMs, value, stale, exemplars } = point
    const lines = this.#lines.of(series)
    if (lines instanceof Error) return lines
    if (!(Math.abs(timeMs) <= Number.MAX_SAFE_INTEGER)) return new Error(`${timeMs} is not a time`)
    if (lines.target && this.#options.targetInfo) this.#note(lines.target, timeMs, index)
    if (stale) {
      this.#end(lines, point, index)
      return undefined
    }
    const error = mismatch(lines.type, value)
    if (error) return error
    if (typeof value === 'number') {
      this.#samples.add(lines.plain, point, index)
      if (exemplars && lines.type === 'counter') this.#exemplars(lines.plain, point)
    } else if (lines.type === 'summary') this.#summary(lines, point, index)
    else if (this.#options.nativeHistograms && isExponentialHistogram(value)) return this.#native(lines, point, index)
    else this.#buckets(lines, point, index)
    return undefined
  }

  #native(lines: SeriesLines, point: Point, index: number): Error | undefined {
    const error = notNative(point.value as ExponentialHistogram)
    if (error) return error
    lines.native = true
    this.#samples.add(lines.plain, point, index)
    this.#exemplars(lines.plain, point)
    return undefined
  }

  #buckets(lines: SeriesLines, point: Point, index: number): void {
    const given = point.value as Histogram | ExponentialHistogram
    const { count, sum, bounds, counts } = isExponentialHistogram(given) ? explicit(given) : given
    let total = 0
    let above = Number.NaN
    for (const [at, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
      total += counts[at] ?? 0
      const line = lines.bounded(bound)
      // The last one holds everything, even of a histogram whose buckets were not kept.
      this.#samples.add(line, part(point, at === bounds.length ? count : total), index)
      this.#exemplars(line, point, above, bound)
      above = bound
    }
    if (sum !== undefined) this.#samples.add(lines.suffixed('_sum'), part(point, sum), index)
    this.#samples.add(lines.suffixed('_count'), part(point, count), index)
  }

  #summary(lines: SeriesLines, point: Point, index: number): void {
    const { count, sum, quantiles } = point.value as Summary
    for (const { quantile, value } of quantiles) this.#samples.add(lines.bounded(quantile), part(point, value), index)
    this.#samples.add(lines.suffixed('_sum'), part(point, sum), index)
    this.#samples.add(lines.suffixed('_count'), part(point, count), index)
  }

  /** Ends every line that the series was sent as. */
  #end(lines: SeriesLines, { timeMs }: Point, index: number): void {
    const end: Sample = { timeMs, value: Number.NaN, stale: true }
    if (lines.type === 'gauge' || lines.type === 'counter') this.#samples.add(lines.plain, end, index)
    if (lines.native) this.#samples.add(lines.plain, { ...end, value: noHistogram }, index)
    for (const line of lines.parts()) this.#samples.add(line, end, index)
  }

  /** Those of the point above `above`, where that is a number, and up to `upTo`. One without a time has that of the point: it has to have one. */
  #exemplars(line: Line, { timeMs, exemplars }: Point, above = Number.NaN, upTo = Number.POSITIVE_INFINITY): void {
    for (const exemplar of exemplars ?? []) {
      if (exemplar.value <= above || !(exemplar.value <= upTo)) continue
      const labels = [...exemplarLabels(exemplar)].sort(([a], [b]) => (a < b ? -1 : 1))
      this.#samples.addExemplar(line, { labels, value: exemplar.value, timeMs: exemplar.timeMs ?? timeMs })
    }
  }

  #note(target: Line, timeMs: number, point: number): void {
    const newest = this.#targets.get(target)
    if (!newest || newest.timeMs < timeMs) this.#targets.set(target, { timeMs, point })
  }

  #tellOfTargets(): void {
    for (const [line, { timeMs, point }] of this.#targets) {
      if (timeMs < (this.#toldMs.get(line) ?? Number.NEGATIVE_INFINITY)) continue
      this.#toldMs.set(line, timeMs)
      this.#samples.add(line, { timeMs, value: 1 }, point)
    }
    this.#targets.clear()
  }

  #tidy(used: number): void {
    if (!this.#lines.tidy(used)) return
    this.#form.forget()
    this.#toldMs.clear()
  }
}

const part = ({ timeMs, startTimeMs }: Point, value: number): Sample => ({
  timeMs,
  value,
  ...(startTimeMs !== undefined && { startTimeMs }),
})

/** In place of a value, where a series of native histograms ends. */
const noHistogram: ExponentialHistogram = {
  count: 0,
  scale: 0,
  zeroCount: 0,
  positive: { offset: 0, counts: [] },
  negative: { offset: 0, counts: [] },
}
