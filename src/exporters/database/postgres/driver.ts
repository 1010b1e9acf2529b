/** What is used of the package `pg`, which is loaded only where a database is PostgreSQL. */

export interface Driver {
  readonly Pool: new (options: PoolOptions) => Pool
}

/** https://node-postgres.com/apis/pool */
export interface PoolOptions {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password: string | undefined
  readonly options: string | undefined
  readonly ssl: object | false
  readonly application_name: string
  readonly connectionTimeoutMillis: number
  /** Connections that stay open though nobody uses them. */
  readonly min: number
  readonly max: number
  readonly keepAlive: boolean
}

export interface Pool {
  connect(): Promise<Client>
  end(): Promise<void>
  on(event: 'error', listener: (error: Error) => void): this
  on(event: 'connect' | 'remove', listener: (client: Client) => void): this
}

export interface Client {
  query(sql: string): Promise<unknown>
  query(submittable: Submittable): void
  /** Gives it back to the pool; with `true` it is closed, in the middle of a query too. */
  release(close?: boolean): void
  on(event: 'error', listener: (error: Error) => void): void
  readonly connection: { readonly stream: { destroy(): void } }
}

/** What may stand in place of a query: it is told of each message that the server answers with. */
export interface Submittable {
  submit(connection: Connection): void
  handleCopyInResponse(connection: Connection): void
  handleCommandComplete(): void
  handleReadyForQuery(): void
  handleError(error: Error): void
}

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY */
export interface Connection {
  query(sql: string): void
  sendCopyFromChunk(bytes: Uint8Array): void
  endCopyFrom(): void
}

/** A result of one statement. */
export interface Result {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly rowCount: number | null
}
