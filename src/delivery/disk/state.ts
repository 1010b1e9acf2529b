import type { Booked } from '../../core/account.ts'

/** How far a queue has come. Records are known by their position: how many were accepted before. */
export interface QueueState {
  readonly version: 1
  /** Whose state it is: 32 hex digits. */
  readonly buffer: string
  /** The higher, the newer. */
  readonly serial: number
  /** How many records were accepted. */
  readonly next: number
  /** All records before this position are settled. */
  readonly done: number
  /** Of those from `done` to `until` only these are not, counted from `done`. */
  readonly part?: { readonly until: number; readonly owed: readonly number[] }
  /** These are settled too: dropped while older ones were under way. */
  readonly skip?: { readonly from: number; readonly until: number }
  /** The account at that moment. */
  readonly booked: Booked
}

/** Of a queue that has held nothing yet. */
export const emptyState = (buffer: string): QueueState => ({
  version: 1,
  buffer,
  serial: 0,
  next: 0,
  done: 0,
  booked: { accepted: 0, delivered: 0, diverted: {}, deadLettered: 0, dropped: {} },
})

export const encodeState = (state: QueueState): Uint8Array => Buffer.from(JSON.stringify(state))

/** The state, or undefined for bytes that are none. */
export function decodeState(bytes: Uint8Array): QueueState | undefined {
  try {
    const state = JSON.parse(Buffer.from(bytes).toString()) as QueueState
    return typeof state.serial === 'number' && typeof state.done === 'number' ? state : undefined
  } catch {
    return undefined
  }
}

/** How many records are not settled. */
export function pendingOf({ next, done, part, skip }: QueueState): number {
  const partly = part ? part.until - done - part.owed.length : 0
  return next - done - partly - (skip ? skip.until - skip.from : 0)
}
