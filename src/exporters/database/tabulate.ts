import { type Rejection, toError } from '../../sdk.ts'
import type { SqlValue, TableRow, TableRows, TableShape } from './table-shape.ts'

/** A row for each record; `valuesOf` throws for a record that is none, which is rejected alone. */
export function tabulate<R>(table: TableShape, records: readonly R[], valuesOf: (record: R) => readonly SqlValue[]): TableRows {
  const rows: TableRow[] = []
  const rejected: Rejection[] = []
  for (const [index, record] of records.entries()) {
    try {
      rows.push({ indexes: [index], values: valuesOf(record) })
    } catch (thrown) {
      rejected.push({ index, error: toError(thrown) })
    }
  }
  return { table, rows, rejected }
}
