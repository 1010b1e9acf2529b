import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Context } from '../core/context.ts'
import type { Duration } from '../core/duration.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, errorOf } from '../core/result.ts'
import { MultiExporter } from '../delivery/multi.ts'
import type { Profiler } from './profiler.ts'

/**
 * Gives what a profiler recorded to all exporters at once; `ok` when one of them took it. What another fails at is logged
 * under its name. Spans that nobody took go back to the profiler, for the next time.
 */
export class ProfileDelivery implements EventExporter<Batch> {
  readonly name = 'profiling'
  readonly #profiler: Profiler
  readonly #all: MultiExporter<Date, Batch>

  constructor(profiler: Profiler, exporters: readonly EventExporter<Batch>[], exportTimeout: Duration) {
    this.#profiler = profiler
    this.#all = new MultiExporter(exporters, { maxConcurrentExports: Number.POSITIVE_INFINITY, exportTimeout, records: batchRecords })
  }

  async export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    const result = await this.#all.export(time, batch, context)
    if (result.status === 'retry' && batch.signal === 'traces') this.#profiler.giveBack(batch.spans)
    if (result.status === 'ok')
      for (const [exporter, answer] of Object.entries(result.children ?? {})) {
        const error = errorOf(answer)
        if (error) context.log.warn('not everything was taken', { exporter, error })
      }
    return result
  }
}
