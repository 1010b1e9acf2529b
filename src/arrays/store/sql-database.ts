export type SqlValue = string | number | null
export type SqlRow = Readonly<Record<string, unknown>>

export interface Sql {
  /** Runs one statement, `?` for each value, and gives its rows. */
  all(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>
}

/** A database of SQL, as far as databases agree: `data ->> 'name'` reads a field of JSON in all of them. */
export interface SqlDatabase extends Sql {
  /** What a column of JSON is. */
  readonly jsonType: string
  /** By what to sort for a field of the column `data`: first numbers by size, then text by its bytes. */
  sortKeys(field: string): readonly string[]
  /** Whether a statement failed since a value must be there once only. */
  isDuplicate(error: Error): boolean
  open(): Promise<void>
  close(): Promise<void>
  /** Everything that `work` does is committed when it resolves, and undone when it rejects. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>
}
