import { WaybillError } from '../core/errors.ts'
import { type Letter, reasons } from './letter.ts'

/** Which letters are meant: those for which everything that is given holds. */
export interface LetterFilter {
  readonly exporter?: string
  readonly reason?: Letter['reason']
  /** Given up at or after, in milliseconds since the epoch. */
  readonly fromMs?: number
  /** Given up before. */
  readonly toMs?: number
}

export const matches = ({ exporter, reason, fromMs, toMs }: LetterFilter, letter: Letter): boolean =>
  (exporter === undefined || letter.exporter === exporter) &&
  (reason === undefined || letter.reason === reason) &&
  (fromMs === undefined || letter.lastMs >= fromMs) &&
  (toMs === undefined || letter.lastMs < toMs)

/** As it is written by people and in addresses: `exporter`, `reason`, `from`, `to`. */
export interface FilterText {
  readonly exporter?: string | undefined
  readonly reason?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Throws WaybillError `INVALID_OPTION`. */
export function parseFilter({ exporter, reason, from, to }: FilterText): LetterFilter {
  const known = reasons.find((word) => word === reason)
  if (reason !== undefined && !known)
    throw new WaybillError('INVALID_OPTION', `${JSON.stringify(reason)} is no reason`, { hint: `there are ${reasons.join(', ')}` })
  return {
    ...(exporter !== undefined && { exporter }),
    ...(known && { reason: known }),
    ...(from !== undefined && { fromMs: parseTime(from) }),
    ...(to !== undefined && { toMs: parseTime(to) }),
  }
}

function parseTime(text: string): number {
  const ms = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(ms)) return ms
  throw new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} is not a time`, { hint: 'write 2026-01-05 or 2026-01-05T12:00:00Z' })
}
