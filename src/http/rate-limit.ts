import type { Context } from '../sdk.ts'

/**
 * Lets so many requests a second pass: a bucket that holds the tokens of one second, at least one, and fills evenly. Who finds
 * none waits.
 */
export class RateLimit {
  readonly #perSecond: number
  readonly #capacity: number
  #tokens: number
  #filledMs: number | undefined

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#capacity = Math.max(1, perSecond)
    this.#tokens = this.#capacity
  }

  /** Resolves when it is the caller's turn, or without one as soon as the signal aborts. */
  async turn({ clock, signal }: Pick<Context, 'clock' | 'signal'>): Promise<void> {
    while (!signal.aborted) {
      const nowMs = clock.monotonic()
      this.#tokens = Math.min(this.#capacity, this.#tokens + ((nowMs - (this.#filledMs ?? nowMs)) * this.#perSecond) / 1000)
      this.#filledMs = nowMs
      if (this.#tokens >= 1) {
        this.#tokens--
        return
      }
      await clock.sleep(Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond), signal)
    }
  }
}
