import { type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import { orAborted } from '../core/or-aborted.ts'
import { toError } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'

export interface StarterOptions {
  /** For the log. */
  readonly kind: 'exporter' | 'receiver'
  readonly name: string
  /** What is to be done once; it rejects when it cannot, and is then done again. */
  readonly start: (context: Context) => Promise<void>
  /** When to try again. Default: full jitter, doubling from 1 s to 15 s. */
  readonly schedule?: Schedule
}

/** Starts something and, where that fails (port in use, no permission), says why and tries again, until it works or is stopped. */
export class Starter {
  readonly #options: StarterOptions
  readonly #schedule: Schedule
  #stopped = new AbortController()
  #state: 'new' | 'starting' | 'started' | 'stopped' = 'new'
  #firstTry: Promise<void> = Promise.resolve()
  #failure: Error | undefined

  constructor(options: StarterOptions) {
    this.#options = options
    this.#schedule = options.schedule ?? exponential(1000, 15_000)
  }

  /** Resolves after the first try, whether it worked or not. */
  start(context: Context): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'started') return this.#firstTry
    this.#state = 'starting'
    this.#stopped = new AbortController()
    const own = createContext({ ...context, signal: this.#stopped.signal })
    this.#firstTry = this.#tryOnce(own)
    void this.#firstTry.then(() => this.#keepTrying(own))
    return this.#firstTry
  }

  /** Why it has not started, after the first try or when the signal aborts; undefined when it has. */
  async obstacle(context: Context): Promise<Error | undefined> {
    if (this.#state === 'new') void this.start(context)
    if (this.#state === 'starting' && !this.#failure) await orAborted(this.#firstTry, context.signal)
    return this.#state === 'started' ? undefined : (this.#failure ?? new Error(`${this.#options.name} is ${this.#state}`))
  }

  /** Tries no more. */
  stop(): void {
    this.#state = 'stopped'
    this.#stopped.abort()
  }

  /** Undefined when there is nothing to say of the start: then it is as healthy as what was started. */
  health(): HealthStatus | undefined {
    if (this.#failure && this.#state === 'starting')
      return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
    return this.#state === 'starting' || this.#state === 'stopped' ? { state: this.#state } : undefined
  }

  async #keepTrying(context: Context): Promise<void> {
    for (let tries = 1; this.#state === 'starting' && !context.signal.aborted; tries++) {
      await context.clock.sleep(this.#schedule(tries, context.random) ?? 0, context.signal)
      if (!context.signal.aborted) await this.#tryOnce(context)
    }
  }

  async #tryOnce(context: Context): Promise<void> {
    const { kind, name } = this.#options
    try {
      await this.#options.start(context)
      if (context.signal.aborted) return
      if (this.#failure) context.log.info('started after all', { [kind]: name })
      this.#state = 'started'
      this.#failure = undefined
    } catch (thrown) {
      const error = toError(thrown)
      if (error.message !== this.#failure?.message) context.log.error('cannot start, will try again', { [kind]: name, error })
      this.#failure = error
    }
  }
}
