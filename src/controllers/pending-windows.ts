import { alignWindow, type Window } from '../core/window.ts'
import type { WindowState } from './window-state.ts'

export interface PendingWindowsOptions {
  readonly resolutionMs: number
  readonly maxPending: number
}

/** What became of a window that was tried. `down`: it failed and every other would. */
export type Tried = 'settled' | 'failed' | 'down'

/** Windows that were given up since more were pending than may be. */
export interface Dropped {
  readonly count: number
  /** The oldest of them. */
  readonly first: Window
}

interface Entry {
  readonly window: Window
  /** Every time it failed. */
  failures: number
  /** How often it failed although another did not: by itself. */
  alone: number
  waitTicks: number
}

const triesPerTick = 4
const backOffTicks = [1, 2, 4, 8, 12]
const backOff = (failures: number): number => backOffTicks[Math.min(failures, backOffTicks.length) - 1]!

/**
 * The closed windows that are still to be exported. Each window is taken in once, when it has closed; the oldest are dropped,
 * and counted, when there are too many. They are tried oldest first, at most four in a tick. While nothing succeeds, all wait
 * together, 1, 2, 4, 8, then 12 ticks, or until another window closes, and go on in order. A window that fails in a tick in
 * which another does not has failed by itself: it waits so alone and the others pass it by.
 */
export class PendingWindows {
  readonly #resolutionMs: number
  readonly #maxPending: number
  #entries: Entry[] = []
  #nextMs: number | undefined
  #outages = 0
  #waitTicks = 0
  #dropped = 0
  #rejected = 0

  constructor({ resolutionMs, maxPending }: PendingWindowsOptions) {
    this.#resolutionMs = resolutionMs
    this.#maxPending = maxPending
  }

  get count(): number {
    return this.#entries.length
  }

  /** Those that have failed and are not settled. */
  get failing(): number {
    return this.#entries.filter(({ failures }) => failures > 0).length
  }

  get dropped(): number {
    return this.#dropped
  }

  get rejected(): number {
    return this.#rejected
  }

  /** Goes on from where `state` was taken. What has failed before is tried at once. */
  restore({ nextMs, pendingMs, dropped, rejected }: WindowState): void {
    this.#nextMs = nextMs
    this.#entries = pendingMs.map((startMs) => this.#entry(startMs))
    this.#dropped = dropped
    this.#rejected = rejected
  }

  /** Undefined before any window was taken in. */
  get state(): WindowState | undefined {
    if (this.#nextMs === undefined) return undefined
    return {
      version: 1,
      resolutionMs: this.#resolutionMs,
      nextMs: this.#nextMs,
      pendingMs: this.#entries.map(({ window }) => window.start.getTime()),
      dropped: this.#dropped,
      rejected: this.#rejected,
    }
  }

  /** All windows that end by then are exported, dropped or had nothing to export. Undefined before any window was taken in. */
  get settledUntil(): Date | undefined {
    if (this.#nextMs === undefined) return undefined
    return this.#entries[0]?.window.start ?? new Date(this.#nextMs)
  }

  /** Whether the window was never taken in: one that closed before, by a clock since set back, was. */
  isOpen({ start }: Window): boolean {
    return this.#nextMs === undefined || start.getTime() >= this.#nextMs
  }

  /**
   * Takes in the windows that have closed by now: at the first time ever the last of them, later all since the time before.
   * Gives those that had to be dropped for them. A clock that was set back takes nothing in.
   */
  close(nowMs: number): Dropped | undefined {
    const openMs = alignWindow(nowMs, this.#resolutionMs).start.getTime()
    const fromMs = this.#nextMs ?? openMs - this.#resolutionMs
    if (openMs <= fromMs) return undefined
    this.#nextMs = openMs
    this.#waitTicks = 0
    const closed = (openMs - fromMs) / this.#resolutionMs
    const excess = Math.max(0, this.#entries.length + closed - this.#maxPending)
    const first = this.#entries[0]?.window ?? alignWindow(fromMs, this.#resolutionMs)
    const skipped = excess - this.#entries.splice(0, excess).length
    for (let startMs = fromMs + Math.max(0, skipped) * this.#resolutionMs; startMs < openMs; startMs += this.#resolutionMs)
      this.#entries.push(this.#entry(startMs))
    this.#dropped += excess
    return excess > 0 ? { count: excess, first } : undefined
  }

  has(window: Window): boolean {
    return this.#entries.some(isOf(window))
  }

  /** It is exported, or there is nothing to export of it. */
  settle(window: Window): void {
    this.#entries = this.#entries.filter((entry) => !isOf(window)(entry))
  }

  /** Its data is refused for good. */
  reject(window: Window): void {
    this.#rejected++
    this.settle(window)
  }

  /**
   * One tick: the windows to try, each to be answered with what became of it, which the caller has settled before it says so.
   * Those that are not `ready` wait without having failed. May be left at any time.
   */
  *tick(ready: (window: Window) => boolean): Generator<Window, void, Tried> {
    for (const entry of this.#entries) entry.waitTicks--
    if (--this.#waitTicks > 0) return
    const tried = new Set<Entry>()
    const failed: Entry[] = []
    let down = false
    let succeeded = false
    try {
      while (tried.size < triesPerTick && !down) {
        const due = this.#entries.filter((entry) => entry.waitTicks <= 0 && !tried.has(entry))
        const entry = failed.length === triesPerTick - 1 ? leastTried(due, ready) : due.find(({ window }) => ready(window))
        if (!entry) return
        tried.add(entry)
        const outcome = yield entry.window
        if (outcome === 'settled') succeeded = true
        else failed.push(entry)
        down = outcome === 'down'
      }
    } finally {
      this.#blame(failed, { down, succeeded })
    }
  }

  #blame(failed: readonly Entry[], { down, succeeded }: { readonly down: boolean; readonly succeeded: boolean }): void {
    if (succeeded) this.#outages = 0
    let outage = down
    for (const entry of failed) {
      entry.failures++
      if (down) continue
      if (succeeded || entry.alone > 0) entry.waitTicks = backOff(++entry.alone)
      else outage = true
    }
    if (outage) this.#waitTicks = backOff(++this.#outages)
  }

  #entry(startMs: number): Entry {
    return { window: alignWindow(startMs, this.#resolutionMs), failures: 0, alone: 0, waitTicks: 0 }
  }
}

const isOf =
  ({ start }: Window) =>
  ({ window }: Entry): boolean =>
    window.start.getTime() === start.getTime()

/** Who gets the last try of a tick in which all others failed, so that a few windows that fail by themselves never bar the way. */
const leastTried = (due: readonly Entry[], ready: (window: Window) => boolean): Entry | undefined =>
  due.toSorted((a, b) => a.failures - b.failures).find(({ window }) => ready(window))
