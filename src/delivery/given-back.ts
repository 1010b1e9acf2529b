import type { RecordType } from '../core/record-type.ts'
import type { ExportResult } from '../core/result.ts'

/** What of `data` comes back to be tried later: the indexes of these records, and the records themselves. */
export function givenBack<T>(data: T, result: ExportResult, records: RecordType<T>): { indexes: readonly number[]; data: T } {
  if (result.status === 'retry') return { indexes: allOf(data, records), data }
  const indexes = result.status === 'partial' ? result.retry : []
  return { indexes, data: indexes.length > 0 ? records.slice(data, indexes) : data }
}

/** The index of every record of `data`. */
export function allOf<T>(data: T, records: RecordType<T>): readonly number[] {
  return Array.from({ length: records.count(data) }, (_, index) => index)
}
