import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { makeFolder } from '../../files/make-folder.ts'
import { unwritable } from '../../files/unwritable.ts'
import { toError } from '../../sdk.ts'
import type { Sql, SqlDatabase, SqlRow, SqlValue } from './sql-database.ts'

const keptStatements = 100

/** A file of SQLite, which only the user of this process can read. */
export class SqliteDatabase implements SqlDatabase {
  readonly jsonType = 'TEXT'
  readonly #path: string
  readonly #statements = new Map<string, StatementSync>()
  #database: DatabaseSync | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Of JSON it reads numbers as numbers, which it sorts before text. */
  sortKeys(field: string): readonly string[] {
    return [`(data ->> '${field}')`]
  }

  isDuplicate(error: Error): boolean {
    return error.message.startsWith('UNIQUE constraint failed')
  }

  async open(): Promise<void> {
    if (this.#database) return
    const { DatabaseSync: Database } = await import('node:sqlite')
    try {
      await makeFolder(dirname(this.#path))
      const database = new Database(this.#path)
      this.#database = database
      chmodSync(this.#path, 0o600)
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000')
    } catch (thrown) {
      await this.close()
      throw unwritable(this.#path, toError(thrown))
    }
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#statements.clear()
      this.#database?.close()
      this.#database = undefined
    })
  }

  all(text: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.#inTurn(async () => this.#run(text, values))
  }

  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      this.#run('BEGIN IMMEDIATE')
      try {
        const made = await work({ all: async (text, values) => this.#run(text, values) })
        this.#run('COMMIT')
        return made
      } catch (error) {
        if (this.#database?.isTransaction) this.#run('ROLLBACK')
        throw error
      }
    })
  }

  #run(text: string, values: readonly SqlValue[] = []): readonly SqlRow[] {
    if (!this.#database) throw new Error(`${this.#path} is not open`)
    let statement = this.#statements.get(text)
    if (!statement) {
      if (this.#statements.size >= keptStatements) this.#statements.clear()
      statement = this.#database.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement.all(...values) as SqlRow[]
  }

  /** There is one connection, so nothing runs within somebody else’s transaction. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return turn
  }
}
