import { type HealthStatus, unhealthy } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { orAborted } from '../core/or-aborted.ts'
import { type ExportResult, retry, toError } from '../core/result.ts'
import { exponential, type Schedule } from '../core/schedule.ts'
import { HoldingExporter } from './holding.ts'

/**
 * Starts what it holds and, where that fails (port in use, no permission), says why in its health and tries again on a
 * schedule, until it works or is stopped. Data waits for the first try; after it has failed, data is answered with `retry`,
 * scope `destination`. Never rejects a start.
 */
export class StartingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #schedule: Schedule
  #stopped = new AbortController()
  #state: 'new' | 'starting' | 'started' | 'stopped' = 'new'
  #firstTry: Promise<void> = Promise.resolve()
  #failure: Error | undefined

  constructor(next: Exporter<Time, T>, options: { schedule?: Schedule } = {}) {
    super(next)
    this.#schedule = options.schedule ?? exponential(1000, 15_000)
  }

  /** Resolves after the first try, whether it worked or not. */
  override start(context: Context): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'started') return this.#firstTry
    this.#state = 'starting'
    this.#stopped = new AbortController()
    const own = createContext({ ...context, signal: this.#stopped.signal })
    this.#firstTry = this.#tryOnce(own)
    void this.#firstTry.then(() => this.#keepTrying(own))
    return this.#firstTry
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    if (this.#state === 'new') void this.start(context)
    if (this.#state === 'starting' && !this.#failure) await orAborted(this.#firstTry, context.signal)
    if (this.#state === 'started') return this.next.export(time, data, context)
    return retry(this.#failure ?? new Error(`${this.name} is ${this.#state}`), { scope: 'destination' })
  }

  override async stop(context: Context): Promise<void> {
    this.#state = 'stopped'
    this.#stopped.abort()
    await super.stop(context)
  }

  override health(): HealthStatus {
    if (this.#failure && this.#state === 'starting') return unhealthy(this.#failure.message)
    if (this.#state === 'starting' || this.#state === 'stopped') return { state: this.#state }
    return super.health()
  }

  async #keepTrying(context: Context): Promise<void> {
    for (let tries = 1; this.#state === 'starting' && !context.signal.aborted; tries++) {
      await context.clock.sleep(this.#schedule(tries, context.random) ?? 0, context.signal)
      if (!context.signal.aborted) await this.#tryOnce(context)
    }
  }

  async #tryOnce(context: Context): Promise<void> {
    try {
      await super.start(context)
      if (context.signal.aborted) return
      if (this.#failure) context.log.info('started after all', { exporter: this.name })
      this.#state = 'started'
      this.#failure = undefined
    } catch (thrown) {
      const error = toError(thrown)
      if (error.message !== this.#failure?.message) context.log.error('cannot start, will try again', { exporter: this.name, error })
      this.#failure = error
    }
  }
}
