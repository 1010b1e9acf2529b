import { formatMs } from './rfc3339.ts'

/**
 * Milliseconds since the epoch as RFC 3339 in the time zone of the process, such as `2026-08-02T12:23:00.000+02:00`: the digits
 * of `formatMs`, and the offset to the minute. Empty for what no calendar has.
 */
export function formatMsLocal(ms: number): string {
  const offset = -Math.round(new Date(ms).getTimezoneOffset())
  const text = formatMs(ms + offset * 60_000)
  const size = Math.abs(offset)
  return text && `${text.slice(0, -1)}${offset < 0 ? '-' : '+'}${twoDigits(Math.floor(size / 60))}:${twoDigits(size % 60)}`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')
