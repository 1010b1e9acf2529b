import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, errorOf, type Rejection, retry } from '../core/result.ts'
import { attempt } from './attempt.ts'

/** What one branch of a fan-out has made of a delivery so far, in indexes of the whole data. */
export interface Share {
  /** Records that it has still to take; undefined: all. */
  readonly owed: readonly number[] | undefined
  /** Records that it never will. */
  readonly rejected: readonly Rejection[]
  /** Its last answer; undefined before it was asked. */
  readonly result: ExportResult | undefined
}

/** The share of a branch that was not asked yet: everything, or the records at `owed`. */
export const unasked = (owed?: readonly number[]): Share => ({ owed, rejected: [], result: undefined })

/** Nothing is owed any more: taken or rejected. */
export const isSettled = ({ owed }: Share): boolean => owed?.length === 0
export const tookAll = (share: Share): boolean => isSettled(share) && share.rejected.length === 0

/** The share after `exporter` was given what it is owed of `data`. */
export async function deliverShare<Time, T>(
  exporter: Exporter<Time, T>,
  share: Share,
  { time, data, records, context }: { time: Time; data: T; records: RecordType<T>; context: Context },
): Promise<Share> {
  const part = share.owed ? records.slice(data, share.owed) : data
  return afterAnswer(share, await attempt(exporter, time, part, context), records.count(data))
}

/**
 * What a branch gets to see of the context. Each keeps an account of its own, so it has a receipt of its own; and an
 * exporter that stands in several branches must not take their parts of one delivery for tries of the same.
 */
export function branchContext(context: Context, branch: string): Context {
  const { delivery } = context
  return {
    ...context,
    receipt: new Receipt(),
    ...(delivery && { delivery: { ...delivery, id: `${delivery.id}/${encodeURIComponent(branch)}` } }),
  }
}

/** A size that is too large for one branch counts as rejected: splitting is for the exporters of that branch. */
function afterAnswer({ owed, rejected }: Share, answer: ExportResult, count: number): Share {
  const inWhole = (index: number) => (owed ? owed[index]! : index)
  switch (answer.status) {
    case 'ok':
      return { owed: [], rejected, result: answer }
    case 'retry':
      return { owed, rejected, result: answer }
    case 'partial': {
      const refused = answer.rejected.map((r) => ('index' in r ? { ...r, index: inWhole(r.index) } : r))
      const again = answer.retry.map(inWhole)
      return { owed: again, rejected: [...rejected, ...refused], result: { ...answer, rejected: refused, retry: again } }
    }
    default: {
      const { error } = answer
      return { owed: [], rejected: [...rejected, ...(owed ?? range(count)).map((index) => ({ index, error }))], result: answer }
    }
  }
}

/** Indexes of the records that some branch is still owed, ascending. */
export function stillOwed(shares: readonly Share[], count: number): readonly number[] {
  if (shares.some(({ owed }) => owed === undefined)) return range(count)
  return [...new Set(shares.flatMap(({ owed }) => owed!))].sort((a, b) => a - b)
}

/**
 * The rejections of the whole: the records that more than `spare` branches rejected, each with the first error told for it.
 * A branch that tells only how many it rejected counts as having taken none, unless it is the only one.
 */
export function rejections(shares: readonly Share[], count: number, spare = 0): readonly Rejection[] {
  if (shares.length === 1 && spare === 0) return shares[0]!.rejected
  const refusals = new Map<number, { times: number; readonly error: Error }>()
  for (const { rejected } of shares) {
    for (const [index, error] of byIndex(rejected, count)) {
      const known = refusals.get(index)
      if (known) known.times++
      else refusals.set(index, { times: 1, error })
    }
  }
  return [...refusals].filter(([, { times }]) => times > spare).map(([index, { error }]) => ({ index, error }))
}

function byIndex(rejected: readonly Rejection[], count: number): ReadonlyMap<number, Error> {
  const errors = new Map<number, Error>()
  for (const rejection of rejected)
    for (const index of 'index' in rejection ? [rejection.index] : range(count)) errors.set(index, rejection.error)
  return errors
}

/** `retry` for branches that could not take it: when all of them let, and about their destinations if all failures are. */
export function retryAll(named: readonly (readonly [name: string, share: Share])[]): ExportResult {
  const results = named.flatMap(([, { result }]) => (result?.status === 'retry' ? [result] : []))
  const afterMs = Math.max(...results.map((result) => result.afterMs ?? 0))
  const destination = results.length === named.length && results.every(({ scope }) => scope === 'destination')
  return retry(told(named), { ...(afterMs > 0 && { afterMs }), ...(destination && { scope: 'destination' }) })
}

/** Why the branches did not take all of it, as one error. */
export function told(named: readonly (readonly [name: string, share: Share])[]): Error {
  const reasons = named.flatMap(([name, { result }]) => {
    const error = result && errorOf(result)
    return error ? [`${name}: ${error.message}`] : []
  })
  return new Error(reasons.join('; '))
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
