/** Values as every database can hold them. What cannot be held throws a RangeError or TypeError that says why. */
import { formatNs } from '../../codecs/text/rfc3339.ts'
import type { SqlValue } from './table-shape.ts'

const maxInteger = 2n ** 63n - 1n
const minInteger = -(2n ** 63n)

/** RFC 3339 in UTC with six digits of a second, of milliseconds since the epoch: 27 characters, in the order of time. */
export function timeOfMs(ms: number): string {
  const micros = Math.round(ms * 1000)
  const whole = Math.floor(micros / 1000)
  const date = new Date(whole)
  if (Number.isNaN(date.getTime())) throw new RangeError(`${ms} ms since the epoch is no time`)
  return `${fourDigitYear(date.toISOString()).slice(0, -1)}${String(micros - whole * 1000).padStart(3, '0')}Z`
}

/** The same with nine digits, of nanoseconds: 30 characters. */
export function timeOfNs(ns: bigint): string {
  const text = formatNs(ns)
  if (text === '') throw new RangeError(`${ns} ns since the epoch is no time`)
  return fourDigitYear(text)
}

/** Other years are written with a sign and six digits (ECMA-262, 21.4.1.32.1), which do not sort with these. */
function fourDigitYear(text: string): string {
  if (/^\d{4}-/.test(text)) return text
  throw new RangeError(`the year of ${text} is outside 0 to 9999`)
}

/** An integer of 64 bits. */
export function integerOf(value: unknown): SqlValue {
  if (typeof value === 'bigint' && value >= minInteger && value <= maxInteger) return value
  if (Number.isSafeInteger(value)) return value as number
  throw new RangeError(`${describe(value)} is no integer of 64 bits`)
}

/** A double. NaN becomes null: databases have no word for it, or order it in ways of their own. */
export function realOf(value: unknown): SqlValue {
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  throw new TypeError(`${describe(value)} is no number`)
}

export function textOf(value: unknown): SqlValue {
  if (typeof value === 'string') return value
  throw new TypeError(`${describe(value)} is no text`)
}

/** 1 or 0. */
export function booleanOf(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0
  throw new TypeError(`${describe(value)} is neither true nor false`)
}

const describe = (value: unknown): string => (typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value).slice(0, 40)}`)
