import type { Clock } from '../core/clock.ts'

interface Sleeper {
  readonly untilMs: number
  wake(): void
}

/** A clock that is moved by hand. Between two sleepers it lets promises settle, so that whoever sleeps again is woken in the same advance. */
export class ManualClock implements Clock {
  #nowMs: number
  readonly #sleepers = new Set<Sleeper>()

  constructor(startMs = 0) {
    this.#nowMs = startMs
  }

  now(): number {
    return this.#nowMs
  }

  monotonic(): number {
    return this.#nowMs
  }

  /** How many sleep now. */
  get sleeping(): number {
    return this.#sleepers.size
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const wake = () => {
        this.#sleepers.delete(sleeper)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const sleeper: Sleeper = { untilMs: this.#nowMs + Math.max(0, ms), wake }
      this.#sleepers.add(sleeper)
      signal?.addEventListener('abort', wake)
    })
  }

  /** Moves time on by `ms`, waking sleepers in the order of their times. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await settled()
    for (;;) {
      const next = [...this.#sleepers].reduce<Sleeper | undefined>(
        (first, sleeper) => (first && first.untilMs <= sleeper.untilMs ? first : sleeper),
        undefined,
      )
      if (!next || next.untilMs > endMs) break
      this.#nowMs = Math.max(this.#nowMs, next.untilMs)
      next.wake()
      await settled()
    }
    this.#nowMs = endMs
  }
}

/** Lets every promise that can settle without time or I/O do so. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
