import { exportWindow, type WindowRoute } from '../../controllers/export-window.ts'
import type { StateStore } from '../../controllers/window-state.ts'
import { type Context, toError } from '../../sdk.ts'
import type { Span } from './array-source.ts'
import type { Measured } from './measured-windows.ts'
import type { HistoryState } from './states.ts'

export interface HistoryOptions {
  readonly route: WindowRoute<Measured>
  readonly state: StateStore<HistoryState>
  /** How far back the array can tell. */
  readonly retentionMs: number
  /** How long to wait after a failure. */
  readonly againMs: number
  readonly context: Context
}

/** Less than this is not missed when it gets too old: no array has samples nearer to each other. */
const sampleMs = 1000

/** So much is asked for at once. */
const pieceMs = 15 * 60_000

/** Notes when collecting begins, if it has not yet. */
export async function beginHistory(state: StateStore<HistoryState>, beganMs: number): Promise<void> {
  if (!(await state.load())) await state.save({ version: 1, beganMs, spans: [] })
}

/**
 * Collects what has passed, piece by piece, oldest first, over restarts: once what an array has kept from before it was collected, and what
 * its windows have left behind. What gets too old meanwhile is given up.
 */
export class History {
  readonly #options: HistoryOptions

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  /** `asked`: whether what the array has kept from before is wanted. Resolves when all is collected, or when the signal aborts. */
  async run(asked: boolean): Promise<void> {
    const { state, context } = this.#options
    let now = await state.load()
    if (!now) return
    if (asked && !now.asked) now = { ...now, asked, spans: [{ startMs: this.#oldestMs(), endMs: now.beganMs }, ...now.spans] }
    await state.save(now)
    for (let [next, ...rest] = now.spans; next && !context.signal.aborted; [next, ...rest] = now.spans) {
      const startMs = await this.#piece(next)
      now = { ...now, spans: startMs < next.endMs ? [{ ...next, startMs }, ...rest] : rest }
      await state.save(now)
    }
  }

  /** Tries the first piece of a span and tells from when on to go on. */
  async #piece(span: Span): Promise<number> {
    const { route, againMs, context } = this.#options
    const oldestMs = this.#oldestMs()
    if (span.startMs < oldestMs - sampleMs)
      context.log.warn('a part of the history has become too old', { from: new Date(span.startMs), to: new Date(oldestMs) })
    const startMs = Math.min(span.endMs, Math.max(span.startMs, oldestMs))
    const endMs = Math.min(span.endMs, startMs + pieceMs)
    if (startMs === endMs) return endMs
    const window = { start: new Date(startMs), end: new Date(endMs) }
    const outcome = await exportWindow(route, window, { computing: context, exporting: context })
    if (outcome.status !== 'failed') return endMs
    if (!context.signal.aborted)
      context.log.warn('a part of the history could not be collected, will try again', { window, error: toError(outcome.error) })
    await context.clock.sleep(againMs, context.signal)
    return startMs
  }

  #oldestMs(): number {
    return this.#options.context.clock.now() - this.#options.retentionMs
  }
}
