import type { Context } from '../core/context.ts'
import type { Duration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, reject, rejectedCount, retry } from '../core/result.ts'
import { aborted } from './aborted.ts'
import { BranchingExporter, unique } from './branching.ts'
import { Owed } from './owed.ts'
import { branchContext, deliverShare, isSettled, rejections, retryAll, type Share, told, tookAll, unasked } from './share.ts'
import { Slots } from './slots.ts'
import { TimedExporter } from './timed.ts'
import { wholeNumber } from './whole-number.ts'

export type MultiStrategy = 'parallel' | 'sequential' | 'failover'

export interface MultiOptions<T> {
  /** Default: the children's names, joined. */
  readonly name?: string
  /**
   * `parallel` (the default) asks all at once, `sequential` one after the other in the order given, `failover` likewise, but
   * only until `minSuccessCount` of them took the data.
   */
  readonly strategy?: MultiStrategy
  /**
   * `continue` (the default) asks every child whatever becomes of the others. With `fail_fast` the first failure ends it:
   * children in turn are not asked any more, those under way are aborted and no longer waited for.
   */
  readonly failurePolicy?: 'continue' | 'fail_fast'
  /** How many children must take the data. Default 1. */
  readonly minSuccessCount?: number
  /** How many children may be under way at once, over all calls; may be Infinity. Default 3. */
  readonly maxConcurrentExports?: number
  /** A child that takes longer has failed and is aborted. Default 30 s; false: no limit. */
  readonly exportTimeout?: Duration | false
  /** Default: a `T` is one record. */
  readonly records?: RecordType<T>
}

/**
 * Gives everything to several exporters, and is `ok` when at least `minSuccessCount` of them took it; a child that failed
 * then is told in `children` and is not given the data again. When fewer did, the answer is `retry` while any that failed
 * may still take it, and the next try of the delivery goes only to those; once all failures are rejections it is `reject`,
 * or `partial` with the records that too few took. The result names each child that was asked, now or in an earlier
 * try. A child keeps its own account: what it writes on a receipt stays with it.
 */
export class MultiExporter<Time, T> extends BranchingExporter<Time, T> {
  readonly #names: readonly string[]
  readonly #children: readonly Exporter<Time, T>[]
  readonly #strategy: MultiStrategy
  readonly #failFast: boolean
  readonly #minSuccessCount: number
  readonly #slots: Slots
  readonly #records: RecordType<T>
  readonly #owed = new Owed<Time, T, Share[]>()

  /** Throws WaybillError `INVALID_OPTION` for numbers out of range, and for failover that is to end at the first failure. */
  constructor(exporters: readonly Exporter<Time, T>[], options: MultiOptions<T> = {}) {
    super(options.name ?? exporters.map(({ name }) => name).join('+'), exporters)
    const { strategy = 'parallel', failurePolicy = 'continue', minSuccessCount = 1, maxConcurrentExports = 3 } = options
    if (wholeNumber('minSuccessCount', minSuccessCount) > exporters.length)
      throw new WaybillError('INVALID_OPTION', `minSuccessCount is ${minSuccessCount}, and there are only ${exporters.length} exporters`, {
        hint: 'add exporters, or lower minSuccessCount',
      })
    if (strategy === 'failover' && failurePolicy === 'fail_fast')
      throw new WaybillError('INVALID_OPTION', 'failover goes on after a failure, and failurePolicy is fail_fast', {
        hint: "leave failurePolicy out, or choose the strategy 'sequential'",
      })
    this.#names = unique(exporters.map(({ name }) => name))
    const { exportTimeout: timeout = '30s' } = options
    this.#children = timeout === false ? exporters : exporters.map((exporter) => new TimedExporter(exporter, { timeout }))
    this.#strategy = strategy
    this.#failFast = failurePolicy === 'fail_fast'
    this.#minSuccessCount = minSuccessCount
    this.#slots = new Slots(
      maxConcurrentExports === Number.POSITIVE_INFINITY ? maxConcurrentExports : wholeNumber('maxConcurrentExports', maxConcurrentExports),
    )
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const count = this.#records.count(data)
    if (count === 0) return ok
    const delivery = { time, data, count, delivery: context.delivery }
    // A copy, because a child that was aborted and answers late after all still writes into the one of its own try.
    const shares = [...(this.#owed.take(delivery) ?? this.#children.map(() => unasked()))]
    const ask = async (child: number, signal: AbortSignal) => {
      if (signal.aborted) return
      const share = shares[child]!
      shares[child] = { ...share, result: underWay }
      const itsContext = branchContext({ ...context, signal }, this.#names[child]!)
      shares[child] = await deliverShare(this.#children[child]!, share, { time, data, records: this.#records, context: itsContext })
    }
    await (this.#strategy === 'parallel' ? this.#together(shares, ask, context) : this.#inTurn(shares, ask, context))
    const result = this.#result(shares, count)
    if (result.status === 'retry') this.#owed.keep(delivery, shares)
    const asked = [...shares.entries()].filter(([, share]) => share.result)
    return { ...result, children: Object.fromEntries(asked.map(([child, share]) => [this.#names[child], share.result!])) }
  }

  async #together(shares: readonly Share[], ask: Ask, context: Context): Promise<void> {
    const failure = new AbortController()
    const signal = this.#failFast ? AbortSignal.any([context.signal, failure.signal]) : context.signal
    const all = Promise.all(
      unsettled(shares).map(async (child) => {
        await this.#slots.run(() => ask(child, signal))
        if (this.#failFast && !tookAll(shares[child]!)) failure.abort()
      }),
    )
    await (this.#failFast ? Promise.race([all, aborted(failure.signal)]) : all)
  }

  async #inTurn(shares: readonly Share[], ask: Ask, { signal }: Context): Promise<void> {
    for (const child of unsettled(shares)) {
      await this.#slots.run(() => ask(child, signal))
      if (this.#failFast && !tookAll(shares[child]!)) return
      if (this.#strategy === 'failover' && this.#enough(shares)) return
    }
  }

  #enough(shares: readonly Share[]): boolean {
    return shares.filter(tookAll).length >= this.#minSuccessCount
  }

  #result(shares: readonly Share[], count: number): ExportResult {
    const named = shares.map((share, child) => [this.#names[child]!, share] as const)
    if (this.#enough(shares)) {
      const [first] = named.find(([, share]) => tookAll(share))!
      return this.#strategy === 'failover' && first !== this.#names[0] ? { ...ok, via: first } : ok
    }
    const failed = named.filter(([, share]) => share.result && !tookAll(share))
    if (failed.length === 0) return retry(new Error(`${this.name} was aborted before it began`))
    if (!failed.every(([, share]) => isSettled(share))) return retryAll(failed)
    const asked = shares.filter(({ result }) => result)
    const spare = asked.length - this.#minSuccessCount
    const rejected = rejections(asked, count, { spare })
    return spare < 0 || rejectedCount(rejected) === count ? reject(told(failed)) : partial(rejected)
  }
}

type Ask = (child: number, signal: AbortSignal) => Promise<void>

/** Stands for the answer of a child that is not waited for any more. */
const underWay = retry(new Error('aborted because another failed'))

const unsettled = (shares: readonly Share[]): readonly number[] => [...shares.keys()].filter((child) => !isSettled(shares[child]!))
