import type { MetricsBatch, RowsBatch } from '../core/batch.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { Context } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Point } from '../core/point.ts'
import { type ExportResult, ok, partial, type Rejection } from '../core/result.ts'
import type { ComputeSource } from '../core/source.ts'
import { alignWindow, type Window } from '../core/window.ts'
import { type Aggregate, addAggregate, emptyAggregate, toRows } from './window-rows.ts'

export interface WindowedAggregationOptions {
  /** Default: `metrics`. */
  readonly name?: string
  /** Length of the windows: the resolution of the controller that it is the source of. */
  readonly resolution: Duration
  /** How long after its end a window still takes points. Default: 5s. */
  readonly grace?: Duration
  /** Most series in a window; points of others are rejected. Default: 10,000. */
  readonly maxSeries?: number
  /** How many windows are kept, the latest, for as long as they cannot be exported. Default: 50. */
  readonly maxWindows?: number
  readonly clock?: Clock
}

/**
 * Takes points and computes what each series was like over windows of one length: a row for each, see `windowTable`. All of it
 * is in memory, so choose short windows, store them, and combine longer ones from these (`CombinedWindows`): then a process that
 * ends loses no more than the last one. A window of which it saw only a part says so in `coverage`; one that it saw nothing of
 * has no rows. Rejected are points that are not a finite number, lie outside the windows of now, or are of too many series.
 */
export class WindowedAggregation implements EventExporter<MetricsBatch>, ComputeSource<RowsBatch> {
  readonly name: string
  readonly #resolutionMs: number
  readonly #graceMs: number
  readonly #maxSeries: number
  readonly #maxWindows: number
  readonly #clock: Clock
  /** By start of the window, then by the key of the series. */
  readonly #windows = new Map<number, Map<string, Aggregate>>()
  readonly #sinceMs: number

  constructor(options: WindowedAggregationOptions) {
    const { name = 'metrics', resolution, grace = '5s', maxSeries = 10_000, maxWindows = 50, clock = systemClock } = options
    this.name = name
    this.#resolutionMs = parseDuration(resolution)
    this.#graceMs = parseDuration(grace)
    this.#maxSeries = maxSeries
    this.#maxWindows = maxWindows
    this.#clock = clock
    this.#sinceMs = clock.now()
  }

  async export(_time: Date, { points }: MetricsBatch): Promise<ExportResult> {
    const rejected: Rejection[] = []
    for (const [index, point] of points.entries()) {
      const problem = point.stale ? undefined : this.#add(point)
      if (problem) rejected.push({ index, error: new Error(problem) })
    }
    return rejected.length > 0 ? partial(rejected) : ok
  }

  /** False while a window that has ended still takes points. */
  canCompute({ end }: Window): boolean {
    const nowMs = this.#clock.now()
    return nowMs < end.getTime() || nowMs >= end.getTime() + this.#graceMs
  }

  /** Undefined when it has seen nothing of the window. */
  async compute(window: Window, _resolutionMs: number, _context: Context): Promise<RowsBatch | undefined> {
    const startMs = window.start.getTime()
    const aggregates = this.#windows.get(startMs)
    if (!aggregates) return undefined
    const coveredMs = Math.min(this.#clock.now(), window.end.getTime()) - Math.max(this.#sinceMs, startMs)
    const covered = Array.from(aggregates.values(), (aggregate) => ({ ...aggregate, coveredMs: Math.max(0, coveredMs) }))
    return toRows(window, covered)
  }

  #add({ series, timeMs, value }: Point): string | undefined {
    if (typeof value !== 'number' || !Number.isFinite(value)) return `${series.name} is not a finite number`
    const { start, end } = alignWindow(timeMs, this.#resolutionMs)
    const lateMs = this.#clock.now() - end.getTime()
    if (!(lateMs < this.#graceMs)) return `${series.name} comes after its window has ended`
    if (lateMs < -this.#resolutionMs - this.#graceMs) return `${series.name} is of a time to come`
    const aggregates = this.#windowFrom(start.getTime())
    let aggregate = aggregates.get(series.key)
    if (!aggregate) {
      if (aggregates.size >= this.#maxSeries) return `${series.name} is of more than ${this.#maxSeries} series`
      aggregate = emptyAggregate(series)
      aggregates.set(series.key, aggregate)
    }
    addAggregate(aggregate, { count: 1, sum: value, min: value, max: value, last: value, lastMs: timeMs, coveredMs: 0 })
    return undefined
  }

  #windowFrom(startMs: number): Map<string, Aggregate> {
    const known = this.#windows.get(startMs)
    if (known) return known
    const made = new Map<string, Aggregate>()
    this.#windows.set(startMs, made)
    if (this.#windows.size > this.#maxWindows) this.#windows.delete(Math.min(...this.#windows.keys()))
    return made
  }
}
