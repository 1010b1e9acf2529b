import { EventExportController } from '../controllers/event.ts'
import type { Batch } from '../core/batch.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, fromThrown, ok } from '../core/result.ts'
import type { ProfileSource } from './profile-source.ts'

/** One signal of a profile on its way to where it is exported: every interval, and when asked. */
export class ProfileRoute {
  readonly #source: ProfileSource
  readonly #exporter: EventExporter<Batch>
  readonly #controller: EventExportController<Batch>

  /** `context` is for the exports every interval. */
  constructor(source: ProfileSource, exporter: EventExporter<Batch>, context: Context) {
    this.#source = source
    this.#exporter = exporter
    this.#controller = new EventExportController({ source, exporter, context })
  }

  start(intervalMs: number): void {
    this.#controller.start(intervalMs)
  }

  /** `ok` when there was nothing to export. Never rejects. */
  async exportNow(context: Context): Promise<ExportResult> {
    try {
      const at = new Date(context.clock.now())
      const batch = this.#source.make(at)
      return batch ? await this.#exporter.export(at, batch, context) : ok
    } catch (thrown) {
      return fromThrown(thrown)
    }
  }

  /** Ends what `start` began; an export under way is finished first. */
  stop(): Promise<void> {
    return this.#controller.stop()
  }
}
