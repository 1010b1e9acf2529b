/**
 * What the dashboard remembers: the last samples of every series, in one row of times for all, so that those which begin late stay
 * aligned.
 */

export interface SeriesStoreOptions {
  /** How many samples are kept. Default 500. */
  readonly capacity?: number
  /** How many series are kept; a new one has no room while there are as many. Default 4096. */
  readonly mostSeries?: number
  /**
   * For how many milliseconds a value stands for samples that have none of that series: for what is measured less often than the rest.
   * Default 0.
   */
  readonly holdMs?: (name: string) => number
}

interface Line {
  /** By sample number modulo capacity; NaN where the series had no value. */
  readonly values: Float64Array
  /** Number, time and value of the last sample that had one. */
  last: number
  lastMs: number
  lastValue: number
}

/** Series by name, bounded in samples and in number. A series without a value in all that is kept is forgotten. Nothing here throws. */
export class SeriesStore {
  readonly #capacity: number
  readonly #mostSeries: number
  readonly #holdMs: (name: string) => number
  readonly #times: Float64Array
  readonly #lines = new Map<string, Line>()
  /** Samples ever taken; the number of the next. */
  #taken = 0

  constructor({ capacity = 500, mostSeries = 4096, holdMs = () => 0 }: SeriesStoreOptions = {}) {
    this.#capacity = Math.max(1, Math.trunc(capacity))
    this.#mostSeries = mostSeries
    this.#holdMs = holdMs
    this.#times = new Float64Array(this.#capacity)
  }

  /** How many samples are kept now. */
  get length(): number {
    return Math.min(this.#taken, this.#capacity)
  }

  /** The series with a value in what is kept, in the order in which they came. */
  get names(): readonly string[] {
    return [...this.#lines.keys()]
  }

  /** Takes a sample. What is not a finite number counts as no value. */
  update(timeMs: number, values: Iterable<readonly [name: string, value: number]>): void {
    const now = this.#taken++
    const slot = now % this.#capacity
    this.#times[slot] = timeMs
    for (const [name, value] of values) {
      if (!Number.isFinite(value)) continue
      const line = this.#lines.get(name) ?? this.#begin(name)
      if (!line) continue
      line.values[slot] = value
      line.last = now
      line.lastMs = timeMs
      line.lastValue = value
    }
    for (const [name, line] of this.#lines) {
      if (line.last === now) continue
      line.values[slot] = timeMs - line.lastMs <= this.#holdMs(name) ? line.lastValue : Number.NaN
      if (now - line.last >= this.#capacity) this.#lines.delete(name)
    }
  }

  /**
   * The values of up to `width` samples, the oldest first; the last is the one `shift` before the newest. NaN where the series
   * had no value; empty when the series is not known or nothing is that old.
   */
  slice(name: string, shift: number, width: number): readonly number[] {
    const line = this.#lines.get(name)
    return line ? this.#window(line.values, shift, width) : []
  }

  /** The times of the same samples, in milliseconds since the epoch. */
  times(shift: number, width: number): readonly number[] {
    return this.#window(this.#times, shift, width)
  }

  #begin(name: string): Line | undefined {
    if (this.#lines.size >= this.#mostSeries) return undefined
    const line = { values: new Float64Array(this.#capacity).fill(Number.NaN), last: 0, lastMs: 0, lastValue: 0 }
    this.#lines.set(name, line)
    return line
  }

  #window(ring: Float64Array, shift: number, width: number): number[] {
    const end = this.#taken - Math.max(0, shift)
    const begin = Math.max(this.#taken - this.length, end - width)
    const window: number[] = []
    for (let sample = begin; sample < end; sample++) window.push(ring[sample % this.#capacity]!)
    return window
  }
}
