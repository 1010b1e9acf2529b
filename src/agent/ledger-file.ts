import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { setInterval } from 'node:timers/promises'
import { JsonStateFile } from '../controllers/json-state-file.ts'
import type { KeptLedger, Ledger } from '../core/ledger.ts'
import type { Log } from '../core/log.ts'
import { toError } from '../core/result.ts'

const fileName = 'ledger.json'
const intervalMs = 1000

/**
 * The books in the data directory, so that they go on over restarts: written a second at most after they have changed, and at the end. What a
 * killed process counted in its last second is missing there; the books of buffers on disk are with the buffers, and miss nothing.
 */
export class LedgerFile {
  readonly #path: string
  readonly #file: JsonStateFile<KeptLedger>
  readonly #ledger: Ledger
  readonly #log: Log
  readonly #ending = new AbortController()
  #saved = ''
  #failed = false
  #running: Promise<void> | undefined

  constructor(dataDir: string, ledger: Ledger, log: Log) {
    this.#path = join(dataDir, fileName)
    this.#file = new JsonStateFile(this.#path)
    this.#ledger = ledger
    this.#log = log
  }

  /** Gives the ledger what earlier processes have booked. A file that cannot be read is told of and put aside, and counting begins anew. */
  async restore(): Promise<void> {
    try {
      const kept = await this.#file.load()
      if (kept) this.#ledger.restore(kept)
    } catch (thrown) {
      const aside = `${this.#path}.unreadable`
      this.#log.error('the books of earlier runs cannot be read: counting begins anew', { error: toError(thrown), file: aside })
      await rename(this.#path, aside).catch(() => {})
    }
  }

  start(): void {
    this.#running ??= this.#follow()
  }

  /** Resolves when the file has the last figures, or cannot be written. */
  async stop(): Promise<void> {
    if (!this.#running) return
    this.#ending.abort()
    await this.#running
    await this.#save()
  }

  async #follow(): Promise<void> {
    try {
      for await (const _ of setInterval(intervalMs, undefined, { signal: this.#ending.signal, ref: false })) await this.#save()
    } catch (thrown) {
      if (!this.#ending.signal.aborted) throw thrown
    }
  }

  async #save(): Promise<void> {
    const kept = this.#ledger.kept()
    const text = JSON.stringify(kept)
    if (text === this.#saved) return
    try {
      await this.#file.save(kept)
      this.#saved = text
      this.#failed = false
    } catch (thrown) {
      if (!this.#failed) this.#log.warn('the books cannot be written to the data directory; it is tried again', { error: toError(thrown) })
      this.#failed = true
    }
  }
}
