import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import type { ExportResult } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { Gathered } from './gathered.ts'
import { allOf } from './given-back.ts'
import { HoldingExporter } from './holding.ts'
import { partOf } from './part-of.ts'

/**
 * Sends what is too large for the destination in halves, and halves of these. After one that is to be tried again nothing more is sent: what
 * is left goes in order later. A single record that is too large is rejected.
 */
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

    const all = allOf(data, this.#records)
    const gathered = new Gathered()
    for (const half of [all.slice(0, count >> 1), all.slice(count >> 1)]) {
      if (gathered.leavesSome) gathered.leave(half)
      else {
        const part = partOf(context, `${half[0]}-${half.length}of${count}`)
        gathered.add(half, await this.export(time, this.#records.slice(data, half), part))
      }
    }
    return gathered.result(count)
  }
}
