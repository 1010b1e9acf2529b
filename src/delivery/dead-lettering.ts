import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, partial, type Rejection, reject, retry } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { givenBack } from './given-back.ts'
import { HoldingExporter } from './holding.ts'
import { type IndexedLetter, lettersOf, writeLetter } from './letters.ts'

export interface DeadLetteringOptions<Time, T> {
  /** Takes what the destination never will, and what it did not in all tries. Started and stopped by whoever made it. */
  readonly deadLetter: Exporter<Time, T>
  readonly records?: RecordType<T>
}

/**
 * Dead letters for a chain without a buffer above it: writes there what was rejected and what is still given back after
 * all tries. The result then says `reject`, and where the records are in `via`. What the dead letters do not take is given
 * back as `retry`; rejections of which only the number is known stay rejections. Of a call that the caller aborted
 * nothing is written.
 */
export class DeadLetteringExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #deadLetter: Exporter<Time, T>
  readonly #records: RecordType<T>

  constructor(next: Exporter<Time, T>, options: DeadLetteringOptions<Time, T>) {
    super(next)
    this.#deadLetter = options.deadLetter
    this.#records = options.records ?? (single as RecordType<T>)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const firstAcceptedMs = context.delivery?.firstAcceptedMs ?? context.clock.now()
    const receipt = new Receipt()
    const result = await attempt(this.next, time, data, { ...context, receipt })
    const letters = context.signal.aborted || receipt.deadLettered > 0 ? [] : this.#letters(data, result, receipt)
    const entry = { time, attempts: Math.max(1, receipt.attempts), firstAcceptedMs }
    let written = 0
    let refusal: Error | undefined
    for (const letter of letters) {
      refusal = errorOf(await writeLetter(this.#deadLetter, entry, letter, { ...context, exporter: this.name }))
      if (refusal) break
      written++
      receipt.deadLettered += letter.count
    }
    context.receipt?.add(receipt)
    return letters.length > 0 ? this.#outcome(result, letters, { written, refusal }) : result
  }

  /** What of `data` is to be written after `result`, and why. */
  #letters(data: T, result: ExportResult, receipt: Receipt): readonly IndexedLetter<T>[] {
    const letters = lettersOf(data, result, this.#records)
    const back = givenBack(data, result, this.#records)
    const { indexes } = back
    if (indexes.length === 0) return letters
    const error = result.status === 'retry' ? result.error : (receipt.lastError ?? errorOf(partial([], indexes))!)
    return [...letters, { data: back.data, count: indexes.length, reason: 'exhausted', error, indexes }]
  }

  /** What `result` is when the first `written` of its letters were taken, and no other. */
  #outcome(
    result: ExportResult,
    letters: readonly IndexedLetter<T>[],
    { written, refusal }: { written: number; refusal: Error | undefined },
  ): ExportResult {
    const via = written > 0 && { via: this.#deadLetter.name }
    if (result.status === 'partial') {
      const rejected = letters.filter(({ reason }, index) => index < written || reason === 'unidentified').flatMap(rejectionsOf)
      const back = letters.slice(written).flatMap(({ indexes }) => indexes)
      back.sort((a, b) => a - b)
      return { ...result, ...partial(rejected, back), ...via }
    }
    const { children } = result
    const { error } = letters[0]!
    if (written > 0) return { ...(children && { children }), ...reject(error), ...via }
    if (result.status === 'retry') return result
    const message = `${this.#deadLetter.name} does not take the dead letters of ${this.name}: ${refusal?.message}`
    return { ...(children && { children }), ...retry(new Error(message, { cause: error })) }
  }
}

function rejectionsOf<T>({ indexes, count, error }: IndexedLetter<T>): readonly Rejection[] {
  return indexes.length > 0 ? indexes.map((index) => ({ index, error })) : [{ count, error }]
}
