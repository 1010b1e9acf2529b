import type { Context } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
import type { RecordType } from '../core/record-type.ts'
import { type ExportResult, ok } from '../core/result.ts'
import { attempt } from './attempt.ts'
import type { Letter, Waiting } from './memory-queue.ts'

/** What of `data` is for the dead letters after `result`, records with the same error together. */
export function lettersOf<T>(data: T, result: ExportResult, records: RecordType<T>): readonly Letter<T>[] {
  if (result.status === 'reject' || result.status === 'too-large')
    return [{ data, count: records.count(data), reason: 'rejected', error: result.error }]
  if (result.status !== 'partial') return []
  const letters: Letter<T>[] = []
  const byError = new Map<string, { error: Error; indexes: number[] }>()
  for (const rejection of result.rejected) {
    const { error } = rejection
    if ('count' in rejection) letters.push({ data, count: rejection.count, reason: 'unidentified', error })
    else {
      const group = byError.get(error.message) ?? { error, indexes: [] }
      group.indexes.push(rejection.index)
      byError.set(error.message, group)
    }
  }
  for (const { error, indexes } of byError.values())
    letters.push({ data: records.slice(data, indexes), count: indexes.length, reason: 'rejected', error })
  return letters
}

/** Hands `letter` to the dead-letter destination; without one it is logged as lost and that is that. */
export async function writeLetter<Time, T>(
  deadLetter: Exporter<Time, T> | undefined,
  entry: Waiting<Time, T>,
  letter: Letter<T>,
  context: Context & { exporter: string },
): Promise<ExportResult> {
  const { exporter, ...rest } = context
  const { reason, error, count } = letter
  if (!deadLetter) {
    context.log.error('records dropped: no dead-letter destination is set', { exporter, reason, error, records: count })
    return ok
  }
  context.log.warn('records go to the dead letters', { exporter, reason, error, records: count })
  const { attempts, firstAcceptedMs } = entry
  return attempt(deadLetter, entry.time, letter.data, { ...rest, deadLetter: { exporter, reason, error, attempts, firstAcceptedMs } })
}
