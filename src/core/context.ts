import { type Clock, systemClock } from './clock.ts'
import type { Log } from './log.ts'
import { silent } from './log.ts'
import type { Receipt } from './receipt.ts'

/** What identifies data across retries and restarts. Set by buffers, kept with the data on disk. */
export interface Delivery {
  readonly id: string
  /** 1 for the first try since it was accepted. */
  readonly attempt: number
  readonly firstAcceptedMs: number
}

/** Why data comes to a dead-letter destination. */
export interface DeadLetter {
  /** The exporter that could not deliver it. */
  readonly exporter: string
  readonly reason: 'rejected' | 'unidentified' | 'exhausted' | 'expired' | 'stopped'
  readonly error: Error
  readonly attempts: number
  readonly firstAcceptedMs: number
}

/** Everything a call may touch beside its arguments. */
export interface Context {
  /** Aborted when the caller no longer waits. */
  readonly signal: AbortSignal
  /** Aborted when a stop has begun: whoever waits to try again gives back at once instead. */
  readonly hurry?: AbortSignal
  readonly clock: Clock
  /** Uniform in [0, 1). */
  random(): number
  readonly log: Log
  /** Where exporters on the way write down what became of the records, for whoever keeps their account. */
  readonly receipt?: Receipt
  readonly delivery?: Delivery
  /** Present when the data is handed over as a dead letter. */
  readonly deadLetter?: DeadLetter
}

export function createContext(given: Partial<Context> = {}): Context {
  return { signal: new AbortController().signal, clock: systemClock, random: Math.random, log: silent, ...given }
}
