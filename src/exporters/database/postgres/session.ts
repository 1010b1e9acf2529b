import type { Client, Connection, Result, Submittable } from './driver.ts'

/**
 * A connection for as long as one transaction takes. Only the simple protocol is used and nothing outlives the transaction, so
 * a pooler between here and the server may give each transaction another connection.
 */
export class Session {
  readonly #client: Client
  #ended = false

  constructor(client: Client) {
    this.#client = client
  }

  /** Gives the connection back, or closes it, in the middle of a query too. Only the first call does anything. */
  end({ close }: { readonly close: boolean }): void {
    if (!this.#ended) this.#client.release(close)
    this.#ended = true
  }

  /** One statement or several; the result of the last. */
  async query(sql: string): Promise<Result> {
    const results = (await this.#client.query(sql)) as Result | readonly Result[]
    return Array.isArray(results) ? results.at(-1)! : (results as Result)
  }

  /** `sql` is a COPY … FROM STDIN, `text` in its text format. */
  copy(sql: string, text: string): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#client.query(new CopyFrom(sql, Buffer.from(text), { resolve, reject }))
    return promise
  }
}

class CopyFrom implements Submittable {
  readonly #sql: string
  readonly #bytes: Uint8Array
  readonly #settle: { resolve(): void; reject(error: Error): void }

  constructor(sql: string, bytes: Uint8Array, settle: { resolve(): void; reject(error: Error): void }) {
    this.#sql = sql
    this.#bytes = bytes
    this.#settle = settle
  }

  submit(connection: Connection): void {
    connection.query(this.#sql)
  }

  handleCopyInResponse(connection: Connection): void {
    connection.sendCopyFromChunk(this.#bytes)
    connection.endCopyFrom()
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#settle.resolve()
  }

  handleError(error: Error): void {
    this.#settle.reject(error)
  }
}
