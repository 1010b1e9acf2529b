import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, type Rejection } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'

/** Sends what is too large for the destination in halves, and halves of these. A single record that is too large is rejected. */
export class SplittingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #records: RecordType<T>

  constructor(next: Exporter<Time, T>, options: { records?: RecordType<T> } = {}) {
    super(next)
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const result = await attempt(this.next, time, data, context)
    if (result.status !== 'too-large') return result
    const count = this.#records.count(data)
    if (count < 2) return { status: 'reject', error: result.error }

    const rejected: Rejection[] = []
    const again: number[] = []
    for (const [from, to] of [
      [0, count >> 1],
      [count >> 1, count],
    ] as const) {
      const indexes = Array.from({ length: to - from }, (_, i) => from + i)
      const half = await this.export(time, this.#records.slice(data, indexes), context)
      if (half.status === 'retry') again.push(...indexes)
      else if (half.status === 'partial') {
        rejected.push(...half.rejected.map((r) => ('index' in r ? { ...r, index: r.index + from } : r)))
        again.push(...half.retry.map((index) => index + from))
      } else if (half.status !== 'ok') rejected.push(...indexes.map((index) => ({ index, error: half.error })))
    }
    return rejected.length + again.length === 0 ? ok : partial(rejected, again)
  }
}
