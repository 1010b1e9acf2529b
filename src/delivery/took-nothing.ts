import { type ExportResult, rejectedCount } from '../core/result.ts'

/**
 * Whether a destination failed: of `count` records it took none, and some of them it may take later. A rejection is no
 * failure: the destination answered.
 */
export function tookNothing(result: ExportResult, count: number): boolean {
  if (result.status === 'partial') return result.retry.length > 0 && result.retry.length + rejectedCount(result.rejected) >= count
  return result.status === 'retry'
}
