import type { AccountFigures } from '../../core/account.ts'

/** What became of the records that are no longer in the queue. */
export type Settled = Pick<AccountFigures, 'delivered' | 'diverted' | 'deadLettered' | 'dropped' | 'refused'>

/** How far a queue has come. Records are known by their position: how many were accepted before. */
export interface QueueState {
  readonly version: 1
  /** The higher, the newer. */
  readonly serial: number
  /** All records before this position are settled. */
  readonly done: number
  /** Of those from `done` to `until` only these are not, counted from `done`. */
  readonly part?: { readonly until: number; readonly owed: readonly number[] }
  /** These are settled too: dropped while older ones were under way. */
  readonly skip?: { readonly from: number; readonly until: number }
  readonly settled: Settled
}

export const emptyState: QueueState = {
  version: 1,
  serial: 0,
  done: 0,
  settled: { delivered: 0, diverted: {}, deadLettered: 0, dropped: {}, refused: 0 },
}

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

/** How many of the records before `next` are not settled. */
export function pendingOf({ done, part, skip }: QueueState, next: number): number {
  const partly = part ? part.until - done - part.owed.length : 0
  return next - done - partly - (skip ? skip.until - skip.from : 0)
}
