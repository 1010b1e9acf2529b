import { randomUUID } from 'node:crypto'
import type { Account } from '../core/account.ts'
import type { Context } from '../core/context.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok } from '../core/result.ts'
import { formatSize } from '../core/size.ts'
import type { MemoryBudget } from './memory-budget.ts'
import { Packing } from './packing.ts'
import type { Amount, Queue, Waiting } from './queue.ts'

export interface MemoryQueueOptions<T> {
  readonly records: RecordType<T>
  readonly maxRecords: number
  readonly maxBytes: number
  /** What it holds is taken from there too. */
  readonly budget: MemoryBudget | undefined
  readonly batchSize: number | undefined
  /** Compress what comes while more than so many records wait; absent: never. */
  readonly compressionThreshold: number | undefined
  readonly account: Account | undefined
}

interface Entry<Time, T> extends Waiting<Time, T> {
  /** Records accepted before its first. */
  readonly from: number
  bytes: number
  /** Pieces that came before its parts and are compressed until it is its turn. */
  packed?: readonly Uint8Array[]
}

/** A queue in memory: what it holds ends with the process. */
export class MemoryQueue<Time, T> implements Queue<Time, T> {
  readonly durable = false
  readonly #options: MemoryQueueOptions<T>
  readonly #packing: Packing<T> | undefined
  #entries: Entry<Time, T>[] = []
  #head = 0
  #records = 0
  #bytes = 0
  #accepted = 0

  constructor(options: MemoryQueueOptions<T>) {
    this.#options = options
    this.#packing = options.compressionThreshold === undefined ? undefined : new Packing(options.records)
  }

  get records(): number {
    return this.#records
  }

  get bytes(): number {
    return this.#bytes
  }

  get accepted(): number {
    return this.#accepted
  }

  get done(): number {
    return this.#entries[this.#head]?.from ?? this.#accepted
  }

  get oldestMs(): number | undefined {
    return this.#entries[this.#head]?.firstAcceptedMs
  }

  async open(): Promise<void> {}
  async close(): Promise<void> {}
  keep(): void {}

  lack({ records, bytes }: Amount): string | undefined {
    const { budget, maxRecords, maxBytes } = this.#options
    if (this.#records + records > maxRecords) return `${this.#records} records wait`
    if (this.#bytes + bytes > maxBytes) return `${formatSize(this.#bytes)} wait`
    if (budget && !budget.fits(bytes)) return `all buffers together hold ${formatSize(budget.taken)}`
    return undefined
  }

  put(time: Time, data: T, { records, bytes }: Amount, { clock }: Context): ExportResult {
    const last = this.#last()
    if (last && this.#fitsTo(last, time, data, records)) {
      last.parts = [...last.parts, data]
      last.records += records
      last.bytes += bytes
    } else
      this.#entries.push({
        id: randomUUID(),
        time,
        parts: [data],
        records,
        bytes,
        attempts: 0,
        letters: [],
        firstAcceptedMs: clock.now(),
        from: this.#accepted,
      })
    this.#accepted += records
    this.#records += records
    this.#weigh(bytes)
    if (this.#records > (this.#options.compressionThreshold ?? Number.POSITIVE_INFINITY)) this.#pack()
    this.#options.account?.post({ accepted: records })
    return ok
  }

  next(behind = 0): Waiting<Time, T> | undefined {
    const entry = this.#entries[this.#head + behind]
    if (entry?.packed && this.#packing) {
      const { packed } = entry
      delete entry.packed
      entry.parts = [...packed.map((bytes) => this.#packing!.unpack(bytes)), ...entry.parts]
    }
    return entry
  }

  settle(entry: Waiting<Time, T>, count: number): void {
    entry.records -= count
    this.#records -= count
    if (entry.records === 0 && entry === this.#entries[this.#head]) this.#remove(this.#head)
  }

  dropOldest(): number {
    const index = this.#entries.findIndex((entry, index) => index >= this.#head && entry.attempts === 0)
    if (index < 0) return 0
    const { records } = this.#remove(index)
    this.#options.account?.post({ dropped: new Map([['overflow', records]]) })
    return records
  }

  /** The newest entry. */
  #last(): Entry<Time, T> | undefined {
    return this.#head < this.#entries.length ? this.#entries.at(-1) : undefined
  }

  /** Whether `data` may travel with what came last. */
  #fitsTo(last: Entry<Time, T>, time: Time, data: T, records: number): boolean {
    const { batchSize } = this.#options
    const { compatible, concat } = this.#options.records
    if (!batchSize || !compatible || !concat || last.attempts > 0 || last.parts.length === 0 || last.records + records > batchSize)
      return false
    return (last.time === time || (last.time instanceof Date && time instanceof Date)) && compatible(last.parts[0]!, data)
  }

  /** Compresses what waits in the newest entry, unless that is the next to be delivered or it saves nothing. */
  #pack(): void {
    const entry = this.#last()
    if (!entry || !this.#packing || entry.attempts > 0 || entry === this.#entries[this.#head]) return
    const packed = entry.parts.map((part) => this.#packing!.pack(part))
    const bytes = [...(entry.packed ?? []), ...packed].reduce((sum, { length }) => sum + length, 0)
    if (bytes >= entry.bytes) return
    entry.packed = [...(entry.packed ?? []), ...packed]
    entry.parts = []
    this.#weigh(bytes - entry.bytes)
    entry.bytes = bytes
  }

  #weigh(bytes: number): void {
    this.#bytes += bytes
    this.#options.budget?.take(bytes)
  }

  #remove(index: number): Entry<Time, T> {
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
