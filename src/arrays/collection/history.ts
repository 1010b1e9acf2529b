import { exportWindow, type WindowRoute } from '../../controllers/export-window.ts'
import type { StateStore } from '../../controllers/window-state.ts'
import { type Context, toError } from '../../sdk.ts'
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

/** Collects once what an array has kept from before it was collected: piece by piece, oldest first, over restarts; what gets too old meanwhile is given up. */
export class History {
  readonly #options: HistoryOptions

  constructor(options: HistoryOptions) {
    this.#options = options
  }

  /** `beganMs`: when collecting begins, if it has not yet. Resolves when all is collected, or when the signal aborts. */
  async run(beganMs: number, asked: boolean): Promise<void> {
    const { state, context } = this.#options
    const saved = (await state.load()) ?? { version: 1, toMs: beganMs }
    let { fromMs } = saved
    if (fromMs === undefined && asked) fromMs = this.#oldestMs()
    await state.save({ ...saved, ...(fromMs !== undefined && { fromMs }) })
    while (fromMs !== undefined && fromMs < saved.toMs && !context.signal.aborted) {
      fromMs = await this.#piece(fromMs, saved.toMs)
      await state.save({ ...saved, fromMs })
    }
  }

  /** Tries one piece and tells from when on to go on. */
  async #piece(fromMs: number, toMs: number): Promise<number> {
    const { route, againMs, context } = this.#options
    const oldestMs = this.#oldestMs()
    if (fromMs < oldestMs - sampleMs)
      context.log.warn('a part of the history has become too old', { from: new Date(fromMs), to: new Date(oldestMs) })
    const startMs = Math.min(toMs, Math.max(fromMs, oldestMs))
    const endMs = Math.min(toMs, startMs + pieceMs)
    if (startMs === endMs) return toMs
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
