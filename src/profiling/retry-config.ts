import { type Duration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import { atMost, type Schedule } from '../core/schedule.ts'
import { type Known, type Spelled, spelled } from '../delivery/spelled.ts'
import { wholeNumber } from '../delivery/whole-number.ts'

/** By how many times the first delay the nth is longer. */
const growth = {
  exponential: (n: number, multiplier: number) => multiplier ** (n - 1),
  linear: (n: number) => n,
  fixed: () => 1,
  /** 1, 1, 2, 3, 5, … in closed form, exact where a double is. */
  fibonacci: (n: number) => Math.round(((1 + Math.sqrt(5)) / 2) ** n / Math.sqrt(5)),
} as const

export type BackoffStrategy = keyof typeof growth

export interface RetrySettings {
  /** Tries beyond the first. Default 3. */
  readonly maxRetries?: number | undefined
  /** Before the first of them. Default 1 s. */
  readonly initialDelay?: Duration | undefined
  /** Of the strategy `exponential`. Default 2. */
  readonly backoffMultiplier?: number | undefined
  /** The longest delay. Default 60 s. */
  readonly maxBackoff?: Duration | undefined
  /** How delays grow. Default `exponential`. */
  readonly backoffStrategy?: BackoffStrategy | undefined
  /** Wait anywhere from 0 to the delay, so that many do not come back at once. Default true. */
  readonly jitter?: boolean | undefined
  /** Status codes of HTTP that are worth another try. Default 429, 500, 502, 503, 504. */
  readonly retryOnStatusCodes?: readonly number[] | undefined
}

const known: Known<RetrySettings> = {
  maxRetries: 'plain',
  initialDelay: 'duration',
  backoffMultiplier: 'plain',
  maxBackoff: 'duration',
  backoffStrategy: 'plain',
  jitter: 'plain',
  retryOnStatusCodes: 'plain',
}

/** When, and after what, to try again. It can be given to `fromHttpStatus`, and its `schedule()` to a `RetryingExporter`. */
export class RetryConfig {
  readonly maxRetries: number
  readonly initialDelayMs: number
  readonly backoffMultiplier: number
  readonly maxBackoffMs: number
  readonly backoffStrategy: BackoffStrategy
  readonly jitter: boolean
  readonly retryOnStatusCodes: readonly number[]

  /** The settings may be in snake_case. Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(given: Spelled<RetrySettings> = {}) {
    const settings = spelled<RetrySettings>('retryConfig', given, known)
    const { maxRetries = 3, initialDelay = '1s', backoffMultiplier = 2, maxBackoff = '60s', backoffStrategy = 'exponential' } = settings
    const { jitter = true, retryOnStatusCodes = [429, 500, 502, 503, 504] } = settings
    if (!Object.hasOwn(growth, backoffStrategy))
      throw new WaybillError('INVALID_OPTION', `backoffStrategy is ${backoffStrategy}`, {
        hint: `write one of ${Object.keys(growth).join(', ')}`,
      })
    if (!(backoffMultiplier >= 1 && backoffMultiplier < Number.POSITIVE_INFINITY))
      throw new WaybillError('INVALID_OPTION', `backoffMultiplier is ${backoffMultiplier}`, { hint: 'write a number of at least 1' })
    this.maxRetries = wholeNumber('maxRetries', maxRetries, 0)
    this.initialDelayMs = parseDuration(initialDelay)
    this.backoffMultiplier = backoffMultiplier
    this.maxBackoffMs = parseDuration(maxBackoff)
    this.backoffStrategy = backoffStrategy
    this.jitter = jitter
    this.retryOnStatusCodes = retryOnStatusCodes.map((code) => wholeNumber('a status code of retryOnStatusCodes', code, 100))
  }

  /** The longest wait before the nth retry, in milliseconds. */
  delayMs(n: number): number {
    return Math.min(this.maxBackoffMs, this.initialDelayMs * growth[this.backoffStrategy](n, this.backoffMultiplier))
  }

  /** Waits of anywhere from 0 to that (exactly that without jitter), as often as it is tried again. */
  schedule(): Schedule {
    return atMost(this.maxRetries, (n, random) => this.delayMs(n) * (this.jitter ? random() : 1))
  }
}
