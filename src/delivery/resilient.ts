import type { Context } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import type { ExportResult } from '../core/result.ts'
import { atMost, exponential, type Schedule, withoutJitter } from '../core/schedule.ts'
import { BreakingExporter, type BreakingOptions } from './breaking.ts'
import { CheckingExporter } from './checking.ts'
import { DeadLetteringExporter } from './dead-lettering.ts'
import { FallbackExporter } from './fallback.ts'
import { HoldingExporter } from './holding.ts'
import { RetryingExporter } from './retrying.ts'
import { SplittingExporter } from './splitting.ts'
import { TimedExporter } from './timed.ts'
import { wholeNumber } from './whole-number.ts'

/** How often to try again, and when: min(maxDelay, initialDelay × backoffMultiplier^(n − 1)) before the nth time. */
export interface ResilientRetryOptions {
  /** Tries beyond the first. Default 3. */
  readonly maxRetries?: number
  /** Default 1 s. */
  readonly initialDelay?: Duration
  /** Default 60 s. */
  readonly maxDelay?: Duration
  /** Default 2. */
  readonly backoffMultiplier?: number
  /** Wait anywhere from 0 to that, so that many do not come back at once. Default true. */
  readonly jitter?: boolean
}

export interface ResilientOptions<Time, T> {
  /** `false`: never try again. A schedule of one's own says by itself when to end. */
  readonly retry?: ResilientRetryOptions | Schedule | false
  /** `false`: never leave the destination alone. */
  readonly circuitBreaker?: Omit<BreakingOptions, 'records'> | false
  /** How long one try may take. Default 30 s; `false`: for ever. */
  readonly timeout?: Duration | false
  /** Asked when the retries are spent or the circuit breaker is open. Started and stopped together with this. */
  readonly fallback?: Exporter<Time, T>
  /** Takes what neither took, and what was rejected. Not for a chain under a buffer, which has dead letters of its own. */
  readonly deadLetter?: Exporter<Time, T>
  /** From the start on. Default 30 s. */
  readonly healthCheckInterval?: Duration
  /** Failed health checks in a row that make it unhealthy. Default 3. */
  readonly unhealthyThresholdFailures?: number
  readonly records?: RecordType<T>
}

/**
 * Does what can be done to bring data to a destination that fails now and then: a time limit for each try, a circuit
 * breaker, smaller pieces of what is too large, retries, health checks, then the fallback, then the dead letters. The
 * result says in `via` which way the data went. Each of them is an exporter of its own, and absent where it is not wanted.
 */
export class ResilientExporter<Time, T> extends HoldingExporter<Time, T> {
  /** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(base: Exporter<Time, T>, options: ResilientOptions<Time, T> = {}) {
    super(chain(base, options))
  }

  export(time: Time, data: T, context: Context): Promise<ExportResult> {
    return this.next.export(time, data, context)
  }
}

function chain<Time, T>(base: Exporter<Time, T>, options: ResilientOptions<Time, T>): Exporter<Time, T> {
  const { retry = {}, circuitBreaker = {}, timeout = '30s', fallback, deadLetter } = options
  const { healthCheckInterval: interval = '30s', unhealthyThresholdFailures = 3, records = single as RecordType<T> } = options
  let exporter = base
  if (timeout !== false) exporter = new TimedExporter(exporter, { timeout })
  if (circuitBreaker) exporter = new BreakingExporter(exporter, { ...circuitBreaker, records })
  exporter = new SplittingExporter(exporter, { records })
  if (retry) exporter = new RetryingExporter(exporter, { schedule: typeof retry === 'function' ? retry : scheduleOf(retry), records })
  exporter = new CheckingExporter(exporter, { interval, unhealthyThresholdFailures, records })
  if (fallback) exporter = new FallbackExporter(exporter, { fallback, records })
  if (deadLetter) exporter = new DeadLetteringExporter(exporter, { deadLetter, records })
  return exporter
}

function scheduleOf(retry: ResilientRetryOptions): Schedule {
  const { maxRetries = 3, initialDelay = '1s', maxDelay = '60s', backoffMultiplier = 2, jitter = true } = retry
  const backoff = jitter ? exponential : withoutJitter
  return atMost(wholeNumber('maxRetries', maxRetries, 0), backoff(parseDuration(initialDelay), parseDuration(maxDelay), backoffMultiplier))
}
