import { dirname } from 'node:path'
import { makeFolder } from '../../../files/make-folder.ts'
import { type Point, type Rejection, WaybillError } from '../../../sdk.ts'
import type { AgingTable, DatabaseClient, WriteCall } from '../database-client.ts'
import { deliveryKey } from '../delivered-once.ts'
import type { SqlValue, TableRow, TableShape } from '../table-shape.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { unavailable } from './failure.ts'

type Sqlite = typeof import('node:sqlite')

/** Of rows that are too old, in one go. */
const mostPieces = 20

/**
 * A SQLite database in a file. Everything but loading SQLite and making its folder is done before the call returns to the event loop, so
 * calls never run into each other. Whatever fails closes the connection, and the next call opens it anew.
 */
export class SqliteClient implements DatabaseClient {
  readonly location: string
  readonly #options: ConnectionOptions
  #sqlite: Sqlite | undefined
  #connection: Connection | undefined
  #closed = false

  constructor(options: ConnectionOptions) {
    this.location = options.path
    this.#options = options
  }

  async open(): Promise<void> {
    this.#closed = false
    await this.#use(() => {})
  }

  async writeRows(table: TableShape, rows: readonly TableRow[], { deliveryId }: WriteCall): Promise<readonly Rejection[]> {
    return this.#commit((connection) => {
      const write = () => {
        const insert = connection.insertInto(table)
        return rows.flatMap(({ indexes, values }) => {
          const error = connection.refusal(() => insert.run(...values.map(wellFormed)))
          return error ? indexes.map((index) => ({ index, error })) : []
        })
      }
      // Rows with a key take the place of themselves.
      if (table.key.length > 0 || deliveryId === undefined) return write()
      return connection.once(deliveryKey(deliveryId, table, rows), write)
    })
  }

  async writePoints(name: string, points: readonly Point[]): Promise<readonly Rejection[]> {
    return this.#commit((connection) => {
      const table = connection.points(name)
      const rejected: Rejection[] = []
      points.forEach((point, index) => {
        const error = connection.refusal(() => table.insert(point))
        if (error) rejected.push({ index, error })
      })
      return rejected
    })
  }

  /** Others come in between: nothing else is done while SQLite works. */
  async removeBefore(table: AgingTable, before: string, signal: AbortSignal): Promise<boolean> {
    for (let pieces = 0; pieces < mostPieces && !signal.aborted; pieces++) {
      if ((await this.#commit((connection) => connection.removeBefore(table, before))) === 0) return true
      await new Promise((resolve) => setImmediate(resolve))
    }
    return false
  }

  async flush(): Promise<void> {
    if (this.#connection) await this.#use((connection) => connection.checkpoint())
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#disconnect()
  }

  #commit<T>(work: (connection: Connection) => T): Promise<T> {
    return this.#use((connection) => connection.transaction(() => work(connection)))
  }

  async #use<T>(work: (connection: Connection) => T): Promise<T> {
    this.#sqlite ??= await import('node:sqlite')
    const { path } = this.#options
    if (this.#closed) throw new WaybillError('DESTINATION_UNAVAILABLE', `the database ${this.location} is closed`)
    try {
      if (this.#connection && !this.#connection.isCurrent()) this.#disconnect()
      if (!this.#connection && path !== ':memory:') await makeFolder(dirname(path))
      this.#connection ??= new Connection(this.#sqlite, this.#options)
      return work(this.#connection)
    } catch (thrown) {
      this.#disconnect()
      throw unavailable(this.location, thrown)
    }
  }

  #disconnect(): void {
    const connection = this.#connection
    this.#connection = undefined
    connection?.close()
  }
}

/** Half a character becomes U+FFFD here, since what node:sqlite makes of it differs from call to call. */
const wellFormed = (value: SqlValue): SqlValue => (typeof value === 'string' ? value.toWellFormed() : value)
