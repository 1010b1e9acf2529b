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
  /** Called for each tick at which nothing was made, since the one before was still under way. */
  readonly onMissed?: () => void
}

/**
 * Asks a source every interval and exports what it makes, both told the same time. Ticks stand at multiples of the interval
 * since the epoch, in whole seconds where the interval is, so a late one does not shift those after it; a tick that comes while
 * the one before is under way is missed, and counted.
 */
export class EventExportController<T> implements ExportController {
  /** The source's. */
  readonly name: string
  readonly #source: ExportSource<T>
  readonly #exporter: EventExporter<T>
  readonly #context: Context
  readonly #ticker: Ticker

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
      const error = errorOf(result)
      if (error) context.log.warn('not everything was taken', { source: this.name, error })
    } catch (thrown) {
      context.log.error('the source failed', { source: this.name, error: toError(thrown) })
    }
  }
}
