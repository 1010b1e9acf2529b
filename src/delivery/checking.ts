import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { tookNothing } from './took-nothing.ts'
import { wholeNumber } from './whole-number.ts'

export interface CheckingOptions<T = unknown> {
  readonly interval: Duration
  /** This many failed checks in a row make it unhealthy. */
  readonly unhealthyThresholdFailures: number
  readonly records?: RecordType<T>
}

/**
 * Asks for the health of what it holds on an interval, from its start to its stop. A check fails when that is unhealthy, or
 * when exports were tried since the check before and none succeeded. Enough failed checks in a row make it unhealthy, and
 * one that passes healthy again; until then trouble below shows as degraded, unless it has never worked at all.
 */
export class CheckingExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #intervalMs: number
  readonly #threshold: number
  readonly #records: RecordType<T>
  #stopped: AbortController | undefined
  #failedChecks = 0
  #reason = ''
  #succeeded = false
  #everWorked = false
  /** Why the last export since the last check failed. */
  #failure: Error | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(next: Exporter<Time, T>, options: CheckingOptions<T>) {
    super(next)
    this.#intervalMs = parseDuration(options.interval)
    this.#threshold = wholeNumber('unhealthyThresholdFailures', options.unhealthyThresholdFailures)
    this.#records = options.records ?? (single as RecordType<T>)
  }

  override async start(context: Context): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = new AbortController()
      void this.#keepChecking(context, this.#stopped.signal)
    }
    await super.start(context)
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const result = await attempt(this.next, time, data, context)
    if (context.signal.aborted) return result
    if (tookNothing(result, this.#records.count(data))) this.#failure = errorOf(result)
    else this.#succeeded = this.#everWorked = true
    return result
  }

  override async stop(context: Context): Promise<void> {
    this.#stopped?.abort()
    this.#stopped = undefined
    this.#failedChecks = 0
    await super.stop(context)
  }

  override health(): HealthStatus {
    const below = super.health()
    if (this.#failedChecks >= this.#threshold) return unhealthy(this.#reason)
    return this.#stopped && this.#everWorked && below.state === 'unhealthy' ? degraded(below.reason) : below
  }

  async #keepChecking({ clock, log }: Context, signal: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(this.#intervalMs, signal)
      if (signal.aborted) return
      const wasUnhealthy = this.#failedChecks >= this.#threshold
      this.#check()
      const isUnhealthy = this.#failedChecks >= this.#threshold
      if (isUnhealthy && !wasUnhealthy) log.warn('unhealthy', { exporter: this.name, reason: this.#reason })
      if (wasUnhealthy && !isUnhealthy) log.info('healthy again', { exporter: this.name })
    }
  }

  #check(): void {
    const below = super.health()
    const failure = this.#succeeded ? undefined : this.#failure?.message
    const reason = below.state === 'unhealthy' ? below.reason : failure
    this.#failedChecks = reason === undefined ? 0 : this.#failedChecks + 1
    this.#reason = reason ?? ''
    this.#everWorked ||= reason === undefined
    this.#succeeded = false
    this.#failure = undefined
  }
}
