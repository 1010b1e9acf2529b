import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, type Rejection } from '../core/result.ts'
import type { Schedule } from '../core/schedule.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { pause } from './pause.ts'

/**
 * Tries again what may succeed later: the whole, or the retryable part of a partial result. Waits as the schedule says,
 * never shorter than the destination asked for. What is left when the schedule gives up, the signal aborts, a stop begins
 * or a circuit breaker is open, is the caller's again, told in the indexes of the data it gave.
 */
export class RetryingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #schedule: Schedule
  readonly #records: RecordType<T>

  constructor(next: Exporter<Time, T>, options: { schedule: Schedule; records?: RecordType<T> }) {
    super(next)
    this.#schedule = options.schedule
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const rejected: Rejection[] = []
    /** What of `data` is still to be sent; undefined: all of it. */
    let left: readonly number[] | undefined
    let part = data

    for (let tries = 1; ; tries++) {
      const result = await attempt(this.next, time, part, context)
      if (context.receipt) {
        context.receipt.attempts++
        if (result.status === 'retry') context.receipt.lastError = result.error
      }
      if (result.status === 'partial') {
        const sent = left
        const inData = (index: number) => (sent ? sent[index]! : index)
        for (const r of result.rejected) rejected.push('index' in r ? { ...r, index: inData(r.index) } : r)
        left = result.retry.map(inData)
        if (left.length > 0) part = this.#records.slice(data, left)
      }
      if (result.status === 'ok') return rejected.length > 0 ? { ...result, ...partial(rejected) } : result
      if (left?.length === 0) return { ...result, ...partial(rejected) }

      const retryable = result.status === 'retry' || result.status === 'partial'
      const waitMs = retryable && !refusedByBreaker(result) ? this.#schedule(tries, context.random) : undefined
      if (waitMs === undefined || ending(context)) return this.#giveBack(result, data, left, rejected)
      const askedMs = result.status === 'retry' ? (result.afterMs ?? 0) : 0
      context.log.debug('trying again', { exporter: this.name, tries, waitMs: Math.max(waitMs, askedMs) })
      await pause(Math.max(waitMs, askedMs), context)
      if (ending(context)) return this.#giveBack(result, data, left, rejected)
    }
  }

  /** `result` is of what was left; the caller knows only the whole. */
  #giveBack(result: ExportResult, data: T, left: readonly number[] | undefined, rejected: readonly Rejection[]): ExportResult {
    if (result.status === 'partial') return partial(rejected, left)
    if (left === undefined || left.length === this.#records.count(data)) return result
    if (result.status === 'ok') return ok
    if (result.status === 'retry') return partial(rejected, left)
    return partial([...rejected, ...left.map((index) => ({ index, error: result.error }))])
  }
}

/** The caller no longer waits, or a stop has begun. */
const ending = ({ signal, hurry }: Context): boolean => signal.aborted || (hurry?.aborted ?? false)

/** By the code, since the breaker may be of another copy of the library. */
const refusedByBreaker = (result: ExportResult): boolean =>
  result.status === 'retry' && 'code' in result.error && result.error.code === 'CIRCUIT_OPEN'
