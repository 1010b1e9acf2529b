import { type Host, toError, WaybillError } from '../../sdk.ts'
import type { Sql, SqlDatabase, SqlRow, SqlValue } from './sql-database.ts'

/** What is used of the package `pg`. */
interface Connection {
  query(text: string, values?: readonly SqlValue[]): Promise<{ readonly rows: readonly SqlRow[] }>
}
interface Pool extends Connection {
  connect(): Promise<Connection & { release(broken?: boolean): void }>
  on(event: 'error', listener: () => void): void
  end(): Promise<void>
}
interface Package {
  readonly default: { readonly Pool: new (options: object) => Pool }
}

export interface PostgresOptions {
  /** `postgresql://user:password@host:5432/database` */
  readonly connectionString: string
  readonly load: Host['load']
}

/** A database of PostgreSQL, from version 12 on. A connection that breaks is made anew with the next statement. */
export class PostgresDatabase implements SqlDatabase {
  readonly jsonType = 'JSONB'
  readonly #options: PostgresOptions
  #pool: Pool | undefined

  constructor(options: PostgresOptions) {
    this.#options = options
  }

  sortKeys(field: string): readonly string[] {
    const text = `(data ->> '${field}')`
    const type = `jsonb_typeof(data -> '${field}')`
    return [
      `CASE WHEN ${text} IS NULL THEN 0 WHEN ${type} = 'number' THEN 1 ELSE 2 END`,
      `CASE ${type} WHEN 'number' THEN ${text}::float8 END`,
      `${text} COLLATE "C"`,
    ]
  }

  isDuplicate(error: Error & { readonly code?: string }): boolean {
    return error.code === '23505'
  }

  async open(): Promise<void> {
    if (this.#pool) return
    const { connectionString, load } = this.#options
    const { default: pg } = await load<Package>('pg')
    this.#pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 10_000, statement_timeout: 60_000 })
    // Of a connection that nobody uses; the next statement tells.
    this.#pool.on('error', () => {})
    try {
      await this.#pool.query('SELECT 1')
    } catch (thrown) {
      await this.close()
      throw new WaybillError('DESTINATION_UNAVAILABLE', `PostgreSQL cannot be used for arrays: ${toError(thrown).message}`, {
        hint: 'see that it runs, and that the connection string has its address, its database and who logs in',
      })
    }
  }

  async close(): Promise<void> {
    const pool = this.#pool
    this.#pool = undefined
    await pool?.end()
  }

  all(text: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return run(this.#opened(), text, values)
  }

  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const connection = await this.#opened().connect()
    let broken = false
    try {
      await connection.query('BEGIN')
      const made = await work({ all: (text, values = []) => run(connection, text, values) })
      await connection.query('COMMIT')
      return made
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => {
        broken = true
      })
      throw error
    } finally {
      connection.release(broken)
    }
  }

  #opened(): Pool {
    if (this.#pool) return this.#pool
    throw new Error('the database of arrays is not open')
  }
}

async function run(connection: Connection, text: string, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  let number = 0
  return (
    await connection.query(
      text.replaceAll('?', () => `$${++number}`),
      values,
    )
  ).rows
}
