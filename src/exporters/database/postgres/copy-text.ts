import type { ColumnKind, SqlValue, TableShape } from '../table-shape.ts'

/** Rows in the text format of COPY (https://www.postgresql.org/docs/current/sql-copy.html, File Formats): a line each. */
export const copyText = (rows: readonly (readonly SqlValue[])[]): string => rows.map((row) => `${row.map(cellText).join('\t')}\n`).join('')

/** The values as PostgreSQL can hold them: it has neither a NUL nor half a character, in place of which stands U+FFFD. */
export function storable({ columns }: TableShape, values: readonly SqlValue[]): readonly SqlValue[] {
  return values.map((value, index) => (typeof value === 'string' ? storableText(value, columns[index]!.kind) : value))
}

function storableText(text: string, kind: ColumnKind): string {
  if (kind === 'json') return text.replace(unstorableEscape, '$1\\ufffd')
  return text.toWellFormed().replaceAll('\0', '\ufffd')
}

/** In JSON they are escapes, since JSON.stringify writes no half characters; a backslash before one may be text itself. */
const unstorableEscape = /(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g

function cellText(value: SqlValue): string {
  if (value === null) return '\\N'
  if (typeof value === 'string') return value.replace(/[\\\t\n\r]/g, (character) => escapes[character]!)
  return Object.is(value, -0) ? '-0' : String(value)
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
