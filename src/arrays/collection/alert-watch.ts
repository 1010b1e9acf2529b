import { type Context, toError } from '../../sdk.ts'

export interface AlertWatchOptions {
  readonly everyMs: number
  /** The ids of the arrays there are. */
  ids(): Promise<readonly string[]>
  /** Asks one, and hands on what is news. */
  ask(id: string): Promise<unknown>
  readonly context: Context
}

/** Asks every array for its alerts, again and again. */
export class AlertWatch {
  readonly #options: AlertWatchOptions
  readonly #problems = new Map<string, Error>()
  readonly #done: Promise<void>

  /** Begins at once. */
  constructor(options: AlertWatchOptions) {
    this.#options = options
    this.#done = this.#run()
  }

  /** Of the arrays that did not tell when they were asked last. */
  get problems(): ReadonlyMap<string, Error> {
    return this.#problems
  }

  /** Resolves when nothing is asked any more. The signal of the context has aborted. */
  stop(): Promise<void> {
    return this.#done
  }

  async #run(): Promise<void> {
    const { everyMs, ids, context } = this.#options
    const { signal, clock, log } = context
    while (!signal.aborted) {
      try {
        const there = await ids()
        for (const id of this.#problems.keys()) if (!there.includes(id)) this.#problems.delete(id)
        await Promise.all(there.map((id) => this.#ask(id)))
      } catch (thrown) {
        log.warn('which arrays there are is not known now', { error: toError(thrown) })
      }
      await clock.sleep(everyMs, signal)
    }
  }

  /** Logs what changes. */
  async #ask(id: string): Promise<void> {
    const { ask, context } = this.#options
    const { log, signal } = context
    try {
      await ask(id)
      if (this.#problems.delete(id)) log.info('an array tells its alerts again', { array: id })
    } catch (thrown) {
      if (signal.aborted) return
      const error = toError(thrown)
      const before = this.#problems.get(id)
      this.#problems.set(id, error)
      if (before?.message !== error.message) log.warn('an array does not tell its alerts, will ask again', { array: id, error })
    }
  }
}
