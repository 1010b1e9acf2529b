import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, reject, toError } from '../core/result.ts'
import { BranchingExporter, unique } from './branching.ts'
import { Owed } from './owed.ts'
import { branchContext, deliverShare, isSettled, rejections, retryAll, type Share, stillOwed, told, tookAll, unasked } from './share.ts'

export interface Branch<Time, T> {
  /** Whether this branch gets the data. What it throws is no match. */
  readonly condition: (data: T, time: Time) => boolean
  readonly exporter: Exporter<Time, T>
  /** What the branch is for: its name in results and in the log. Default: the exporter's name. */
  readonly description?: string
}

export interface ConditionalOptions<T> {
  /** Default: the exporters' names, joined. */
  readonly name?: string
  /** Asks the conditions about each record by itself, and gives a branch the records that it matches. Default: about the whole. */
  readonly perRecord?: boolean
  /** Default: a `T` is one record. */
  readonly records?: RecordType<T>
}

/** Counts since it was made, in records. */
export interface ConditionalStats {
  /** Records that no branch wanted. */
  readonly unmatched: number
  readonly branches: Readonly<Record<string, { readonly matched: number; readonly conditionErrors: number }>>
}

interface Route<Time, T> extends Branch<Time, T> {
  readonly name: string
  matched: number
  conditionErrors: number
  throwing: boolean
}

/**
 * Gives data to every branch whose condition holds, not only to the first, and is `ok` when all of these took it, or when
 * there is none. Otherwise it gives back what some branch is still owed, and the next try of the delivery goes only to
 * branches that are, without asking the conditions again. A branch keeps its own account: what it writes on a receipt stays
 * with it.
 */
export class ConditionalExporter<Time, T> extends BranchingExporter<Time, T> {
  readonly #routes: readonly Route<Time, T>[]
  readonly #perRecord: boolean
  readonly #records: RecordType<T>
  readonly #owed = new Owed<Time, T, readonly Share[]>()
  #unmatched = 0

  constructor(branches: readonly Branch<Time, T>[], options: ConditionalOptions<T> = {}) {
    super(options.name ?? branches.map(({ exporter }) => exporter.name).join('+'), branches.map(({ exporter }) => exporter))
    const names = unique(branches.map(({ description, exporter }) => description ?? exporter.name))
    this.#routes = branches.map((branch, index) => ({ ...branch, name: names[index]!, matched: 0, conditionErrors: 0, throwing: false }))
    this.#perRecord = options.perRecord ?? false
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const count = this.#records.count(data)
    const delivery = { time, data, count, delivery: context.delivery }
    const before = this.#owed.take(delivery) ?? this.#match(time, data, count, context)
    const shares = await Promise.all(
      before.map((share, index) => {
        const { name, exporter } = this.#routes[index]!
        if (isSettled(share)) return share
        return deliverShare(exporter, share, { time, data, records: this.#records, context: branchContext(context, name) })
      }),
    )
    const named = shares.flatMap((share, index) => (share.result ? [[this.#routes[index]!.name, share] as const] : []))
    const children = Object.fromEntries(named.map(([name, { result }]) => [name, result!]))
    if (shares.every(tookAll)) return { ...ok, children }

    const failed = named.filter(([, share]) => !tookAll(share))
    const owed = stillOwed(shares, count)
    if (owed.length === count) {
      this.#owed.keep(delivery, shares)
      return { ...retryAll(failed), children }
    }
    const asked = named.map(([, share]) => share)
    if (owed.length === 0) {
      const rejected = rejections(asked, count)
      return { ...(rejected.length === count ? reject(told(failed)) : partial(rejected)), children }
    }
  }
}
