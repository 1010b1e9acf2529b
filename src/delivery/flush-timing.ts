import { type Duration, parseDuration } from '../core/duration.ts'

export interface FlushTimingOptions {
  /** How long data may wait for more before it is delivered. Default 0: not at all. */
  readonly flushInterval?: Duration
  /** Lets the interval follow the load: shorter while the buffer fills up before it is over, longer while little comes. */
  readonly adaptiveFlushing?: boolean | { readonly minInterval?: Duration; readonly maxInterval?: Duration }
}

/** How long a buffer waits before it delivers. Adaptive, it halves under load and grows by half when idle, within its bounds. */
export class FlushTiming {
  readonly #minMs: number
  readonly #maxMs: number
  #intervalMs: number

  constructor({ flushInterval = 0, adaptiveFlushing = false }: FlushTimingOptions) {
    const fixed = parseDuration(flushInterval)
    const bounds = adaptiveFlushing === true ? {} : adaptiveFlushing
    this.#minMs = bounds ? parseDuration(bounds.minInterval ?? '5s') : fixed
    this.#maxMs = bounds ? Math.max(this.#minMs, parseDuration(bounds.maxInterval ?? '5m')) : fixed
    this.#intervalMs = Math.min(this.#maxMs, Math.max(this.#minMs, fixed))
  }

  get intervalMs(): number {
    return this.#intervalMs
  }

  /** Tells what a flush found: `full` before the interval was over, or how full (0 to 1) at its end. */
  flushed(fullness: number): void {
    if (fullness >= 1) this.#intervalMs = Math.max(this.#minMs, this.#intervalMs / 2)
    else if (fullness < 0.1) this.#intervalMs = Math.min(this.#maxMs, this.#intervalMs * 1.5)
  }
}
