import { type Context, createContext } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { EventExporter } from '../core/exporter.ts'
import { errorOf, toError } from '../core/result.ts'
import type { ExportSource } from '../core/source.ts'

export interface EventExportControllerOptions<T> {
  readonly source: ExportSource<T>
  readonly exporter: EventExporter<T>
  readonly context?: Context
  /** Called for each tick at which nothing was made, since the one before was still under way. */
  readonly onMissed?: () => void
}

/**
 * Asks a source every interval and exports what it makes. Ticks stand at multiples of the interval since the epoch, so a
 * late one does not shift those after it; a tick that comes while the one before is under way is missed, and counted.
 */
export class EventExportController<T> {
  readonly name: string
  readonly #source: ExportSource<T>
  readonly #exporter: EventExporter<T>
  readonly #context: Context
  readonly #onMissed: () => void
  #running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined
  #missed = 0

  constructor({ source, exporter, context = createContext(), onMissed = () => {} }: EventExportControllerOptions<T>) {
    this.name = source.name
    this.#source = source
    this.#exporter = exporter
    this.#context = context
    this.#onMissed = onMissed
  }

  /** Ticks missed since it was made. */
  get missed(): number {
    return this.#missed
  }

  /** Begins, with a first tick at once; false when it is running already. Throws WaybillError `INVALID_DURATION`. */
  start(interval: Duration): boolean {
    if (this.#running) return false
    const intervalMs = Math.max(1, parseDuration(interval))
    const stop = new AbortController()
    this.#running = { stop, done: this.#run(intervalMs, { ...this.#context, signal: stop.signal }) }
    return true
  }

  /** Ends; a tick under way is finished first. It can be started again. */
  async stop(): Promise<void> {
    const running = this.#running
    if (!running) return
    running.stop.abort()
    await running.done
    if (this.#running === running) this.#running = undefined
  }

  async #run(intervalMs: number, context: Context): Promise<void> {
    const { clock, signal } = context
    let due = clock.now()
    while (!signal.aborted) {
      await this.#tick(new Date(due), context)
      const now = clock.now()
      const after = (ms: number) => Math.floor(ms / intervalMs) * intervalMs + intervalMs
      const setBack = now < due - intervalMs
      const next = setBack ? after(now) : Math.max(after(now), after(due))
      for (let missed = setBack ? next : after(due); missed < next; missed += intervalMs) this.#miss()
      due = next
      await clock.sleep(due - now, signal)
    }
  }

  async #tick(at: Date, context: Context): Promise<void> {
    try {
      const data = await this.#source.make(at, context)
      if (data === undefined) return
      const result = await this.#exporter.export(at, data, { ...context, signal: this.#context.signal })
      const error = errorOf(result)
      if (error) context.log.warn('not everything was taken', { source: this.name, error })
    } catch (thrown) {
      context.log.error('the source failed', { source: this.name, error: toError(thrown) })
    }
  }

  #miss(): void {
    this.#missed++
    this.#onMissed()
  }
}
