import { WaybillError } from './errors.ts'
import type { Receipt } from './receipt.ts'
import { type ExportResult, rejectedCount } from './result.ts'

/** Whoever keeps accepted records until they are settled: counts what it really has. */
export interface Holder {
  /** Records queued and in flight. */
  pending(): number
  /** When the oldest of them was accepted, in milliseconds since the epoch. */
  oldestMs?(): number | undefined
  /** Where it keeps them, if they outlive it: whoever holds what is there next takes its place. */
  readonly place?: string
}

/** Numbers of records to add to an account. */
export interface Posting {
  readonly accepted?: number
  readonly refused?: number
  readonly delivered?: number
  readonly deadLettered?: number
  readonly diverted?: ReadonlyMap<string, number>
  readonly dropped?: ReadonlyMap<string, number>
}

/** The figures of one destination's account, in records. */
export interface AccountFigures {
  readonly name: string
  readonly accepted: number
  readonly delivered: number
  readonly diverted: Readonly<Record<string, number>>
  readonly deadLettered: number
  readonly dropped: Readonly<Record<string, number>>
  readonly pending: number
  readonly refused: number
  readonly oldestPendingMs?: number
  readonly balanced: boolean
  /** What of these figures earlier processes have counted; the rest is since the start. */
  readonly earlier?: Booked
}

/** What an account keeps from one process to the next. */
export type Booked = Pick<AccountFigures, 'accepted' | 'delivered' | 'diverted' | 'deadLettered' | 'dropped'> & {
  readonly refused?: number
}

/**
 * The books of one destination: accepted = delivered + diverted + dead-lettered + dropped + pending, at every moment.
 * Counts only grow. Pending is asked of the holders and never derived, so that a record lost shows as an imbalance.
 */
export class Account {
  readonly name: string
  readonly #strict: boolean
  readonly #holders = new Set<Holder>()
  readonly #diverted = new Map<string, number>()
  readonly #dropped = new Map<string, number>()
  #accepted = 0
  #delivered = 0
  #deadLettered = 0
  #refused = 0
  readonly #restored = new Set<string>()
  #earlier: Booked | undefined

  /** `strict`: every posting throws WaybillError `UNBALANCED_BOOKS` if the books do not balance after it. */
  constructor(name: string, { strict = false } = {}) {
    this.name = name
    this.#strict = strict
  }

  /** Counts what `holder` has as pending, until the returned function is called. */
  hold(holder: Holder): () => void {
    const { place } = holder
    if (place !== undefined) for (const other of this.#holders) if (other.place === place) this.#holders.delete(other)
    this.#holders.add(holder)
    return () => this.#holders.delete(holder)
  }

  /** Adds the numbers at once. A holder that takes or gives up records does so before it posts. */
  post(posting: Posting): void {
    this.#accepted += posting.accepted ?? 0
    this.#refused += posting.refused ?? 0
    this.#delivered += posting.delivered ?? 0
    this.#deadLettered += posting.deadLettered ?? 0
    add(this.#diverted, posting.diverted)
    add(this.#dropped, posting.dropped)
    if (this.#strict) this.check()
  }

  /** Whether a holder keeps its records, and with them these books, from one process to the next. */
  get persistent(): boolean {
    return [...this.#holders].some(({ place }) => place !== undefined)
  }

  /** Adds what an earlier process had booked in that place. Only once for each: what is opened again in one process brings nothing new. */
  restore(earlier: Booked, place: string): void {
    if (this.#restored.has(place)) return
    this.#restored.add(place)
    this.#earlier = this.#earlier ? together(this.#earlier, earlier) : earlier
    const { diverted, dropped } = earlier
    this.post({ ...earlier, diverted: new Map(Object.entries(diverted)), dropped: new Map(Object.entries(dropped)) })
  }

  pending(): number {
    return sum(this.#holders, (holder) => holder.pending())
  }

  /** Accepted records that are nowhere; 0 when the books balance, negative when something was counted twice. */
  missing(): number {
    const settled = this.#delivered + this.#deadLettered + sum(this.#diverted.values(), (n) => n) + sum(this.#dropped.values(), (n) => n)
    return this.#accepted - settled - this.pending()
  }

  /** Throws WaybillError `UNBALANCED_BOOKS` if the books do not balance. */
  check(): void {
    const missing = this.missing()
    if (missing !== 0)
      throw new WaybillError('UNBALANCED_BOOKS', `the books of ${this.name} do not balance: ${missing} records are missing`, {
        hint: 'please report it with these figures',
        at: JSON.stringify(this.figures()),
      })
  }

  figures(): AccountFigures {
    const oldest = [...this.#holders].map((holder) => holder.oldestMs?.()).filter((ms) => ms !== undefined)
    return {
      name: this.name,
      accepted: this.#accepted,
      delivered: this.#delivered,
      diverted: Object.fromEntries(this.#diverted),
      deadLettered: this.#deadLettered,
      dropped: Object.fromEntries(this.#dropped),
      pending: this.pending(),
      refused: this.#refused,
      ...(oldest.length > 0 && { oldestPendingMs: Math.min(...oldest) }),
      balanced: this.missing() === 0,
      ...(this.#earlier && { earlier: this.#earlier }),
    }
  }
}

/**
 * What a final `result` and the receipt say of `count` records: everything that is neither told as given back nor written
 * on the receipt was delivered. `returned` is what the caller still owns: `retry`, and rejections that nobody dead-lettered.
 */
export function settle(count: number, result: ExportResult, receipt: Receipt): Posting & { readonly returned: number } {
  const noted = receipt.deadLettered + sum(receipt.diverted.values(), (n) => n) + sum(receipt.dropped.values(), (n) => n)
  const { deadLettered, diverted, dropped } = receipt
  if (result.status === 'ok') return { delivered: count - noted, deadLettered, diverted, dropped, returned: 0 }
  if (result.status !== 'partial') return { deadLettered, diverted, dropped, returned: count - noted }
  const rejected = rejectedCount(result.rejected)
  const returned = result.retry.length + Math.max(0, rejected - deadLettered)
  return { delivered: count - noted - returned, deadLettered, diverted, dropped, returned }
}

/** How many of the records accepted were still to be settled. */
export const unsettled = ({ accepted, delivered, diverted, deadLettered, dropped }: Booked): number =>
  accepted - delivered - deadLettered - sum(Object.values(diverted), (n) => n) - sum(Object.values(dropped), (n) => n)

function together(one: Booked, other: Booked): Booked {
  const counts = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>) => {
    const both = new Map(Object.entries(a))
    add(both, new Map(Object.entries(b)))
    return Object.fromEntries(both)
  }
  return {
    accepted: one.accepted + other.accepted,
    delivered: one.delivered + other.delivered,
    diverted: counts(one.diverted, other.diverted),
    deadLettered: one.deadLettered + other.deadLettered,
    dropped: counts(one.dropped, other.dropped),
    refused: (one.refused ?? 0) + (other.refused ?? 0),
  }
}

function add(to: Map<string, number>, more: ReadonlyMap<string, number> | undefined): void {
  for (const [name, count] of more ?? []) to.set(name, (to.get(name) ?? 0) + count)
}

function sum<T>(values: Iterable<T>, of: (value: T) => number): number {
  let total = 0
  for (const value of values) total += of(value)
  return total
}
