import { type Account, settle } from '../core/account.ts'
import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { lettersOf, writeLetter } from './letters.ts'
import type { Letter, Queue, Waiting } from './queue.ts'

export interface DelivererOptions<Time, T> {
  readonly next: Exporter<Time, T>
  readonly queue: Queue<Time, T>
  readonly records: RecordType<T>
  readonly deadLetter: Exporter<Time, T> | undefined
  readonly account: Account | undefined
}

/** Takes one entry of a queue to its end, in as many tries as it needs, and books each step as it happens. */
export class Deliverer<Time, T> {
  readonly #options: DelivererOptions<Time, T>
  readonly #writing = new Map<Letter<T>, Promise<ExportResult>>()
  #exports = 0
  #totalMs = 0

  constructor(options: DelivererOptions<Time, T>) {
    this.#options = options
  }

  /** Mean time of an export; 0 before the first. */
  get meanMs(): number {
    return this.#exports === 0 ? 0 : this.#totalMs / this.#exports
  }

  /** One try: the result that tells why something of `entry` is left, or `ok`. */
  async deliver(entry: Waiting<Time, T>, context: Context): Promise<ExportResult> {
    let result: ExportResult = ok
    entry.attempts++
    if (entry.parts.length > 0) {
      const { next, records } = this.#options
      const data = entry.parts.length === 1 ? entry.parts[0]! : records.concat!(entry.parts)
      const parts = [data]
      entry.parts = parts
      const receipt = new Receipt()
      const delivery = { id: entry.id, attempt: entry.attempts, firstAcceptedMs: entry.firstAcceptedMs }
      const startMs = context.clock.monotonic()
      result = await attempt(next, entry.time, data, { ...context, receipt, delivery })
      this.#exports++
      this.#totalMs += context.clock.monotonic() - startMs
      if (entry.parts !== parts) return result
      this.#settle(entry, data, result, receipt)
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
    entry.letters = [...entry.letters, ...entry.parts.map((data) => ({ data, count: records.count(data), reason, error }))]
    entry.parts = []
    for (const letter of entry.letters) {
      const written = await this.#write(entry, letter, context)
      if (written.status !== 'ok') return written
    }
    await queue.keep(entry)
    return ok
  }

  #settle(entry: Waiting<Time, T>, data: T, result: ExportResult, receipt: Receipt): void {
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
