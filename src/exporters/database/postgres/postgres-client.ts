import { httpDefaults, type TlsSettings } from '../../../http/options.ts'
import { tlsOptions } from '../../../http/tls.ts'
import { orAborted, type Point, type Rejection, WaybillError } from '../../../sdk.ts'
import type { PostgresTarget } from '../connection-string.ts'
import type { AgingTable, DatabaseClient, WriteCall } from '../database-client.ts'
import { deliveryKey } from '../delivered-once.ts'
import { quoted } from '../identifier.ts'
import type { TableRow, TableShape } from '../table-shape.ts'
import type { Client, Driver, Pool } from './driver.ts'
import { isOfSchema, unavailable } from './failure.ts'
import { insertRows } from './insert-rows.ts'
import { createDeliveries, once } from './once.ts'
import { PointsTable } from './points-table.ts'
import { ensureTable, literal } from './schema.ts'
import { Session } from './session.ts'

export interface PostgresClientOptions {
  readonly target: PostgresTarget
  readonly load: () => Promise<Driver>
  /** Connections that stay open. */
  readonly poolSize: number
  /** How many more there may be while there is more to do. */
  readonly maxOverflow: number
  readonly connectTimeoutMs: number
  /** Undefined: as the target says, otherwise without. */
  readonly tls: TlsSettings | undefined
  readonly labelColumns: readonly string[]
}

/** Tables made from the data may be many; not all are kept in mind. */
const kept = 200

/** Whatever the server is set up to, backslashes in literals stand for themselves. */
const begin = 'BEGIN; SET LOCAL standard_conforming_strings = on'

/** Held until the end of a transaction that makes tables: two at a time would run into each other, from several agents too. */
const schemaLock = "SELECT pg_advisory_xact_lock(hashtext('waybill schema'))"

/**
 * A PostgreSQL server, written to over a pool of connections: a call is one transaction on one of them. What is known of the
 * tables is forgotten when the server disagrees, and looked at again by the next call.
 */
export class PostgresClient implements DatabaseClient {
  readonly location: string
  readonly #options: PostgresClientOptions
  readonly #clients = new Set<Client>()
  readonly #shapes = new Map<string, TableShape>()
  readonly #points = new Map<string, PointsTable>()
  #pool: Promise<Pool> | undefined
  #closed = false

  constructor(options: PostgresClientOptions) {
    const { host, port, database } = options.target
    this.location = `postgresql://${host.includes(':') ? `[${host}]` : host}:${port}/${database}`
    this.#options = options
  }

  async open(): Promise<void> {
    this.#closed = false
    await this.#transaction(new AbortController().signal, async () => {})
  }

  async writeRows(table: TableShape, rows: readonly TableRow[], { signal, deliveryId }: WriteCall): Promise<readonly Rejection[]> {
    const known = await this.#ensured(this.#shapes, JSON.stringify(table), signal, async (session) => {
      if (table.key.length === 0) await session.query(createDeliveries)
      return ensureTable(session, table)
    })
    return this.#transaction(signal, async (session) => {
      // Rows with a key take the place of themselves.
      if (known.key.length > 0 || deliveryId === undefined) return insertRows(session, known, rows)
      return once(session, deliveryKey(deliveryId, table, rows), () => insertRows(session, known, rows))
    })
  }

  async writePoints(name: string, points: readonly Point[], { signal }: WriteCall): Promise<readonly Rejection[]> {
    const { labelColumns } = this.#options
    const table = await this.#ensured(this.#points, name, signal, (session) => PointsTable.ensure(session, name, labelColumns))
    const { rejected, committed } = await this.#transaction(signal, (session) => table.insert(session, points))
    committed()
    return rejected
  }

  /** All of them. */
  async removeBefore({ name, time: asked }: AgingTable, before: string, signal: AbortSignal): Promise<boolean> {
    const { time = asked } = [...this.#shapes.values()].find((shape) => shape.name === name) ?? {}
    await this.#transaction(signal, (session) => session.query(`DELETE FROM ${quoted(name)} WHERE ${quoted(time)} < ${literal(before)}`))
    return true
  }

  /** A commit is on the server's device before it is answered, unless the server is set up otherwise. */
  async flush(): Promise<void> {}

  async close(signal: AbortSignal): Promise<void> {
    this.#closed = true
    const pool = this.#pool
    this.#pool = undefined
    this.#forget()
    const cut = () => {
      for (const client of this.#clients) client.connection.stream.destroy()
    }
    const ended = pool?.then((pool) => pool.end()).catch(() => {})
    await orAborted(ended ?? Promise.resolve(), signal)
    if (signal.aborted) cut()
  }

  /** What `make` gave for `key`, once; it is made in a transaction of its own, of which no two run at a time. */
  async #ensured<V>(known: Map<string, V>, key: string, signal: AbortSignal, make: (session: Session) => Promise<V>): Promise<V> {
    const made =
      known.get(key) ??
      (await this.#transaction(signal, async (session) => {
        await session.query(schemaLock)
        return make(session)
      }))
    if (known.size >= kept) known.clear()
    known.set(key, made)
    return made
  }

  /** What `work` writes is committed when this resolves, and none of it is there when it rejects. */
  async #transaction<T>(signal: AbortSignal, work: (session: Session) => Promise<T>): Promise<T> {
    try {
      const client = await this.#connected(signal)
      const session = new Session(client)
      const cut = () => session.end({ close: true })
      signal.addEventListener('abort', cut)
      let committed = false
      try {
        await session.query(begin)
        const made = await work(session)
        await session.query('COMMIT')
        committed = true
        return made
      } finally {
        signal.removeEventListener('abort', cut)
        // What a failure leaves open is rolled back with the connection.
        session.end({ close: !committed })
      }
    } catch (thrown) {
      if (isOfSchema(thrown)) this.#forget()
      const { password } = this.#options.target
      throw unavailable(this.location, password, thrown)
    }
  }

  async #connected(signal: AbortSignal): Promise<Client> {
    if (this.#closed) throw new WaybillError('DESTINATION_UNAVAILABLE', `the connection to ${this.location} is closed`)
    this.#pool ??= this.#makePool()
    const pool = await this.#pool.catch((thrown) => {
      this.#pool = undefined
      throw thrown
    })
    const connecting = pool.connect()
    const client = await orAborted(connecting, signal)
    if (client) return client
    connecting.then(
      (late) => late.release(true),
      () => {},
    )
    throw new Error('aborted')
  }

  async #makePool(): Promise<Pool> {
    const { load, target, tls, poolSize, maxOverflow, connectTimeoutMs } = this.#options
    const { host, port, database, user, password, options } = target
    const { Pool } = await load()
    const pool = new Pool({
      ...{ host, port, database, user, password, options },
      ssl: (target.tls ?? tls !== undefined) && (await tlsOptions(tls ?? httpDefaults.tls)),
      application_name: 'waybill',
      connectionTimeoutMillis: connectTimeoutMs,
      min: poolSize,
      max: poolSize + maxOverflow,
      keepAlive: true,
    })
    pool.on('connect', (client) => {
      this.#clients.add(client)
      // A connection that is cut fails the query under way too, which tells of it.
      client.on('error', () => {})
    })
    pool.on('remove', (client) => this.#clients.delete(client))
    // An idle connection that is cut is gone from the pool; the next call makes another and tells if it cannot.
    return pool.on('error', () => {})
  }

  #forget(): void {
    this.#shapes.clear()
    this.#points.clear()
  }
}
