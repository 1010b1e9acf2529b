import { JsonLinesEncoder } from '../codecs/jsonl/jsonl.ts'
import { JsonLinesDecoder, type LineForm } from '../codecs/jsonl/jsonl-decoder.ts'
import { formatMs } from '../codecs/text/rfc3339.ts'
import { type Batch, recordsOf, type Signal, signals } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { ByteWriter } from '../core/byte-writer.ts'
import type { DeadLetter } from '../core/context.ts'
import type { Table } from '../core/rows.ts'

/** Why records became dead letters. */
export const reasons = ['rejected', 'unidentified', 'exhausted', 'expired', 'stopped'] as const satisfies readonly DeadLetter['reason'][]

/** One record that no destination took, with all that is known of it. */
export interface Letter {
  /** Never used again in the same store: the number of its file, and of the letter in it. */
  readonly id: string
  /** The exporter that could not deliver it. */
  readonly exporter: string
  readonly reason: DeadLetter['reason']
  /** What the last try failed with. */
  readonly error: string
  readonly attempts: number
  /** When it was first accepted, and when it was given up; milliseconds since the epoch. */
  readonly firstMs: number
  readonly lastMs: number
  /** The time that it was exported with. */
  readonly timeMs: number
  /** That one record. */
  readonly batch: Batch
}

/** Where a letter stands. */
export interface LetterPlace {
  readonly file: number
  readonly index: number
}

/** Undefined for what is no id. */
export function placeOf(id: string): LetterPlace | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(id)
  return match ? { file: Number(match[1]), index: Number(match[2]) } : undefined
}

/** As it stands in a file, with the record as JSON lines say it (src/codecs/jsonl). */
interface Line {
  readonly id: string
  readonly exporter: string
  readonly reason: DeadLetter['reason']
  readonly error: string
  readonly attempts: number
  readonly first: string
  readonly last: string
  readonly time: string
  readonly signal: Signal
  readonly table?: Table
  readonly record: unknown
  /** The record as the binary codec says it, in base64, where `record` cannot be read back: dead letters are what is odd. */
  readonly exact?: string
}

const encoder = new JsonLinesEncoder()

export interface LetterStamp extends LetterPlace {
  readonly time: Date
  readonly nowMs: number
}

/** Adds a line for each record of `batch`; the first is the letter at `index`. */
export function writeLetters(writer: ByteWriter, batch: Batch, letter: DeadLetter, { file, index, time, nowMs }: LetterStamp): void {
  const shared = {
    exporter: letter.exporter,
    reason: letter.reason,
    error: letter.error.message,
    attempts: letter.attempts,
    first: formatMs(letter.firstAcceptedMs),
    last: formatMs(nowMs),
    time: formatMs(time.getTime()),
    signal: batch.signal,
    ...(batch.signal === 'rows' && { table: batch.table }),
  }
  const fields = JSON.stringify(shared).slice(1, -1)
  const reader = new LetterReader()
  for (const [offset, record] of encoder.lines(batch).entries()) {
    const line = `{"id":"${file}-${index + offset}",${fields},"record":${record}}`
    writer.text(`${reader.canRead(line) ? line : withExact(line, batchRecords.slice(batch, [offset]))}\n`)
  }
}

const withExact = (line: string, batch: Batch): string =>
  `${line.slice(0, -1)},"exact":"${Buffer.from(batchRecords.encode!(batch)).toString('base64')}"}`

/** Reads the lines of one store: rows of the same table share it, so that they can travel together. */
export class LetterReader {
  readonly #tables = new Map<string, Table>()

  /** Throws an Error that says what is wrong with the line. */
  read(text: string): Letter {
    const line = JSON.parse(text) as Line
    const { id, exporter, reason, error, attempts, signal } = line
    if (!placeOf(id) || typeof exporter !== 'string' || !reasons.includes(reason) || !signals.includes(signal))
      throw new Error('no dead letter')
    const form: LineForm = signal === 'rows' ? { signal, table: this.#shared(line.table) } : { signal }
    const batch =
      line.exact === undefined
        ? new JsonLinesDecoder(form).fromObjects([line.record])
        : batchRecords.decode!(Buffer.from(line.exact, 'base64'))
    const [firstMs, lastMs, timeMs] = [line.first, line.last, line.time].map(msOf) as [number, number, number]
    return { id, exporter, reason, error: String(error), attempts, firstMs, lastMs, timeMs, batch }
  }

  canRead(text: string): boolean {
    try {
      this.read(text)
      return true
    } catch {
      return false
    }
  }

  #shared(table: Table | undefined): Table {
    if (typeof table?.name !== 'string' || !Array.isArray(table.columns)) throw new Error('rows without their table')
    const key = JSON.stringify(table)
    const known = this.#tables.get(key)
    if (known) return known
    if (this.#tables.size >= mostTables) this.#tables.clear()
    this.#tables.set(key, table)
    return table
  }
}

const mostTables = 1000

/** Nothing is written of a time that no calendar has. */
function msOf(text: string): number {
  const ms = Date.parse(text)
  if (Number.isNaN(ms) && text !== '') throw new Error('no time')
  return ms
}

/** Whether both can be exported in one batch. */
export const together = (a: Letter, b: Letter): boolean =>
  a.exporter === b.exporter && a.timeMs === b.timeMs && (batchRecords.compatible?.(a.batch, b.batch) ?? false)

/** One line as JSON, for people and other programs: the letter with its record. */
export function letterJson({ batch, ...letter }: Letter): object {
  const [record] = encoder.lines(batch)
  const { firstMs, lastMs, timeMs, ...rest } = letter
  return {
    ...rest,
    first: formatMs(firstMs),
    last: formatMs(lastMs),
    time: formatMs(timeMs),
    signal: batch.signal,
    ...(batch.signal === 'rows' && { table: batch.table }),
    record: JSON.parse(record ?? 'null') as unknown,
  }
}

/** How many records a batch of letters has; a letter by itself has one. */
export const countOf = (batch: Batch): number => recordsOf(batch).length
