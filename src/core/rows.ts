/** `int` is a 64-bit integer, `real` a double, `datetime` milliseconds since the epoch, `json` anything that JSON can say. */
export type ColumnType = 'string' | 'int' | 'real' | 'bool' | 'datetime' | 'json'

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** A named table of typed columns. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
}

/** What stands in one column; null where there is nothing. */
export type Cell = string | number | bigint | boolean | null | object

/** One cell per column of the table, in its order. */
export type Row = readonly Cell[]
