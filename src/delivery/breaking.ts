import { type Clock, systemClock } from '../core/clock.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import { type Duration, formatDuration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf, retry } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { tookNothing } from './took-nothing.ts'
import { wholeNumber } from './whole-number.ts'

export interface BreakingOptions<T = unknown> {
  /** After this many failures in a row it opens. Default 5. */
  readonly failureThreshold?: number
  /** How long it stays open. Default 60 s. */
  readonly recoveryTimeout?: Duration
  /** How many calls must succeed while it is half open, and how many are let through. Default 3. */
  readonly halfOpenMaxCalls?: number
  readonly records?: RecordType<T>
}

/** Each time a state begins it is another object, by which a call that ends tells whether it began in it. */
type State =
  | { readonly name: 'closed'; failures: number }
  | { readonly name: 'open'; readonly untilMs: number; readonly cause: Error }
  | { readonly name: 'half-open'; trials: number; passed: number; readonly cause: Error }

/**
 * Leaves a destination alone that keeps failing. Closed, it counts failures in a row: a `retry`, or a partial result of
 * which nothing was delivered and something may be later. Open, it answers `retry` with error `CIRCUIT_OPEN` and the time
 * that is left. Then it is half open: a few trials are let through, further calls answered as when open; when all trials
 * succeed it closes, when one fails it opens anew. A rejection succeeds, an aborted call does neither, and what a call of
 * an earlier state comes to changes nothing.
 */
export class BreakingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #failureThreshold: number
  readonly #recoveryMs: number
  readonly #halfOpenMaxCalls: number
  readonly #records: RecordType<T>
  #state: State = { name: 'closed', failures: 0 }
  #clock: Clock = systemClock

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(next: Exporter<Time, T>, options: BreakingOptions<T> = {}) {
    super(next)
    this.#failureThreshold = wholeNumber('failureThreshold', options.failureThreshold ?? 5)
    this.#recoveryMs = parseDuration(options.recoveryTimeout ?? '60s')
    this.#halfOpenMaxCalls = wholeNumber('halfOpenMaxCalls', options.halfOpenMaxCalls ?? 3)
    this.#records = options.records ?? (single as RecordType<T>)
  }

  get state(): 'closed' | 'open' | 'half-open' {
    return this.#current().name
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    this.#clock = context.clock
    const state = this.#current()
    if (state.name === 'open') return this.#refusal('open', state.cause, state.untilMs - this.#clock.monotonic())
    if (state.name === 'half-open') {
      if (state.trials === this.#halfOpenMaxCalls) return this.#refusal('half open', state.cause, 0)
      state.trials++
    }
    const result = await attempt(this.next, time, data, context)
    if (this.#state !== state) return result
    if (context.signal.aborted) {
      if (state.name === 'half-open') state.trials--
    } else if (tookNothing(result, this.#records.count(data))) this.#failed(state, errorOf(result)!, context)
    else this.#succeeded(state, context)
    return result
  }

  override health(): HealthStatus {
    const state = this.#current()
    const below = super.health()
    if (state.name === 'closed' || below.state === 'unhealthy') return below
    if (state.name === 'open') return unhealthy(`the circuit breaker is open: ${state.cause.message}`)
    return degraded(`the circuit breaker is half open: ${state.cause.message}`)
  }

  /** The state now: what is open becomes half open by time alone. */
  #current(): State {
    const state = this.#state
    if (state.name === 'open' && this.#clock.monotonic() >= state.untilMs)
      this.#state = { name: 'half-open', trials: 0, passed: 0, cause: state.cause }
    return this.#state
  }

  #failed(state: State, cause: Error, { log }: Context): void {
    if (state.name === 'closed' && ++state.failures < this.#failureThreshold) return
    this.#state = { name: 'open', untilMs: this.#clock.monotonic() + this.#recoveryMs, cause }
    const fields = { exporter: this.name, for: formatDuration(this.#recoveryMs), error: cause }
    if (state.name === 'closed') log.warn('failed too often and is left alone', fields)
    else log.debug('failed when it was tried again', fields)
  }

  #succeeded(state: State, { log }: Context): void {
    if (state.name === 'closed') state.failures = 0
    else if (state.name === 'half-open' && ++state.passed === this.#halfOpenMaxCalls) {
      this.#state = { name: 'closed', failures: 0 }
      log.info('works again', { exporter: this.name })
    }
  }

  #refusal(name: string, cause: Error, afterMs: number): ExportResult {
    const left = afterMs > 0 ? ` for ${formatDuration(afterMs)} more` : ''
    const message = `the circuit breaker of ${this.name} is ${name}${left}: ${cause.message}`
    const hint = `mend ${this.name}; it is tried again by itself`
    return retry(new WaybillError('CIRCUIT_OPEN', message, { cause, hint }), { scope: 'destination', afterMs })
  }
}
