import type { Rejection } from '../../sdk.ts'

/**
 * What stands in a column, whatever a dialect calls it. `time` is RFC 3339 text in UTC with a fixed number of digits, so that
 * it sorts; `json` is JSON text; `boolean` is 1 or 0.
 */
export type ColumnKind = 'text' | 'integer' | 'real' | 'boolean' | 'time' | 'json'

export interface ColumnShape {
  readonly name: string
  readonly kind: ColumnKind
}

/** A table as an exporter wants to find it, with names that are fit to be quoted. Plain data: the same shape is the same JSON. */
export interface TableShape {
  readonly name: string
  readonly columns: readonly ColumnShape[]
  /** The columns that tell rows apart; a row that is there already is written over. Empty: rows are only added. */
  readonly key: readonly string[]
  /** The column that tells how old a row is. Absent: rows stay. */
  readonly time?: string
  /** What writing over does: put the new row in place of the old (the default), or only what the new one has. */
  readonly repeated?: 'replace' | 'merge'
}

/** What can be bound to a column. */
export type SqlValue = string | number | bigint | null

/** One row to write, made from the records at `indexes`. */
export interface TableRow {
  readonly indexes: readonly number[]
  /** One for each column, in order. */
  readonly values: readonly SqlValue[]
}

/** The records of a batch as rows of one table. */
export interface TableRows {
  readonly table: TableShape
  readonly rows: readonly TableRow[]
  /** The records that are no rows. */
  readonly rejected: readonly Rejection[]
  /** How many records the user's mapping leaves out. */
  readonly unmapped?: number
}
