import { hash } from 'node:crypto'
import type { Context } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, toError } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { type Known, type Spelled, spelled } from './spelled.ts'
import { type TimeFilter, timeFilter } from './time-filter.ts'

/** What is exported; by default everything. */
export interface Filters<T> {
  /** Whether a record passes, asked of a `T` that is this record alone. When it throws, the record passes. */
  readonly passes?: (record: T) => boolean
  /** The share of exports that pass, each as a whole: 0 to 1. Default 1. */
  readonly sampleRate?: number
  /** When the instant that data belongs to, or the start of its window, must be. Default: at any time. */
  readonly timeFilter?: TimeFilter
}

const known: Known<Filters<unknown>> = { passes: 'plain', sampleRate: 'plain', timeFilter: 'plain' }

/** The filters under their own names, which may be given in snake_case. Throws WaybillError `INVALID_OPTION`. */
export function checkedFilters<T>(given: Spelled<Filters<T>>): Filters<T> {
  const filters = spelled<Filters<T>>('filters', given, known)
  const { sampleRate = 1, timeFilter: hours = {} } = filters
  if (!(sampleRate >= 0 && sampleRate <= 1))
    throw new WaybillError('INVALID_OPTION', `the share of exports is ${sampleRate}`, { hint: 'write a number from 0 to 1' })
  timeFilter(hours)
  return filters
}

export interface FilteringOptions<T> extends Filters<T> {
  /** Default: a `T` is one record. */
  readonly records?: RecordType<T>
}

/**
 * Lets only a part of the data through. The rest is dropped by the user's own policy, and written on the receipt as
 * `filtered`, `sampled` or `outside hours` once what passed is settled too: so the account balances when this stands
 * anywhere under the one who keeps it. Every try of one delivery is sampled alike.
 */
export class FilteringExporter<Time extends Date | Window, T> extends HoldingExporter<Time, T> {
  readonly #passes: ((record: T) => boolean) | undefined
  readonly #sampleRate: number
  readonly #inTime: (at: Date) => boolean
  readonly #records: RecordType<T>
  #filtered = 0

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(next: Exporter<Time, T>, { records = single as RecordType<T>, ...filters }: FilteringOptions<T>) {
    super(next)
    const { passes, sampleRate = 1, timeFilter: hours } = checkedFilters(filters)
    this.#passes = passes
    this.#sampleRate = sampleRate
    this.#inTime = hours ? timeFilter(hours) : () => true
    this.#records = records
  }

  /** Records that did not pass, since it was made. */
  filteredCount(): number {
    return this.#filtered
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const count = this.#records.count(data)
    if (!this.#inTime(time instanceof Date ? time : time.start)) return this.#drop('outside hours', count, context)
    if (!this.#isSampled(context)) return this.#drop('sampled', count, context)
    if (!this.#passes) return this.next.export(time, data, context)
    const passing = this.#passing(this.#passes, data, context)
    if (passing.length === count) return this.next.export(time, data, context)
    if (passing.length === 0) return this.#drop('filtered', count, context)

    const result = await attempt(this.next, time, this.#records.slice(data, passing), context)
    // The whole is the caller's again, to be filtered the same way in the next try, and what is too large is for it to cut.
    if (result.status === 'retry' || result.status === 'too-large') return result
    this.#drop('filtered', count - passing.length, context)
    return inWhole(result, passing)
  }

  #drop(reason: string, count: number, { receipt }: Context): ExportResult {
    this.#filtered += count
    receipt?.drop(reason, count)
    return ok
  }

  #isSampled({ delivery, random }: Context): boolean {
    if (this.#sampleRate === 1) return true
    return (delivery ? shareOf(delivery.id) : random()) < this.#sampleRate
  }

  /** The indexes of the records that pass. */
  #passing(passes: (record: T) => boolean, data: T, { log }: Context): readonly number[] {
    const indexes = Array.from({ length: this.#records.count(data) }, (_, index) => index)
    let failure: Error | undefined
    const passing = indexes.filter((index) => {
      try {
        return passes(this.#records.slice(data, [index]))
      } catch (thrown) {
        failure = toError(thrown)
        return true
      }
    })
    if (failure) log.warn('a filter failed and lets pass what it failed at', { exporter: this.name, error: failure })
    return passing
  }
}

/** A final result of the records at `passing`, in the indexes of the whole. */
function inWhole(result: ExportResult, passing: readonly number[]): ExportResult {
  if (result.status === 'partial') {
    const rejected = result.rejected.map((r) => ('index' in r ? { ...r, index: passing[r.index]! } : r))
    const again = result.retry.map((index) => passing[index]!)
    return { ...result, ...partial(rejected, again) }
  }
  if (result.status === 'ok') return result
  const { error, ...told } = result
  return { ...told, ...partial(passing.map((index) => ({ index, error }))) }
}

/** A number in [0, 1) that is always the same for the text. */
const shareOf = (text: string): number => Number.parseInt(hash('sha256', text).slice(0, 8), 16) / 2 ** 32
