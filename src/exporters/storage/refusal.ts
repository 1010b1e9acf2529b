import { type ExportResult, parseRetryAfter, tooLarge } from '../../sdk.ts'
import { StorageFailure } from '../../storage/object-storage/storage-failure.ts'

/** A result, with what the service behind a storage said of size and time. */
export function refusalIn(result: ExportResult, nowMs: number): ExportResult {
  if (result.status !== 'retry' || !(result.error instanceof StorageFailure)) return result
  const { status, retryAfter } = result.error
  if (status === 413) return tooLarge(result.error)
  const afterMs = parseRetryAfter(retryAfter, nowMs)
  return afterMs === undefined ? result : { ...result, afterMs }
}
