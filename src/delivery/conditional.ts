import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, ok, partial, reject, rejectedCount, toError } from '../core/result.ts'
import { BranchingExporter, unique } from './branching.ts'
import { Owed } from './owed.ts'
import {
  branchContext,
  deliverShare,
  isSettled,
  narrowed,
  rejections,
  retryAll,
  type Share,
  stillOwed,
  told,
  tookAll,
  unasked,
} from './share.ts'

export interface Branch<Time, T> {
  /** Whether this branch gets the data. What it throws is no match. */
  readonly condition: (data: T, time: Time) => boolean
  /** Ask it about each record by itself, and give the branch those that match. Default: as the options say. */
  readonly perRecord?: boolean
  readonly exporter: Exporter<Time, T>
  /** What the branch is for: its name in results and in the log. Default: the exporter's name. */
  readonly description?: string
}

export interface ConditionalOptions<T> {
  /** Default: the exporters' names, joined. */
  readonly name?: string
  /** Ask conditions about each record by itself. Default: about the whole. */
  readonly perRecord?: boolean
  /** Take it for `ok` when each branch that was given something took it (the default), or when one did: then the others lose it. */
  readonly require?: 'all' | 'any'
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
  readonly perRecord: boolean
  matched: number
  conditionErrors: number
  /** Whether the condition threw the last time it was asked. */
  throwing: boolean
}

/**
 * Gives data to every branch whose condition holds, not only to the first, and is `ok` when all of these took it, or when
 * there is none. Otherwise the answer tells which records some branch may still take, and the next try of the delivery
 * goes only to branches that are owed something, without asking the conditions again. The result names each branch that
 * was given something. A branch keeps its own account: what it writes on a receipt stays with it. What no branch wants is
 * written on the receipt as dropped, `unmatched`.
 */
export class ConditionalExporter<Time, T> extends BranchingExporter<Time, T> {
  readonly #routes: readonly Route<Time, T>[]
  readonly #records: RecordType<T>
  readonly #enough: 'every' | 'some'
  readonly #owed = new Owed<Time, T, readonly Share[]>()
  #unmatched = 0

  constructor(branches: readonly Branch<Time, T>[], options: ConditionalOptions<T> = {}) {
    const exporters = branches.map(({ exporter }) => exporter)
    super(options.name ?? exporters.map(({ name }) => name).join('+'), exporters)
    const names = unique(branches.map(({ description, exporter }) => description ?? exporter.name))
    this.#routes = branches.map((branch, index) => ({
      ...branch,
      name: names[index]!,
      perRecord: branch.perRecord ?? options.perRecord ?? false,
      matched: 0,
      conditionErrors: 0,
      throwing: false,
    }))
    this.#enough = options.require === 'any' ? 'some' : 'every'
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const records = this.#records
    const count = records.count(data)
    if (count === 0) return ok
    const delivery = { time, data, count, delivery: context.delivery }
    const before = this.#owed.take(delivery) ?? this.#match(time, data, count, context)
    const shares = await Promise.all(
      this.#routes.map(({ exporter, name }, index) => {
        const share = before[index]!
        return isSettled(share) ? share : deliverShare(exporter, share, { time, data, records, context: branchContext(context, name) })
      }),
    )
    const asked = this.#routes.flatMap(({ name }, index) => (shares[index]!.result ? [[name, shares[index]!] as const] : []))
    const children = Object.fromEntries(asked.map(([name, { result }]) => [name, result!]))
    if (asked.length === 0 || asked[this.#enough](([, share]) => tookAll(share))) return { ...ok, children }

    const failed = asked.filter(([, share]) => !tookAll(share))
    const owed = stillOwed(shares, count)
    if (!owed) {
      this.#owed.keep(delivery, shares)
      return { ...retryAll(failed), children }
    }
    const rejected = rejections(shares, count, { owed })
    if (rejectedCount(rejected) === count) return { ...reject(told(failed)), children }
    if (owed.length > 0) this.#owed.keep({ ...delivery, count: owed.length }, narrowed(shares, owed))
    return { ...partial(rejected, owed), children }
  }

  stats(): ConditionalStats {
    const branches = this.#routes.map(({ name, matched, conditionErrors }) => [name, { matched, conditionErrors }] as const)
    return { unmatched: this.#unmatched, branches: Object.fromEntries(branches) }
  }

  /** The share of each branch in new data. */
  #match(time: Time, data: T, count: number, { log, receipt }: Context): readonly Share[] {
    const errors = new Map<Route<Time, T>, Error>()
    const holds = (route: Route<Time, T>, part: T): boolean => {
      try {
        return route.condition(part, time)
      } catch (thrown) {
        route.conditionErrors++
        errors.set(route, toError(thrown))
        return false
      }
    }
    const each = this.#routes.some(({ perRecord }) => perRecord)
      ? Array.from({ length: count }, (_, index) => this.#records.slice(data, [index]))
      : []
    const shares = this.#routes.map((route) => {
      if (!route.perRecord) return holds(route, data) ? unasked() : unasked([])
      const owed = each.flatMap((record, index) => (holds(route, record) ? [index] : []))
      return unasked(owed.length === count ? undefined : owed)
    })
    for (const [index, route] of this.#routes.entries()) {
      const error = errors.get(route)
      if (error && !route.throwing)
        log.warn('a condition failed and is taken for no match', { exporter: this.name, branch: route.name, error })
      route.throwing = error !== undefined
      route.matched += shares[index]!.owed?.length ?? count
    }
    const unmatched = count - (stillOwed(shares, count)?.length ?? count)
    this.#unmatched += unmatched
    if (unmatched > 0) receipt?.drop('unmatched', unmatched)
    return shares
  }
}
