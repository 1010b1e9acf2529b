import type { Context } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import { lastingAbortController } from '../core/lasting-abort-controller.ts'

export interface TickerOptions {
  readonly context: Context
  /** Whether the first tick is at once; otherwise it is at the next multiple of the interval. */
  readonly immediate: boolean
  /** Called for each tick that did not happen, since one before it took so long. */
  readonly onMissed?: (() => void) | undefined
}

/** What is done at a tick, due at `at`: in whole seconds, where the interval is of whole seconds. The signal of `context` aborts when the ticking is to stop. Must not reject. */
export type Tick = (at: Date, context: Context) => Promise<void>

/**
 * Ticks at multiples of an interval since the epoch, one at a time, so a late one does not shift those after it. A tick that
 * comes while the one before is under way follows that at once; when the next has come by then as well, it is missed, and
 * counted. No tick comes before its time by the clock, and when the clock was set back they go on from there.
 */
export class Ticker {
  readonly #tick: Tick
  readonly #options: TickerOptions
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined
  #missed = 0

  constructor(tick: Tick, options: TickerOptions) {
    this.#tick = tick
    this.#options = options
  }

  /** Ticks missed since it was made. */
  get missed(): number {
    return this.#missed
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  /** Begins; false when it is running or still stopping. Throws WaybillError `INVALID_DURATION`. */
  start(interval: Duration): boolean {
    const intervalMs = Math.max(1, parseDuration(interval))
    if (this.#running) return false
    const stop = lastingAbortController()
    this.#running = { stop, done: this.#run(intervalMs, { ...this.#options.context, signal: stop.signal }) }
    return true
  }

  /** Ends; a tick under way is finished first. */
  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    running.stop.abort()
    await running.done
    if (this.#running === running) this.#running = undefined
  }

  async #run(intervalMs: number, context: Context): Promise<void> {
    const { clock, signal } = context
    const after = (ms: number) => Math.floor(ms / intervalMs) * intervalMs + intervalMs
    /** The two clocks are read one after the other, one of them in whole milliseconds. */
    const leewayMs = 2 + intervalMs / 10
    const unitMs = intervalMs % 1000 === 0 ? 1000 : 1
    /** By the clock that nobody sets. */
    const steady = (ms: number) => clock.monotonic() + ms - clock.now()
    let due = this.#options.immediate ? clock.now() : after(clock.now())
    let steadyDue = steady(due)
    while (!signal.aborted) {
      const now = clock.now()
      if (now < due - intervalMs) {
        due = after(now)
        steadyDue = steady(due)
      }
      if (now < due) {
        await clock.sleep(due - now, signal)
        continue
      }
      await this.#tick(new Date(Math.floor(due / unitMs) * unitMs), context)
      const following = after(due)
      const lateMs = clock.monotonic() - steadyDue - (following - due)
      const passed = Math.max(0, Math.floor((lateMs + leewayMs) / intervalMs) + 1)
      const upcoming = after(clock.now())
      const next = Math.max(passed > 0 ? upcoming - intervalMs : upcoming, following)
      // A clock that was set forward passes over ticks that nobody had time for.
      this.#miss(Math.min(passed, (next - following) / intervalMs))
      due = next
      steadyDue = steady(due)
    }
  }

  #miss(count: number): void {
    this.#missed += count
    for (let n = 0; n < count; n++) this.#options.onMissed?.()
  }
}
