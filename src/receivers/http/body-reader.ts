import { JsonLinesDecoder, parseLines } from '../../codecs/jsonl/jsonl-decoder.ts'
import type { Batch, Signal, Table } from '../../sdk.ts'
import { columnsOf, type Placed, parseColumns, readRows } from './rows.ts'

export interface BodyForm {
  readonly signal: Signal
  /** Of rows: `table`, and `columns` where they are told. */
  readonly query: URLSearchParams
  /** For points and logs without a time. */
  readonly nowMs: number
}

const mostTables = 1000
const arrayStart = 0x5b
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Makes a batch of a body: JSON lines, or one array. Rows of the same table share it, so that they can travel together. */
export class BodyReader {
  readonly #tables = new Map<string, Table>()

  /** Throws an Error that says which line, or which record of an array, is not what it should be, and why. */
  read(body: Uint8Array, { signal, query, nowMs }: BodyForm): Batch {
    const isArray = body[body.findIndex((byte) => !isSpace(byte))] === arrayStart
    if (signal === 'rows') return this.#rows(isArray ? inArray(body) : inLines(body), query)
    const decoder = new JsonLinesDecoder({ signal, nowMs })
    return isArray ? decoder.fromObjects(parseArray(body)) : decoder.decode(body)
  }

  #rows(records: readonly Placed[], query: URLSearchParams): Batch {
    const name = query.get('table')
    if (!name) throw new Error('rows need the name of their table: ?table=…')
    const given = query.get('columns')
    const columns = given === null ? columnsOf(records) : parseColumns(given)
    return readRows(records, this.#shared({ name, columns }))
  }

  #shared(table: Table): Table {
    const key = JSON.stringify(table)
    const known = this.#tables.get(key)
    if (known) return known
    if (this.#tables.size >= mostTables) this.#tables.clear()
    this.#tables.set(key, table)
    return table
  }
}

/** White space of JSON (RFC 8259, 2). */
const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

const inLines = (body: Uint8Array): readonly Placed[] => [...parseLines(body)].map(({ line, value }) => ({ place: `line ${line}`, value }))

const inArray = (body: Uint8Array): readonly Placed[] => parseArray(body).map((value, index) => ({ place: `record ${index + 1}`, value }))

/** The text begins with `[`, so what it is when it is JSON is an array. */
const parseArray = (body: Uint8Array): readonly unknown[] => JSON.parse(utf8.decode(body)) as readonly unknown[]
