import { type Account, settle } from '../core/account.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { Concurrency } from './concurrency.ts'
import { lettersOf, writeLetter } from './letters.ts'
import type { Letter, Queue, Waiting } from './queue.ts'

export interface DelivererOptions<Time, T> {
  readonly next: Exporter<Time, T>
  readonly queue: Queue<Time, T>
  readonly records: RecordType<T>
  readonly deadLetter: Exporter<Time, T> | undefined
  readonly account: Account | undefined
  /** At most so many entries are on their way at once. */
  readonly concurrency: number
}

/** What one export has come to. */
interface Tried<T> {
  /** Of the entry, at the time: others by now, if it was given up meanwhile. */
  readonly parts: readonly T[]
  readonly data: T
  readonly result: ExportResult
  readonly receipt: Receipt
}

interface Begun<T> {
  readonly over: Promise<Tried<T>>
  /** Once it is over. */
  tried: Tried<T> | undefined
}

/** Takes one entry of a queue to its end, in as many tries as it needs, and books each step as it happens. */
export class Deliverer<Time, T> {
  readonly #options: DelivererOptions<Time, T>
  readonly #writing = new Map<Letter<T>, Promise<ExportResult>>()
  readonly #begun = new Map<Waiting<Time, T>, Begun<T>>()
  readonly #concurrency: Concurrency
  #exports = 0
  #totalMs = 0

  constructor(options: DelivererOptions<Time, T>) {
    this.#options = options
    this.#concurrency = new Concurrency(options.concurrency)
  }

  /** Mean time of an export; 0 before the first. */
  get meanMs(): number {
    return this.#exports === 0 ? 0 : this.#totalMs / this.#exports
  }

  /** How many entries may be on their way at once. */
  get limit(): number {
    return this.#concurrency.limit
  }

  /** Begins a try of which `deliver` will take the result, unless there is one. */
  begin(entry: Waiting<Time, T>, context: Context): void {
    if (entry.parts.length === 0 || this.#begun.has(entry)) return
    const begun: Begun<T> = { over: this.#try(entry, context).then((tried) => (begun.tried = tried)), tried: undefined }
    this.#begun.set(entry, begun)
  }

  hasBegun(entry: Waiting<Time, T>): boolean {
    return this.#begun.has(entry)
  }

  /** One try: the result that tells why something of `entry` is left, or `ok`. */
  async deliver(entry: Waiting<Time, T>, context: Context): Promise<ExportResult> {
    let result: ExportResult = ok
    if (entry.parts.length > 0) {
      const tried = await this.#tried(entry, context)
      result = tried.result
      if (entry.parts !== tried.parts) return result
      this.#settle(entry, tried)
    }
    for (const letter of entry.letters) {
      const written = await this.#write(entry, letter, context)
      if (written.status !== 'ok') return written
    }
    if (result.status !== 'retry') await this.#options.queue.keep(entry)
    return result.status === 'reject' || result.status === 'too-large' ? ok : result
  }

  /** Writes all that is left of `entry` to the dead letters, for good: `ok`, or why they do not take it. */
  async giveUp(entry: Waiting<Time, T>, { reason, error }: Pick<Letter<T>, 'reason' | 'error'>, context: Context): Promise<ExportResult> {
    const { records, queue } = this.#options
    const tried = this.#begun.get(entry)?.tried
    this.#begun.delete(entry)
    if (tried && entry.parts === tried.parts) this.#settle(entry, tried)
    entry.letters = [...entry.letters, ...entry.parts.map((data) => ({ data, count: records.count(data), reason, error }))]
    entry.parts = []
    for (const letter of entry.letters) {
      const written = await this.#write(entry, letter, context)
      if (written.status !== 'ok') return written
    }
    await queue.keep(entry)
    return ok
  }

  #tried(entry: Waiting<Time, T>, context: Context): Promise<Tried<T>> {
    const begun = this.#begun.get(entry)
    return begun ? this.#outcomeOf(begun, entry, context) : this.#try(entry, context)
  }

  /** What became of a try that was begun before. Where it failed, those before it have not since, and it is tried again at once. */
  async #outcomeOf(begun: Begun<T>, entry: Waiting<Time, T>, context: Context): Promise<Tried<T>> {
    const tried = await begun.over
    this.#begun.delete(entry)
    return tried.result.status === 'retry' && entry.parts === tried.parts ? this.#try(entry, context) : tried
  }

  async #try(entry: Waiting<Time, T>, context: Context): Promise<Tried<T>> {
    const { next, records } = this.#options
    entry.attempts++
    const data = entry.parts.length === 1 ? entry.parts[0]! : records.concat!(entry.parts)
    const parts = [data]
    entry.parts = parts
    const receipt = new Receipt()
    const delivery = { id: entry.id, attempt: entry.attempts, firstAcceptedMs: entry.firstAcceptedMs }
    const startMs = context.clock.monotonic()
    const result = await attempt(next, entry.time, data, { ...context, receipt, delivery })
    const endMs = context.clock.monotonic()
    this.#exports++
    this.#totalMs += endMs - startMs
    this.#concurrency.ended(result.status === 'retry' ? 'failed' : 'taken', { startMs, endMs })
    return { parts, data, result, receipt }
  }

  #settle(entry: Waiting<Time, T>, { data, result, receipt }: Tried<T>): void {
    const { queue, records, account } = this.#options
    const count = records.count(data)
    const { returned, ...posting } = settle(count, result, receipt)
    entry.letters = [...entry.letters, ...lettersLeft(data, result, { records, written: receipt.deadLettered })]
    entry.parts = partsLeft(data, result, records)
    if (result.status === 'partial') entry.owed = result.retry.map((index) => entry.owed?.[index] ?? index)
    queue.settle(entry, count - returned)
    account?.post(posting)
  }

  /** Writes a letter once, also when a stop asks for it while that is under way. */
  #write(entry: Waiting<Time, T>, letter: Letter<T>, context: Context): Promise<ExportResult> {
    const writing = this.#writing.get(letter) ?? this.#writeOnce(entry, letter, context).finally(() => this.#writing.delete(letter))
    this.#writing.set(letter, writing)
    return writing
  }

  async #writeOnce(entry: Waiting<Time, T>, letter: Letter<T>, context: Context): Promise<ExportResult> {
    const { next, queue, deadLetter, account } = this.#options
    const written = await writeLetter(deadLetter, entry, letter, { ...context, signal: new AbortController().signal, exporter: next.name })
    if (written.status !== 'ok') return written
    entry.letters = entry.letters.filter((other) => other !== letter)
    queue.settle(entry, letter.count)
    account?.post(deadLetter ? { deadLettered: letter.count } : { dropped: new Map([[letter.reason, letter.count]]) })
    return ok
  }
}

/**
 * What of `data` is still to be dead-lettered after `result`, of which `written` records are already. Where these are only
 * some of the rejected, it is not known which: then all of them go, counted as what is missing.
 */
function lettersLeft<T>(
  data: T,
  result: ExportResult,
  { records, written }: { records: RecordType<T>; written: number },
): readonly Letter<T>[] {
  const letters = lettersOf(data, result, records)
  const missing = letters.reduce((sum, { count }) => sum + count, 0) - written
  if (written === 0 || missing <= 0) return written === 0 ? letters : []
  const indexes = letters.flatMap((letter) => letter.indexes)
  return [
    { data: indexes.length > 0 ? records.slice(data, indexes) : data, count: missing, reason: 'unidentified', error: letters[0]!.error },
  ]
}

/** What of `data` is still to be delivered after `result`. */
function partsLeft<T>(data: T, result: ExportResult, records: RecordType<T>): readonly T[] {
  if (result.status === 'retry') return [data]
  if (result.status === 'partial' && result.retry.length > 0) return [records.slice(data, result.retry)]
  return []
}
