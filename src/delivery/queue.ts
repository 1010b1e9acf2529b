import type { Context } from '../core/context.ts'
import type { ExportResult } from '../core/result.ts'

/** What waits in a buffer: data still to be delivered, and parts of it still to be dead-lettered. */
export interface Waiting<Time, T> {
  readonly id: string
  readonly time: Time
  readonly firstAcceptedMs: number
  attempts: number
  /** What is to be delivered, in pieces as it came; empty when nothing is left to deliver. */
  parts: readonly T[]
  /** Which of its records, as they were at first, `parts` still has; absent: all. */
  owed?: readonly number[]
  letters: readonly Letter<T>[]
  /** Records in `parts` and `letters` together. */
  records: number
}

/** Data that a destination will never take, on its way to the dead letters. */
export interface Letter<T> {
  readonly data: T
  /** How many records it stands for: all in `data`, unless the destination told only a number. */
  readonly count: number
  readonly reason: 'rejected' | 'unidentified' | 'exhausted' | 'expired' | 'stopped'
  readonly error: Error
}

/** How much is put at once. */
export interface Amount {
  readonly records: number
  /** Of memory. */
  readonly bytes: number
}

/**
 * First in, first out. Knows at every moment how many records it holds, and posts to the account what it accepts and drops
 * in the same step; what it settles is posted by whoever settles it, in the same step too.
 */
export interface Queue<Time, T> {
  /** Whether what it holds outlives the process. */
  readonly durable: boolean
  /** Accepted and not settled. */
  readonly records: number
  readonly bytes: number
  /** How many records were ever accepted. */
  readonly accepted: number
  /** All of the first so many are settled. */
  readonly done: number
  /** When the oldest was accepted, as far as that is known. */
  readonly oldestMs: number | undefined
  /** Makes it ready, and may be called again. Rejects when it cannot be; the other calls make it ready themselves. */
  open(context: Context): Promise<void>
  /** Which bound so much more would cross. */
  lack(more: Amount): string | undefined
  /** `ok` when it has accepted the data, `reject` where it never can. Does not throw or reject. */
  put(time: Time, data: T, amount: Amount, context: Context): ExportResult | Promise<ExportResult>
  /**
   * The oldest, the same until it is settled; or that behind so many, each of which was given before. Undefined when there is none, or none
   * that may be begun before these are settled. What was given is settled in order.
   */
  next(behind?: number): Waiting<Time, T> | undefined | Promise<Waiting<Time, T> | undefined>
  /** Takes `count` settled records off what `next` gave; when nothing is left of it, it leaves the queue. */
  settle(entry: Waiting<Time, T>, count: number): void
  /** Notes how far `entry` has come, so that it is not done again after a restart. */
  keep(entry: Waiting<Time, T>): void | Promise<void>
  /** Drops the oldest of which nothing is under way; how many records that were. */
  dropOldest(): number
  /** Takes nothing more; what it holds durably stays. */
  close(context: Context): Promise<void>
}
