import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok, rejectedCount } from '../core/result.ts'
import { attempt } from './attempt.ts'
import { allOf } from './given-back.ts'
import type { Letter, Waiting } from './queue.ts'

/** A letter that knows which records of the exported data it is of: none where the destination told only a number. */
export interface IndexedLetter<T> extends Letter<T> {
  readonly indexes: readonly number[]
}

/** What of `data` is for the dead letters after `result`: first what is unidentified, then records with the same error together. */
export function lettersOf<T>(data: T, result: ExportResult, records: RecordType<T>): readonly IndexedLetter<T>[] {
  if (result.status === 'reject' || result.status === 'too-large') {
    const indexes = allOf(data, records)
    return [{ data, count: indexes.length, reason: 'rejected', error: result.error, indexes }]
  }
  if (result.status !== 'partial') return []
  const unidentified = result.rejected.filter((rejection) => 'count' in rejection)
  const byError = new Map<string, { error: Error; indexes: number[] }>()
  for (const rejection of result.rejected) {
    if ('count' in rejection) continue
    const { index, error } = rejection
    const group = byError.get(error.message) ?? { error, indexes: [] }
    group.indexes.push(index)
    byError.set(error.message, group)
  }
  const letters = [...byError.values()].map(({ error, indexes }): IndexedLetter<T> => {
    return { data: records.slice(data, indexes), count: indexes.length, reason: 'rejected', error, indexes }
  })
  if (unidentified.length === 0) return letters
  const { error } = unidentified[0]!
  return [{ data, count: rejectedCount(unidentified), reason: 'unidentified', error, indexes: [] }, ...letters]
}

/**
 * Hands `letter` to the dead-letter destination; without one it is logged as lost and that is that. What a stop leaves over
 * is told as a whole by whoever stops.
 */
export async function writeLetter<Time, T>(
  deadLetter: Exporter<Time, T> | undefined,
  entry: Pick<Waiting<Time, T>, 'time' | 'attempts' | 'firstAcceptedMs'>,
  letter: Letter<T>,
  context: Context & { exporter: string },
): Promise<ExportResult> {
  const { exporter, receipt: _, ...rest } = context
  const { reason, error, count } = letter
  if (!deadLetter) {
    context.log.error('records dropped: no dead-letter destination is set', { exporter, reason, error, records: count })
    return ok
  }
  if (reason !== 'stopped') context.log.warn('records go to the dead letters', { exporter, reason, error, records: count })
  const { attempts, firstAcceptedMs } = entry
  return attempt(deadLetter, entry.time, letter.data, { ...rest, deadLetter: { exporter, reason, error, attempts, firstAcceptedMs } })
}
