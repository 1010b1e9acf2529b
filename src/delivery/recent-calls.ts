import { LatencyHistogram } from './latency-histogram.ts'

/** What some calls were like. */
export class CallFigures {
  readonly latency = new LatencyHistogram()
  calls = 0
  successes = 0

  merge(other: CallFigures): void {
    this.latency.merge(other.latency)
    this.calls += other.calls
    this.successes += other.successes
  }

  clear(): void {
    this.latency.clear()
    this.calls = 0
    this.successes = 0
  }
}

const parts = 10

/**
 * What the calls of the last `windowMs` were like. Time moves on in tenths of the window: a call counts for at least nine
 * of them and at most ten. About 11 KiB, however many calls.
 */
export class RecentCalls {
  readonly #partMs: number
  readonly #parts = Array.from({ length: parts }, () => new CallFigures())
  readonly #all = new CallFigures()
  #current = 0

  constructor(windowMs: number) {
    this.#partMs = windowMs / parts
  }

  /** A call that ended at `nowMs`, on a clock that only goes forward, and took `latencyMs`. */
  record(nowMs: number, latencyMs: number, success: boolean): void {
    this.#advance(nowMs)
    for (const figures of [this.#all, this.#parts[this.#current % parts]!]) {
      figures.latency.record(latencyMs)
      figures.calls++
      if (success) figures.successes++
    }
  }

  /** The figures at `nowMs`, valid until the next call of a method. */
  figures(nowMs: number): CallFigures {
    this.#advance(nowMs)
    return this.#all
  }

  #advance(nowMs: number): void {
    const current = Math.floor(nowMs / this.#partMs)
    if (current === this.#current) return
    const gone = Math.min(parts, current - this.#current)
    for (let part = 0; part < gone; part++) this.#parts[(current - part) % parts]!.clear()
    this.#current = current
    this.#all.clear()
    for (const figures of this.#parts) this.#all.merge(figures)
  }
}
