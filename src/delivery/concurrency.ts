/** How much quicker the mean time of an export follows what is new; the last thirty or so count. */
const weight = 0.1

/**
 * How many exports may run at once, as far as a destination bears it: one more for each round of them that is taken in the usual time;
 * half as many when it fails, three quarters when one takes more than twice as long as usual.
 */
export class Concurrency {
  readonly #most: number
  #limit = 1
  #meanMs: number | undefined
  #reducedMs = Number.NEGATIVE_INFINITY

  constructor(most: number) {
    this.#most = most
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  /** Tells what became of an export, and when it ran. */
  ended(outcome: 'taken' | 'failed', { startMs, endMs }: { readonly startMs: number; readonly endMs: number }): void {
    const tookMs = endMs - startMs
    const meanMs = this.#meanMs ?? tookMs
    if (outcome === 'failed') this.#reduce(0.5, { startMs, endMs })
    else {
      this.#meanMs = meanMs + weight * (tookMs - meanMs)
      if (tookMs > 2 * meanMs + 1) this.#reduce(0.75, { startMs, endMs })
      else this.#limit = Math.min(this.#most, this.#limit + 1 / this.#limit)
    }
  }

  /** Once for all that ran at the time: they have met the same trouble. */
  #reduce(by: number, { startMs, endMs }: { readonly startMs: number; readonly endMs: number }): void {
    if (startMs < this.#reducedMs) return
    this.#reducedMs = endMs
    this.#limit = Math.max(1, this.#limit * by)
  }
}
