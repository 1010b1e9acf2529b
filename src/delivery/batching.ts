import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, type Rejection } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { SplittingExporter } from './splitting.ts'
import { wholeNumber } from './whole-number.ts'

export interface BatchingOptions<T> {
  /** At most this many records an export. */
  readonly batchSize: number
  /** Default: a `T` is one record, which is never cut. */
  readonly records?: RecordType<T>
}

/**
 * Sends what is more than `batchSize` records in batches of that many, in order. The first batch of which something is to be
 * tried again ends it: what comes after is given back untried. What is too large all the same goes in halves.
 */
export class BatchingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #batchSize: number
  readonly #records: RecordType<T>

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(next: Exporter<Time, T>, { batchSize, records = single as RecordType<T> }: BatchingOptions<T>) {
    super(new SplittingExporter(next, { records }))
    this.#batchSize = wholeNumber('batchSize', batchSize)
    this.#records = records
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const count = this.#records.count(data)
    if (count <= this.#batchSize) return this.next.export(time, data, context)
    const rejected: Rejection[] = []
    const again: number[] = []
    for (let from = 0; from < count && again.length === 0; from += this.#batchSize) {
      const batch = range(from, Math.min(from + this.#batchSize, count))
      const result = await attempt(this.next, time, this.#records.slice(data, batch), context)
      if (result.status === 'ok') continue
      if (result.status === 'retry') {
        if (from === 0) return result
        again.push(...batch)
      } else if (result.status === 'partial') {
        rejected.push(...result.rejected.map((r) => ('index' in r ? { ...r, index: r.index + from } : r)))
        again.push(...result.retry.map((index) => index + from))
      } else rejected.push(...batch.map((index) => ({ index, error: result.error })))
      if (again.length > 0) again.push(...range(from + batch.length, count))
    }
    return rejected.length + again.length === 0 ? ok : partial(rejected, again)
  }
}

const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, index) => from + index)
