import { WaybillError } from './errors.ts'

/** What became of the records of one batch that a pipeline received. */
export interface PipelinePosting {
  readonly received: number
  readonly handedOn?: number
  /** By the name of the processor that took them out. */
  readonly filtered?: ReadonlyMap<string, number>
  readonly unmatched?: number
  readonly refused?: number
}

export interface PipelineFigures {
  readonly name: string
  readonly received: number
  readonly handedOn: number
  readonly filtered: Readonly<Record<string, number>>
  readonly unmatched: number
  readonly refused: number
  /** Ticks at which a source had nothing taken from it, because the one before was still under way. */
  readonly missed: number
  readonly balanced: boolean
  /** What of these figures earlier processes have counted; the rest is since the start. */
  readonly earlier?: BookedFlow
}

/** What the account of a pipeline keeps from one process to the next. */
export type BookedFlow = Omit<PipelineFigures, 'name' | 'balanced' | 'earlier'>

/** The books of one pipeline: received = handed on + filtered + unmatched + refused, in records. Counts only grow. */
export class PipelineAccount {
  readonly name: string
  readonly #strict: boolean
  readonly #filtered = new Map<string, number>()
  #received = 0
  #handedOn = 0
  #unmatched = 0
  #refused = 0
  #missed = 0
  #earlier: BookedFlow | undefined

  constructor(name: string, { strict = false } = {}) {
    this.name = name
    this.#strict = strict
  }

  post({ received, handedOn = 0, filtered, unmatched = 0, refused = 0 }: PipelinePosting): void {
    this.#received += received
    this.#handedOn += handedOn
    this.#unmatched += unmatched
    this.#refused += refused
    for (const [name, count] of filtered ?? []) this.#filtered.set(name, (this.#filtered.get(name) ?? 0) + count)
    if (this.#strict) this.check()
  }

  miss(): void {
    this.#missed++
  }

  /** Adds what an earlier process had booked. Only once. */
  restore(earlier: BookedFlow): void {
    if (this.#earlier) return
    this.#earlier = earlier
    this.post({ ...earlier, filtered: new Map(Object.entries(earlier.filtered)) })
    this.#missed += earlier.missed
  }

  missing(): number {
    return this.#received - this.#handedOn - this.#unmatched - this.#refused - [...this.#filtered.values()].reduce((a, b) => a + b, 0)
  }

  /** Throws WaybillError `UNBALANCED_BOOKS` if the books do not balance. */
  check(): void {
    if (this.missing() !== 0)
      throw new WaybillError('UNBALANCED_BOOKS', `the books of pipeline ${this.name} do not balance: ${this.missing()} records are missing`)
  }

  figures(): PipelineFigures {
    return {
      name: this.name,
      received: this.#received,
      handedOn: this.#handedOn,
      filtered: Object.fromEntries(this.#filtered),
      unmatched: this.#unmatched,
      refused: this.#refused,
      missed: this.#missed,
      balanced: this.missing() === 0,
      ...(this.#earlier && { earlier: this.#earlier }),
    }
  }
}
