import { microseconds } from './microseconds.ts'

/** Times as RFC 3339 in UTC, exact: as many digits as the value has, at least milliseconds. */

/** Of milliseconds since the epoch: three digits, six where there is a fraction. Empty for what no calendar has (NaN, too far). */
export function formatMs(ms: number): string {
  const micros = microseconds(ms)
  const whole = Math.floor(micros / 1000)
  const text = isoOf(whole)
  const fraction = micros - whole * 1000
  return fraction ? `${text.slice(0, -1)}${String(fraction).padStart(3, '0')}Z` : text
}

/** Of nanoseconds since the epoch: nine digits. Empty for what no calendar has. */
export function formatNs(ns: bigint): string {
  const fraction = ((ns % 1_000_000n) + 1_000_000n) % 1_000_000n
  const text = isoOf(Number((ns - fraction) / 1_000_000n))
  return text && `${text.slice(0, -1)}${String(fraction).padStart(6, '0')}Z`
}

function isoOf(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '' : date.toISOString()
}
