import { type ExportResult, orAborted, type Point, type PointValue, type Series } from '../../core/index.ts'
import { subtract } from './subtract.ts'

/** What a destination that does not know totals is told of a point. */
export interface Increment {
  /** Of a point that is cumulative, what has been counted since; of any other its value. */
  readonly value: PointValue
  /** When that counting began, in milliseconds since the epoch; absent where that is not known. */
  readonly sinceMs?: number
}

type Last = Pick<Point, 'timeMs' | 'startTimeMs' | 'value'>

/** Of so many series it is known what was told of them last. */
const most = 1_000_000

/** Whether the points of a series say how much has been counted since the beginning. */
export const isCumulative = ({ kind, temporality, monotonic }: Series): boolean =>
  kind !== 'gauge' && temporality !== 'delta' && monotonic !== false

/**
 * What cumulative points have grown by since the last one that was delivered. What is not delivered is part of the next increment, so
 * nothing is missed, and what is tried again is the same increment as before. Nothing is remembered across a restart.
 */
export class Increments {
  readonly #last = new Map<string, Last>()
  readonly #startedMs: number
  #turn: Promise<unknown> = Promise.resolve()

  /** What began to count after `startedMs` has been told nothing of yet: its first point is its first increment. */
  constructor(startedMs: number) {
    this.#startedMs = startedMs
  }

  /**
   * Gives `send` an increment for each of the points, by their place, and remembers those that its result says were delivered. There is
   * none (undefined) for the first point of what has counted for longer than this runs, nor for one that is no later than what was told
   * last. One call waits for the other, unless the signal aborts; `send` must heed that itself.
   */
  async deliver(
    points: readonly Point[],
    signal: AbortSignal,
    send: (increments: readonly (Increment | undefined)[]) => Promise<ExportResult>,
  ): Promise<ExportResult> {
    if (!points.some(({ series }) => isCumulative(series))) return send(points.map(asItIs))
    const before = this.#turn
    const { promise: done, resolve } = Promise.withResolvers<void>()
    this.#turn = before.then(() => done)
    try {
      await orAborted(before, signal)
      const result = await send(this.#incrementsOf(points))
      this.#remember(points, result)
      return result
    } finally {
      resolve()
    }
  }

  #incrementsOf(points: readonly Point[]): readonly (Increment | undefined)[] {
    const last = new Map<string, Last>()
    const increments = new Array<Increment | undefined>(points.length).fill(undefined)
    for (const index of inTime(points)) {
      const point = points[index]!
      if (!isCumulative(point.series)) {
        increments[index] = asItIs(point)
        continue
      }
      const { key } = point.series
      const known = last.get(key) ?? this.#last.get(key)
      if (point.stale || (known && point.timeMs <= known.timeMs)) continue
      increments[index] = this.#increment(point, known)
      last.set(key, point)
    }
    return increments
  }

  #increment({ value, startTimeMs }: Point, last: Last | undefined): Increment | undefined {
    const sinceStart: Increment = { value, ...(startTimeMs !== undefined && { sinceMs: startTimeMs }) }
    if (!last) return startTimeMs !== undefined && startTimeMs >= this.#startedMs ? sinceStart : undefined
    const restarted = startTimeMs !== undefined && last.startTimeMs !== undefined && startTimeMs > last.startTimeMs
    const grown = restarted ? undefined : subtract(value, last.value)
    return grown === undefined ? { sinceMs: last.timeMs, ...sinceStart } : { value: grown, sinceMs: last.timeMs }
  }

  #remember(points: readonly Point[], result: ExportResult): void {
    if (result.status !== 'ok' && result.status !== 'partial') return
    const undelivered = new Set(
      result.status === 'partial'
        ? [...result.retry, ...result.rejected.flatMap((rejection) => ('index' in rejection ? [rejection.index] : []))]
        : [],
    )
    for (const index of inTime(points)) {
      const { series, timeMs, startTimeMs, value, stale } = points[index]!
      if (undelivered.has(index) || stale || !isCumulative(series)) continue
      const last = this.#last.get(series.key)
      if (last && last.timeMs >= timeMs) continue
      this.#last.set(series.key, { timeMs, value, ...(startTimeMs !== undefined && { startTimeMs }) })
    }
    for (const key of this.#last.keys()) {
      if (this.#last.size <= most) break
      this.#last.delete(key)
    }
  }
}

const asItIs = ({ value, startTimeMs, stale }: Point): Increment | undefined =>
  stale ? undefined : { value, ...(startTimeMs !== undefined && { sinceMs: startTimeMs }) }

/** Indexes in the order of times. */
function inTime(points: readonly Point[]): readonly number[] {
  const indexes = [...points.keys()]
  return points.every(({ timeMs }, index) => index === 0 || points[index - 1]!.timeMs <= timeMs)
    ? indexes
    : indexes.sort((a, b) => points[a]!.timeMs - points[b]!.timeMs)
}
