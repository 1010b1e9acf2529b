import { type Stats, statSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type Rejection, toError } from '../../../sdk.ts'
import type { AgingTable } from '../database-client.ts'
import type { TableShape } from '../table-shape.ts'
import { isOfRecord } from './failure.ts'
import { insertSql } from './insert-sql.ts'
import { once } from './once.ts'
import { PointsTable } from './points-table.ts'
import { removeBefore } from './remove-before.ts'
import { ensureTable, prepared } from './schema.ts'

export interface ConnectionOptions {
  /** A file, or `:memory:`. */
  readonly path: string
  readonly synchronous: 'normal' | 'full'
  readonly busyTimeoutMs: number
  readonly labelColumns: readonly string[]
}

/** Tables made from the data may be many; their statements are not all kept. */
const keptStatements = 200

/**
 * An open SQLite database and what is known of it: statements, numbers of series, tables that were seen to. All of that is
 * good as long as every transaction is committed; after one that was not, the connection is closed and another one made.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #database: DatabaseSync
  readonly #file: Stats | undefined
  readonly #inserts = new Map<string, StatementSync>()
  readonly #points = new Map<string, PointsTable>()

  /** Throws what SQLite and the file system throw. */
  constructor({ DatabaseSync: Database }: typeof import('node:sqlite'), options: ConnectionOptions) {
    const { path, synchronous, busyTimeoutMs } = options
    this.#options = options
    this.#database = new Database(path, { timeout: Math.ceil(busyTimeoutMs) })
    try {
      this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}`)
      // A file that can only be read is opened all the same; the first write tells.
      this.transaction(() => {})
      this.#file = fileAt(path)
    } catch (thrown) {
      this.close()
      throw thrown
    }
  }

  /** Whether the path still leads to the file that is open: in one that was removed, nobody would find what is written. */
  isCurrent(): boolean {
    const file = fileAt(this.#options.path)
    return file?.ino === this.#file?.ino && file?.dev === this.#file?.dev
  }

  /** What `work` writes is committed when it returns. When it throws, the connection is to be closed, which rolls back. */
  transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE')
    const made = work()
    this.#database.exec('COMMIT')
    return made
  }

  /** The statement that writes a row of the table, which is made or extended first. Inside a transaction. */
  insertInto(table: TableShape): StatementSync {
    const shape = JSON.stringify(table)
    let insert = this.#inserts.get(shape)
    if (!insert) {
      if (this.#inserts.size >= keptStatements) this.#inserts.clear()
      ensureTable(this.#database, table)
      insert = prepared(this.#database, insertSql(table), table)
      this.#inserts.set(shape, insert)
    }
    return insert
  }

  /** What `write` answers, or answered for that key before. Inside a transaction. */
  once(key: string, write: () => readonly Rejection[]): readonly Rejection[] {
    return once(this.#database, key, write)
  }

  /** The long layout of that name, which is made first. Inside a transaction. */
  points(name: string): PointsTable {
    let points = this.#points.get(name)
    if (!points) {
      points = new PointsTable(this.#database, name, this.#options.labelColumns)
      this.#points.set(name, points)
    }
    return points
  }

  /** How many rows of before that time were removed. Inside a transaction. */
  removeBefore(table: AgingTable, before: string): number {
    return removeBefore(this.#database, table, before)
  }

  /**
   * Why the record that `insert` writes is refused, when it is by itself; what is wrong with the database is thrown. So is what
   * has rolled the transaction back, as triggers can: the records before it are gone too.
   */
  refusal(insert: () => void): Error | undefined {
    try {
      insert()
      return undefined
    } catch (thrown) {
      if (isOfRecord(thrown) && this.#database.isTransaction) return toError(thrown)
      throw thrown
    }
  }

  /** Puts what was committed on the device, as far as readers let. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  close(): void {
    this.#database.close()
  }
}

/** Nothing for `:memory:`, as for a file that is gone. */
const fileAt = (path: string): Stats | undefined => (path === ':memory:' ? undefined : statSync(path, { throwIfNoEntry: false }))
