import { type Clock, systemClock } from '../core/clock.ts'
import type { Context } from '../core/context.ts'
import type { ComputeSource } from '../core/source.ts'
import { alignWindow, formatResolution, type Window, windowAfter } from '../core/window.ts'

export interface CombinedWindowsOptions<T> {
  readonly name: string
  /** What is stored of a shorter window; undefined when there is nothing. */
  readonly read: (window: Window, context: Context) => Promise<T | undefined>
  /** A longer window's `T` from what is stored of those in it, oldest first, at least one. */
  readonly combine: (window: Window, parts: readonly T[]) => T | undefined
  /** The controller that stores the shorter windows: a window that has ended waits until all in it are settled. */
  readonly after?: { readonly settledUntil: Date | undefined }
  readonly clock?: Clock
}

/**
 * Computes a window from the shorter windows in it, of the source resolution, as they are stored: so hours come from minutes and
 * days from hours, for times at which the process did not run, too. Where shorter windows are missing, what is there is combined.
 */
export class CombinedWindows<T> implements ComputeSource<T> {
  readonly name: string
  readonly #options: CombinedWindowsOptions<T>

  constructor(options: CombinedWindowsOptions<T>) {
    this.name = options.name
    this.#options = options
  }

  canCompute({ end }: Window): boolean {
    const { after, clock = systemClock } = this.#options
    if (!after || clock.now() < end.getTime()) return true
    return after.settledUntil !== undefined && end <= after.settledUntil
  }

  /** Rejects where the window is not a whole number of windows of that resolution. */
  async compute(window: Window, resolutionMs: number, context: Context): Promise<T | undefined> {
    const parts: T[] = []
    let part = alignWindow(window.start.getTime(), resolutionMs)
    const wholeParts = (window.end.getTime() - window.start.getTime()) / resolutionMs
    if (part.start < window.start || !Number.isInteger(wholeParts))
      throw new Error(
        `${this.name}: the window from ${window.start.toISOString()} is not made of whole windows of ${formatResolution(resolutionMs)}`,
      )
    for (; part.start < window.end; part = windowAfter(part)) {
      const stored = await this.#options.read(part, context)
      if (stored !== undefined) parts.push(stored)
    }
    return parts.length > 0 ? this.#options.combine(window, parts) : undefined
  }
}
