import { type Context, createContext } from '../core/context.ts'
import type { Duration } from '../core/duration.ts'
import type { EventExporter } from '../core/exporter.ts'
import { errorOf, toError } from '../core/result.ts'
import type { ExportSource } from '../core/source.ts'
import type { ExportController } from './export-controller.ts'
import { Ticker } from './ticker.ts'

export interface EventExportControllerOptions<T> {
  readonly source: ExportSource<T>
  readonly exporter: EventExporter<T>
  readonly context?: Context
  /** Default: true, a first tick at once. Otherwise the first is at the next multiple of the interval. */
  readonly immediate?: boolean
  /** Called for each tick at which nothing was made, since one before it took so long. */
  readonly onMissed?: () => void
}

/**
 * Asks a source every interval and exports what it makes, both told the same time. Ticks stand at multiples of the interval
 * since the epoch, in whole seconds where the interval is, so a late one does not shift those after it; a tick that comes while
 * the one before is under way follows that at once, and is missed, and counted, when the next has come by then as well.
 */
export class EventExportController<T> implements ExportController {
  /** The source's. */
  readonly name: string
  readonly #source: ExportSource<T>
  readonly #exporter: EventExporter<T>
  readonly #context: Context
  readonly #ticker: Ticker
  /** What was amiss at the last tick. */
  #amiss: string | undefined

  constructor({ source, exporter, context = createContext(), immediate = true, onMissed }: EventExportControllerOptions<T>) {
    this.name = source.name
    this.#source = source
    this.#exporter = exporter
    this.#context = context
    this.#ticker = new Ticker((at, ticking) => this.#tick(at, ticking), { context, immediate, onMissed })
  }

  /** Ticks missed since it was made. */
  get missed(): number {
    return this.#ticker.missed
  }

  start(interval: Duration): boolean {
    return this.#ticker.start(interval)
  }

  stop(): Promise<void> {
    return this.#ticker.stop()
  }

  async #tick(at: Date, context: Context): Promise<void> {
    try {
      const data = await this.#source.make(at, context)
      if (data === undefined) return
      const result = await this.#exporter.export(at, data, { ...context, signal: this.#context.signal })
      this.#tell(context, 'not everything was taken', errorOf(result))
    } catch (thrown) {
      this.#tell(context, 'the source failed', toError(thrown))
    }
  }

  /** Once, not at every tick at which the same is amiss. */
  #tell({ log }: Context, what: 'not everything was taken' | 'the source failed', error: Error | undefined): void {
    const amiss = error && `${what}: ${error.message}`
    if (amiss === this.#amiss) return
    this.#amiss = amiss
    if (!error) log.info('everything was taken again', { source: this.name })
    else log[what === 'the source failed' ? 'error' : 'warn'](what, { source: this.name, error })
  }
}
