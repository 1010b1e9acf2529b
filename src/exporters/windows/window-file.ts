import { windowTable } from '../../controllers/window-rows.ts'
import type { Cell, Decoder, Encoder, Row, RowsBatch } from '../../sdk.ts'

/** The rows of a window as JSON lines, a series each: objects by the names of the columns, times as RFC 3339. */
export const windowEncoder: Encoder<RowsBatch> = {
  contentType: 'application/jsonl',
  extension: 'jsonl',
  encode: ({ rows }) => Buffer.from(rows.map((row) => `${JSON.stringify(Object.fromEntries(namedCells(row)))}\n`).join('')),
}

/** Reads what `windowEncoder` wrote. Throws a SyntaxError for anything else. */
export const windowDecoder: Decoder<RowsBatch> = {
  decode(bytes) {
    const lines = Buffer.from(bytes).toString().split('\n').filter(Boolean)
    return { signal: 'rows', table: windowTable, rows: lines.map(rowOf) }
  },
}

const namedCells = (row: Row): readonly (readonly [string, unknown])[] =>
  windowTable.columns.map(({ name, type }, index) => [name, type === 'datetime' ? new Date(Number(row[index])).toISOString() : row[index]])

function rowOf(line: string): Row {
  const cells = JSON.parse(line) as Readonly<Record<string, Cell>>
  return windowTable.columns.map(({ name, type }) => (type === 'datetime' ? Date.parse(String(cells[name])) : (cells[name] ?? null)))
}
