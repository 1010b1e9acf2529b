import { degraded, type HealthStatus, healthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { ComputeExporter } from '../core/exporter.ts'
import { toError } from '../core/result.ts'
import type { ComputeSource } from '../core/source.ts'
import { alignWindow, formatResolution, type Window } from '../core/window.ts'
import { type BackfillOptions, type BackfillOutcome, type BackfillReport, backfill } from './backfill.ts'
import type { ExportController } from './export-controller.ts'
import { exportWindow, type WindowOutcome } from './export-window.ts'
import { KeptWindows } from './kept-windows.ts'
import type { Tried } from './pending-windows.ts'
import { Ticker } from './ticker.ts'
import type { StateStore, WindowState } from './window-state.ts'

export interface ComputeExportControllerOptions<T> {
  readonly source: ComputeSource<T>
  readonly exporter: ComputeExporter<T>
  /** Length of the windows. */
  readonly resolution: Duration
  /** How far the samples are apart that the source computes from; a source that cannot choose disregards it. */
  readonly sourceResolution: Duration
  readonly context?: Context
  /** Where it keeps which windows are still to be exported. Without it, what closes while the process does not run is not exported, but for the last. */
  readonly state?: StateStore<WindowState>
  /** Whether the first tick is at once. Default: false, it is at the next multiple of the interval. */
  readonly immediate?: boolean
  /** Most closed windows that may wait. Default: 48, or 7 where a window is a day or longer. */
  readonly maxPending?: number
}

const dayMs = 86_400_000

/**
 * Exports a source's data window by window. Every window that closes is exported once, however long the source or the
 * destination fails and, with a `state`, however long the process does not run; or it is counted as dropped, where more than
 * `maxPending` wait. (After a crash between an export and the saving of the state that one window is exported again, the same.)
 * Windows go oldest first, but those that fail by themselves are passed by. The window that is still open is exported at every
 * tick, to exporters that can replace what they have of it. The first window is the one before that in which it is started.
 */
export class ComputeExportController<T> implements ExportController {
  /** That of the source and the resolution, as in `assets-1h`. */
  readonly name: string
  /** Length of the windows in milliseconds. */
  readonly resolution: number
  readonly #source: ComputeSource<T>
  readonly #exporter: ComputeExporter<T>
  readonly #sourceResolutionMs: number
  readonly #context: Context
  readonly #isKept: boolean
  readonly #pending: KeptWindows
  readonly #ticker: Ticker
  #last: Promise<unknown> = Promise.resolve()
  #exportError: Error | undefined

  /** Throws WaybillError `INVALID_DURATION` or `INVALID_OPTION`. */
  constructor(options: ComputeExportControllerOptions<T>) {
    const { source, exporter, context = createContext(), state, immediate = false } = options
    const resolutionMs = parseDuration(options.resolution)
    const { maxPending = resolutionMs >= dayMs ? 7 : 48 } = options
    if (!(Number.isInteger(resolutionMs) && resolutionMs > 0)) throw invalid(`a resolution of ${options.resolution}`, 'such as 1h')
    if (!(Number.isInteger(maxPending) && maxPending > 0)) throw invalid(`maxPending of ${maxPending}`, 'a whole number, 1 or more')
    this.name = `${source.name}-${formatResolution(resolutionMs)}`
    this.resolution = resolutionMs
    this.#source = source
    this.#exporter = exporter
    this.#sourceResolutionMs = parseDuration(options.sourceResolution)
    this.#context = { ...context, log: context.log.child({ controller: this.name }) }
    this.#isKept = state !== undefined
    this.#pending = new KeptWindows({ resolutionMs, maxPending, store: state, log: this.#context.log })
    this.#ticker = new Ticker((_at, ticking) => this.#tick(ticking), { context: this.#context, immediate })
  }

  /** Closed windows that are still to be exported. */
  get pendingWindows(): number {
    return this.#pending.count
  }

  /** Windows given up, ever, since more than `maxPending` waited. */
  get droppedWindows(): number {
    return this.#pending.dropped
  }

  /** Windows of which the exporter refused all or some for good, ever. */
  get rejectedWindows(): number {
    return this.#pending.rejected
  }

  /** All windows that end by then are exported, dropped or had nothing to export; undefined before the first tick. */
  get settledUntil(): Date | undefined {
    return this.#pending.settledUntil
  }

  /** Ticks that did not happen, since the one before was under way. */
  get missed(): number {
    return this.#ticker.missed
  }

  start(interval: Duration): boolean {
    return this.#ticker.start(interval)
  }

  async stop(): Promise<void> {
    await this.#ticker.stop()
    if (this.#pending.count > 0 && !this.#isKept)
      this.#context.log.warn('stopped with closed windows that are not exported and not kept', { windows: this.#pending.count })
  }

  health(): HealthStatus {
    if (!this.#ticker.running) return { state: 'stopped' }
    if (this.#pending.problem) return this.#pending.problem
    const aheadMs = (this.#pending.state?.nextMs ?? 0) - this.#context.clock.now()
    if (aheadMs > 0) return degraded(`the clock was set back: nothing is exported for ${formatDuration(aheadMs)}, which already was`)
    if (this.#pending.failing === 0) return healthy
    return degraded(`${this.#pending.failing} closed windows could not be exported yet: ${this.#exportError?.message}`)
  }

  /**
   * Exports anew every window that touches [from, to) and has closed, one by one, oldest first; those that were pending are not
   * any more. What fails is counted, and not tried again. The controller need not run, and goes on when it does.
   */
  backfill(from: Date, to: Date, options: BackfillOptions = {}): Promise<BackfillReport> {
    const computing = options.signal ? { ...this.#context, signal: options.signal } : this.#context
    const run = (window: Window) => this.#inTurn(() => this.#exportAnew(window, computing))
    return backfill({ from, to, nowMs: this.#context.clock.now(), resolutionMs: this.resolution }, run, options)
  }

  async #tick(ticking: Context): Promise<void> {
    if (!(await this.#pending.load())) return
    await this.#inTurn(() => this.#close())
    await this.#exportClosed(ticking)
    if (this.#exporter.replaces && !ticking.signal.aborted) await this.#inTurn(() => this.#exportOpen(ticking))
  }

  async #close(): Promise<void> {
    const before = this.#pending.state?.nextMs
    const dropped = this.#pending.close(this.#context.clock.now())
    if (dropped)
      this.#context.log.error('dropped the oldest closed windows, since too many wait', {
        windows: dropped.count,
        from: dropped.first.start,
      })
    if (this.#pending.state?.nextMs !== before) await this.#pending.save()
  }

  async #exportClosed(ticking: Context): Promise<void> {
    const nowMs = this.#context.clock.now()
    // A clock that was set back may say that a window which had closed is open.
    const windows = this.#pending.tick((window) => window.end.getTime() <= nowMs && this.#canCompute(window))
    for (let step = windows.next(); !step.done; ) {
      const window = step.value
      const tried = await this.#inTurn(() => this.#tryClosed(window, ticking))
      step = ticking.signal.aborted ? windows.return() : windows.next(tried)
    }
  }

  async #tryClosed(window: Window, ticking: Context): Promise<Tried> {
    if (!this.#pending.has(window)) return 'settled'
    const outcome = await this.#export(window, ticking)
    if (outcome.status === 'failed') {
      this.#exportError = outcome.error
      if (!ticking.signal.aborted)
        this.#context.log.warn('a closed window could not be exported, will try again', { window, error: outcome.error })
      return outcome.down ? 'down' : 'failed'
    }
    await this.#settle(window, outcome)
    return 'settled'
  }

  async #exportOpen(ticking: Context): Promise<void> {
    const window = alignWindow(this.#context.clock.now(), this.resolution)
    if (!this.#pending.isOpen(window) || !this.#canCompute(window)) return
    const outcome = await this.#export(window, ticking)
    if ('error' in outcome) this.#context.log.warn('the open window could not be exported', { window, error: outcome.error })
  }

  async #exportAnew(window: Window, computing: Context): Promise<BackfillOutcome> {
    if (!this.#canCompute(window)) return { status: 'unavailable' }
    if (this.#pending.loaded) await this.#close()
    const outcome = await this.#export(window, computing)
    if (outcome.status !== 'failed') await this.#settle(window, outcome)
    return outcome
  }

  #export(window: Window, computing: Context): Promise<WindowOutcome> {
    const route = { source: this.#source, exporter: this.#exporter, sourceResolutionMs: this.#sourceResolutionMs }
    return exportWindow(route, window, { computing, exporting: this.#context })
  }

  async #settle(window: Window, outcome: WindowOutcome): Promise<void> {
    if (outcome.status === 'rejected') {
      this.#context.log.error('a window was refused', { window, error: outcome.error })
      this.#pending.reject(window)
    } else this.#pending.settle(window)
    await this.#pending.save()
  }

  #canCompute(window: Window): boolean {
    try {
      return this.#source.canCompute(window)
    } catch (thrown) {
      this.#context.log.error('the source failed', { window, error: toError(thrown) })
      return false
    }
  }

  /** One after another, so that a tick and a backfill never export at once. */
  #inTurn<R>(task: () => Promise<R>): Promise<R> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return turn
  }
}

const invalid = (what: string, instead: string): WaybillError =>
  new WaybillError('INVALID_OPTION', `${what} cannot be used`, { hint: `write ${instead}` })
