import { type Family, familyOf, mismatch, unnameable } from '../../codecs/prometheus-text/family.ts'
import { FamilyNames } from '../../codecs/prometheus-text/family-names.ts'
import { type Point, WaybillError } from '../../sdk.ts'
import { accumulate } from './accumulate.ts'

export interface ExposedSeriesOptions {
  readonly prefix: string
  /** A series without a new point for so long is let go. */
  readonly staleAfterMs: number
  readonly maxSeries: number
}

interface Held {
  point: Point
  /** When the point came, by the clock of the caller. */
  cameMs: number
  readonly family: Family
}

/** The newest point of each series, until it is stale; of series of delta temporality, the sum of all points. Bounded. */
export class ExposedSeries {
  readonly #options: ExposedSeriesOptions
  readonly #held = new Map<string, Held>()
  readonly #names = new FamilyNames()
  readonly #full: WaybillError

  constructor(options: ExposedSeriesOptions) {
    this.#options = options
    this.#full = new WaybillError('DESTINATION_UNAVAILABLE', `cannot expose a new series: there are ${options.maxSeries} already`, {
      hint: 'look for a label with too many values, or raise max_series',
    })
  }

  get size(): number {
    return this.#held.size
  }

  get isFull(): boolean {
    return this.#held.size >= this.#options.maxSeries
  }

  /** Takes a point that comes at `nowMs`, or answers why it never will. One that is not newer than what is there changes nothing. */
  take(point: Point, nowMs: number): Error | undefined {
    const { key, temporality } = point.series
    const held = this.#held.get(key)
    if (!held) return point.stale ? undefined : this.#add(point, nowMs)
    if (point.timeMs <= held.point.timeMs) return undefined
    if (point.stale) {
      this.#remove(key, held)
      return undefined
    }
    const error = mismatch(held.family.type, point.value) ?? unaddable(point)
    if (error) return error
    held.point = temporality === 'delta' ? addedUp(held.point, point) : point
    held.cameMs = nowMs
    return undefined
  }

  /** Lets go the series of a point. */
  forget({ series: { key } }: Point): void {
    const held = this.#held.get(key)
    if (held) this.#remove(key, held)
  }

  /** Lets go what is stale at `nowMs`. */
  expire(nowMs: number): void {
    for (const [key, held] of this.#held) if (nowMs - held.cameMs >= this.#options.staleAfterMs) this.#remove(key, held)
  }

  points(): Point[] {
    return Array.from(this.#held.values(), ({ point }) => point)
  }

  #add(point: Point, nowMs: number): Error | undefined {
    const family = familyOf(point.series, this.#options.prefix)
    if (!family) return unnameable
    const error = mismatch(family.type, point.value) ?? unaddable(point) ?? (this.isFull ? this.#full : this.#names.take(family))
    if (error) return error
    this.#held.set(point.series.key, { point, cameMs: nowMs, family })
    return undefined
  }

  #remove(key: string, { family }: Held): void {
    this.#held.delete(key)
    this.#names.release(family)
  }
}

/** One NaN would be in every sum from then on. */
function unaddable({ series, value }: Point): Error | undefined {
  const wrong = series.temporality === 'delta' && typeof value === 'number' && !Number.isFinite(value)
  return wrong ? new Error(`${value} cannot be added to what was counted`) : undefined
}

const addedUp = (total: Point, more: Point): Point => ({
  ...more,
  value: accumulate(total.value, more.value),
  ...(total.startTimeMs !== undefined && { startTimeMs: total.startTimeMs }),
})
