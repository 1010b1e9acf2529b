import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import { Receipt } from '../core/receipt.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, errorOf, ok, partial, type Rejection, retry } from '../core/result.ts'
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

/** Indexes of the records that some branch is still owed, ascending; undefined: all. */
export function stillOwed(shares: readonly Share[], count: number): readonly number[] | undefined {
  if (shares.some(({ owed }) => owed === undefined)) return undefined
  const owed = new Set(shares.flatMap(({ owed }) => owed!))
  return owed.size === count ? undefined : [...owed].sort((a, b) => a - b)
}

/**
 * The rejections of the whole: the records that more than `spare` branches rejected and none is still owed, each with the
 * first error told for it. Numbers without indexes are passed on where no branch is spare; else a branch that tells only
 * that counts as having taken none.
 */
export function rejections(
  shares: readonly Share[],
  count: number,
  { owed = [], spare = 0 }: { owed?: readonly number[]; spare?: number } = {},
): readonly Rejection[] {
  const refusals = new Map<number, { times: number; readonly error: Error }>()
  for (const { rejected } of shares) {
    for (const [index, error] of byIndex(rejected, spare > 0 ? count : 0)) {
      const known = refusals.get(index)
      if (known) known.times++
      else refusals.set(index, { times: 1, error })
    }
  }
  for (const index of owed) refusals.delete(index)
  const identified = [...refusals].filter(([, { times }]) => times > spare).map(([index, { error }]) => ({ index, error }))
  if (spare > 0) return identified

  let room = count - owed.length - identified.length
  const unidentified = shares.flatMap(({ rejected }) =>
    rejected.flatMap((rejection) => {
      if ('index' in rejection || room === 0) return []
      const told = Math.min(rejection.count, room)
      room -= told
      return [{ ...rejection, count: told }]
    }),
  )
  return [...identified, ...unidentified]
}

/** The rejections by index, those without one as rejections of the first `unidentified` records. */
function byIndex(rejected: readonly Rejection[], unidentified: number): ReadonlyMap<number, Error> {
  const errors = new Map<number, Error>()
  for (const rejection of rejected)
    for (const index of 'index' in rejection ? [rejection.index] : range(unidentified)) errors.set(index, rejection.error)
  return errors
}

/** `retry` for branches that failed: when all that may still take it let, and about their destinations if all of these are. */
export function retryAll(failed: readonly (readonly [name: string, share: Share])[]): ExportResult {
  const open = failed.flatMap(([, share]) => (isSettled(share) ? [] : [share.result]))
  const afterMs = Math.max(...open.map((result) => (result?.status === 'retry' ? (result.afterMs ?? 0) : 0)))
  const destination = open.every((result) => result?.status === 'retry' && result.scope === 'destination')
  return retry(told(failed), { ...(afterMs > 0 && { afterMs }), ...(destination && { scope: 'destination' }) })
}

/** Why the branches did not take all of it, as one error. */
export function told(failed: readonly (readonly [name: string, share: Share])[]): Error {
  const reasons = failed.flatMap(([name, { result }]) => {
    const error = result && errorOf(result)
    return error ? [`${name}: ${error.message}`] : []
  })
  return new Error(reasons.join('; '))
}

/** The shares as they are seen in the data that comes back with only the records at `indexes`, all of which were told. */
export function narrowed(shares: readonly Share[], indexes: readonly number[]): readonly Share[] {
  const place = new Map(indexes.map((index, at) => [index, at]))
  return shares.map((share) => {
    const owed = share.owed!.map((index) => place.get(index)!)
    const rejected = share.rejected.flatMap((r) => ('index' in r && place.has(r.index) ? [{ ...r, index: place.get(r.index)! }] : []))
    const result = share.result && (rejected.length > 0 ? partial(rejected, owed) : ok)
    return { owed, rejected, result }
  })
}

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
