import type { Batch, Decoder, Signal, Table } from '../../core/index.ts'
import { readAlert, readLog, readPoint, readRow, readSpan } from './read-record.ts'
import { type Fields, fields } from './read-value.ts'

/** Of which records the lines are: rows need to be told the columns that they stand in. */
export type LineForm = { readonly signal: Exclude<Signal, 'rows'> } | { readonly signal: 'rows'; readonly table: Table }

export type JsonLinesDecoderOptions = LineForm & {
  /** Of points and logs that have no time. Default: they must have one. */
  readonly nowMs?: number | undefined
}

/**
 * Reads what `JsonLinesEncoder` writes: all records of one signal. What the form does not keep does not come back: the `help` of a
 * series, and of attributes whether a string was a bigint, NaN or an infinity.
 */
export class JsonLinesDecoder implements Decoder<Batch> {
  readonly #options: JsonLinesDecoderOptions

  constructor(options: JsonLinesDecoderOptions) {
    this.#options = options
  }

  /** Throws an Error that begins with the number of the line: `line 3: value: expected a number, not "x"`. Empty lines are passed over. */
  decode(bytes: Uint8Array): Batch {
    const objects = [...parseLines(bytes)]
    return batchOf(this.#options, (read) => objects.map(({ line, value }) => at(`line ${line}`, () => read(fields(value)))))
  }

  /** The batch of objects that are parsed already. Throws an Error that begins with `record 3`, counted from 1. */
  fromObjects(values: readonly unknown[]): Batch {
    return batchOf(this.#options, (read) => values.map((value, index) => at(`record ${index + 1}`, () => read(fields(value)))))
  }
}

/** What stands on each line that is not empty, and on which, counted from 1. Throws an Error that begins with `line 3`. */
export function* parseLines(bytes: Uint8Array): Generator<{ readonly line: number; readonly value: unknown }> {
  let line = 0
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineEnd, start)
    const end = found < 0 ? bytes.length : found
    line++
    const value = at(`line ${line}`, () => parse(bytes.subarray(start, end)))
    if (value !== undefined) yield { line, value }
    start = end + 1
  }
}

const lineEnd = 0x0a
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Undefined for nothing but white space. */
function parse(bytes: Uint8Array): unknown {
  const text = utf8.decode(bytes)
  return text.trim() === '' ? undefined : (JSON.parse(text) as unknown)
}

function batchOf(options: JsonLinesDecoderOptions, each: <T>(read: (record: Fields) => T) => readonly T[]): Batch {
  const { nowMs } = options
  switch (options.signal) {
    case 'metrics':
      return { signal: 'metrics', points: each((record) => readPoint(record, nowMs)) }
    case 'traces':
      return { signal: 'traces', spans: each(readSpan) }
    case 'logs':
      return { signal: 'logs', records: each((record) => readLog(record, nowMs)) }
    case 'alerts':
      return { signal: 'alerts', alerts: each(readAlert) }
    case 'rows': {
      const { table } = options
      return { signal: 'rows', table, rows: each((record) => readRow(record, table.columns)) }
    }
  }
}

function at<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw new Error(`${place}: ${(thrown as Error).message}`)
  }
}
