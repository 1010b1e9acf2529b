import { type Context, toError } from '../../sdk.ts'
import type { AgingTable, DatabaseClient } from './database-client.ts'
import { timeOfMs } from './values.ts'

/** How often is looked for what has become too old; sooner while there was more than one look takes. */
const everyMs = 3_600_000
const moreAfterMs = 1000

/** Removes rows that have become too old, beside what is written. */
export class Retention {
  readonly #maxAgeMs: number
  readonly #client: DatabaseClient
  readonly #nextMs = new Map<string, number>()
  #ending = new AbortController()
  #last: Promise<void> = Promise.resolve()

  constructor(maxAgeMs: number, client: DatabaseClient) {
    this.#maxAgeMs = maxAgeMs
    this.#client = client
  }

  /** Rows were written to that table. Nobody waits for what becomes of the old ones; the log tells what goes wrong. */
  written(table: AgingTable, { clock, log }: Context): void {
    const nowMs = clock.now()
    if (nowMs < (this.#nextMs.get(table.name) ?? 0)) return
    this.#nextMs.set(table.name, nowMs + everyMs)
    const { signal } = this.#ending
    const before = timeOfMs(Math.max(0, nowMs - this.#maxAgeMs))
    this.#last = this.#last.then(async () => {
      try {
        const done = await this.#client.removeBefore(table, before, signal)
        if (!done) this.#nextMs.set(table.name, clock.now() + moreAfterMs)
      } catch (thrown) {
        if (!signal.aborted) log.warn('rows that are too old could not be removed', { table: table.name, error: toError(thrown) })
      }
    })
  }

  /** Resolves when nothing is removed any more. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#last
    this.#ending = new AbortController()
  }
}
