import { CsvEncoder } from '../codecs/csv/csv.ts'
import { jsonText } from '../codecs/text/json-value.ts'
import { formatMs } from '../codecs/text/rfc3339.ts'
import { TimeCache } from '../codecs/text/time-cache.ts'
import { ByteWriter, type Row, type Table } from '../core/index.ts'

/** `kusto` and `jsonl`: a JSON object on a line for each row (Kusto's format `json`). `json`: a list of them (its `multijson`). */
export const rowFormats = ['kusto', 'json', 'jsonl', 'csv'] as const
export type RowFormat = (typeof rowFormats)[number]

/** Of files that hold it, without a dot. */
export const extensionOf = (format: RowFormat): string => (format === 'kusto' ? 'json' : format)

/** Writes the rows of one table, a few at a time. */
export interface RowWriter {
  /** What stands before the first row. */
  readonly head: string
  /** The bytes of more rows, good until the next call. `first` for those that nothing stands before but the head. */
  rows(rows: readonly Row[], first: boolean): Uint8Array
  /** What stands behind the last row. */
  readonly tail: string
}

export function rowWriter(format: RowFormat, table: Table): RowWriter {
  if (format === 'csv') return new CsvRows(table)
  return new JsonRows(table, format === 'json' ? list : lines)
}

class CsvRows implements RowWriter {
  readonly head: string
  readonly tail = ''
  readonly #table: Table
  readonly #encoder = new CsvEncoder()

  constructor(table: Table) {
    this.#table = table
    this.head = this.#encoder.header({ signal: 'rows', table, rows: [] })
  }

  rows(rows: readonly Row[]): Uint8Array {
    return this.#encoder.encode({ signal: 'rows', table: this.#table, rows })
  }
}

interface Around {
  readonly head: string
  readonly between: string
  readonly tail: string
}
const list: Around = { head: '[\n', between: ',\n', tail: '\n]\n' }
const lines: Around = { head: '', between: '\n', tail: '\n' }

/** Objects with a field for each column, times as RFC 3339 in UTC. */
class JsonRows implements RowWriter {
  readonly head: string
  readonly tail: string
  readonly #between: string
  readonly #writer = new ByteWriter()
  readonly #times = new TimeCache((ms) => `"${formatMs(ms)}"`)
  /** What stands before the value of each column. */
  readonly #before: readonly Uint8Array[]
  readonly #isTime: readonly boolean[]

  constructor({ columns }: Table, { head, between, tail }: Around) {
    this.head = head
    this.tail = tail
    this.#between = between
    this.#before = columns.map(({ name }, index) => Buffer.from(`${index === 0 ? '{' : ','}${JSON.stringify(name)}:`))
    this.#isTime = columns.map(({ type }) => type === 'datetime')
  }

  rows(rows: readonly Row[], first: boolean): Uint8Array {
    const writer = this.#writer
    writer.clear()
    for (const row of rows) {
      if (!first) writer.ascii(this.#between)
      first = false
      this.#object(row)
    }
    return writer.view()
  }

  #object(row: Row): void {
    const writer = this.#writer
    for (let index = 0; index < this.#before.length; index++) {
      writer.bytes(this.#before[index]!)
      const cell = row[index] ?? null
      if (typeof cell === 'number' && Number.isFinite(cell)) {
        if (this.#isTime[index]) writer.bytes(this.#times.get(cell))
        else writer.number(cell)
      } else if (typeof cell === 'string') writer.text(JSON.stringify(cell))
      else if (cell === null) writer.ascii('null')
      else writer.text(jsonText(cell))
    }
    writer.byte(closingBrace)
  }
}

const closingBrace = 0x7d
