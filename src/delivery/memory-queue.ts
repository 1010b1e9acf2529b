/** What waits in a buffer: data still to be delivered, and parts of it still to be dead-lettered. */
export interface Waiting<Time, T> {
  readonly id: string
  readonly time: Time
  readonly firstAcceptedMs: number
  readonly bytes: number
  attempts: number
  data: T | undefined
  letters: readonly Letter<T>[]
  /** Records in `data` and `letters` together. */
  records: number
}

/** Data that a destination will never take, on its way to the dead letters. */
export interface Letter<T> {
  readonly data: T
  /** How many records it stands for: all in `data`, unless the destination told only a number. */
  readonly count: number
  readonly reason: 'rejected' | 'unidentified' | 'stopped'
  readonly error: Error
}

/** First in, first out, in memory. Knows at every moment how many records and bytes it holds. */
export class MemoryQueue<Time, T> {
  #entries: Waiting<Time, T>[] = []
  #head = 0
  #records = 0
  #bytes = 0

  get records(): number {
    return this.#records
  }

  get bytes(): number {
    return this.#bytes
  }

  push(entry: Waiting<Time, T>): void {
    this.#entries.push(entry)
    this.#records += entry.records
    this.#bytes += entry.bytes
  }

  peek(): Waiting<Time, T> | undefined {
    return this.#entries[this.#head]
  }

  /** Takes `count` settled records off `entry`, which leaves the queue when it was the first and nothing is left of it. */
  settle(entry: Waiting<Time, T>, count: number): void {
    entry.records -= count
    this.#records -= count
    if (entry.records === 0 && entry === this.peek()) this.shift()
  }

  /** Removes the first entry, with whatever is left of it. */
  shift(): Waiting<Time, T> | undefined {
    const entry = this.#entries[this.#head]
    if (!entry) return undefined
    this.#records -= entry.records
    this.#bytes -= entry.bytes
    this.#head++
    if (this.#head > 1000 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    } else {
      this.#entries[this.#head - 1] = undefined as never
    }
    return entry
  }
}
