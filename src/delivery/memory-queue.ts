import type { MemoryBudget } from './memory-budget.ts'
import type { Packing } from './packing.ts'

/** What waits in a buffer: data still to be delivered, and parts of it still to be dead-lettered. */
export interface Waiting<Time, T> {
  readonly id: string
  readonly time: Time
  readonly firstAcceptedMs: number
  bytes: number
  attempts: number
  /** What is to be delivered, in pieces as it came; empty when nothing is left to deliver. */
  parts: readonly T[]
  /** Pieces that came before these and are compressed until it is the entry's turn. */
  packed?: readonly Uint8Array[]
  letters: readonly Letter<T>[]
  /** Records in `parts` and `letters` together. */
  records: number
}

/** Data that a destination will never take, on its way to the dead letters. */
export interface Letter<T> {
  readonly data: T
  /** How many records it stands for: all in `data`, unless the destination told only a number. */
  readonly count: number
  readonly reason: 'rejected' | 'unidentified' | 'exhausted' | 'stopped'
  readonly error: Error
}

/** First in, first out, in memory. Knows at every moment how many records and bytes it holds. */
export class MemoryQueue<Time, T> {
  readonly #budget: MemoryBudget | undefined
  readonly #packing: Packing<T> | undefined
  #entries: Waiting<Time, T>[] = []
  #head = 0
  #records = 0
  #bytes = 0

  /** `budget`: what it holds is taken from there too. `packing`: for `pack`. */
  constructor(budget?: MemoryBudget, packing?: Packing<T>) {
    this.#budget = budget
    this.#packing = packing
  }

  get records(): number {
    return this.#records
  }

  get bytes(): number {
    return this.#bytes
  }

  push(entry: Waiting<Time, T>): void {
    this.#entries.push(entry)
    this.#records += entry.records
    this.#weigh(entry.bytes)
  }

  /** The oldest entry, ready to be delivered. */
  peek(): Waiting<Time, T> | undefined {
    const entry = this.#entries[this.#head]
    if (entry?.packed && this.#packing) {
      const { packed } = entry
      delete entry.packed
      entry.parts = [...packed.map((bytes) => this.#packing!.unpack(bytes)), ...entry.parts]
    }
    return entry
  }

  /** Compresses what waits in the newest entry, unless that is the next to be delivered or it saves nothing. */
  pack(): void {
    const entry = this.last()
    if (!entry || !this.#packing || entry === this.#entries[this.#head]) return
    const packed = entry.parts.map((part) => this.#packing!.pack(part))
    const bytes = [...(entry.packed ?? []), ...packed].reduce((sum, { length }) => sum + length, 0)
    if (bytes >= entry.bytes) return
    entry.packed = [...(entry.packed ?? []), ...packed]
    entry.parts = []
    this.#weigh(bytes - entry.bytes)
    entry.bytes = bytes
  }

  /** The newest entry. */
  last(): Waiting<Time, T> | undefined {
    return this.#head < this.#entries.length ? this.#entries.at(-1) : undefined
  }

  /** Adds more data to an entry that is in the queue. */
  extend(entry: Waiting<Time, T>, part: T, { records, bytes }: { records: number; bytes: number }): void {
    entry.parts = [...entry.parts, part]
    entry.records += records
    entry.bytes += bytes
    this.#records += records
    this.#weigh(bytes)
  }

  /** Takes `count` settled records off `entry`, which leaves the queue when it was the first and nothing is left of it. */
  settle(entry: Waiting<Time, T>, count: number): void {
    entry.records -= count
    this.#records -= count
    if (entry.records === 0 && entry === this.peek()) this.#remove(this.#head)
  }

  /** Removes the oldest entry of which nothing is under way, with whatever is in it. */
  dropOldest(): Waiting<Time, T> | undefined {
    const index = this.#entries.findIndex((entry, index) => index >= this.#head && entry.attempts === 0)
    return index < 0 ? undefined : this.#remove(index)
  }

  #weigh(bytes: number): void {
    this.#bytes += bytes
    this.#budget?.take(bytes)
  }

  #remove(index: number): Waiting<Time, T> {
    const entry = this.#entries[index]!
    this.#records -= entry.records
    this.#weigh(-entry.bytes)
    if (index === this.#head) this.#entries[this.#head++] = undefined as never
    else this.#entries.splice(index, 1)
    if (this.#head > 1000 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
    return entry
  }
}
