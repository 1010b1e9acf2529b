import { alignWindow, type Window, windowAfter } from '../core/window.ts'
import type { WindowOutcome } from './export-window.ts'

/** `unavailable`: the source cannot compute the window, now or any more. */
export type BackfillOutcome = WindowOutcome | { readonly status: 'unavailable' }

export interface BackfillProgress {
  /** Windows done so far, this one included. */
  readonly done: number
  readonly total: number
  readonly window: Window
  readonly outcome: BackfillOutcome
}

export interface BackfillOptions {
  /** Called after each window. */
  readonly onProgress?: (progress: BackfillProgress) => void
  /** Ends it between two windows. */
  readonly signal?: AbortSignal
}

/** How many windows there were of each outcome; fewer than `total` together when it was ended early. */
export type BackfillReport = Readonly<Record<BackfillOutcome['status'] | 'total', number>>

export interface BackfillSpan {
  readonly from: Date
  readonly to: Date
  readonly nowMs: number
  readonly resolutionMs: number
}

/** Does every window that touches [from, to) and has closed, one by one, oldest first. What fails is counted, and not tried again. */
export async function backfill(
  { from, to, nowMs, resolutionMs }: BackfillSpan,
  run: (window: Window) => Promise<BackfillOutcome>,
  { onProgress, signal }: BackfillOptions,
): Promise<BackfillReport> {
  const first = alignWindow(from.getTime(), resolutionMs)
  const openMs = alignWindow(nowMs, resolutionMs).start.getTime()
  const endMs = Math.min(openMs, alignWindow(to.getTime() - 1, resolutionMs).end.getTime())
  const total = Math.max(0, (endMs - first.start.getTime()) / resolutionMs)
  const report = { total, exported: 0, empty: 0, rejected: 0, failed: 0, unavailable: 0 }
  let window = first
  for (let done = 1; done <= total && !signal?.aborted; done++, window = windowAfter(window)) {
    const outcome = await run(window)
    report[outcome.status]++
    onProgress?.({ done, total, window, outcome })
  }
  return report
}
