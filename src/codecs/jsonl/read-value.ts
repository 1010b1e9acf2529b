import type { Attributes, AttributeValue } from '../../core/index.ts'

/** What stands in JSON as a value: each function gives it as the type in its name, or throws an Error that says what was expected. */

export type Fields = Readonly<Record<string, unknown>>

export function fields(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw expected('an object', value)
}

export function boolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  throw expected('true or false', value)
}

export function text(value: unknown): string {
  if (typeof value === 'string') return value
  throw expected('a string', value)
}

const nonFinite: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
}

/** A number, or `"NaN"`, `"+Inf"`, `"-Inf"`. */
export function number(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && Object.hasOwn(nonFinite, value)) return nonFinite[value]!
  throw expected('a number', value)
}

export function texts(value: unknown): Readonly<Record<string, string>> {
  return mapped(fields(value), text)
}

export const attributes = (value: unknown): Attributes => mapped(fields(value), attribute)

/** `{"base64":"…"}` alone is bytes. A bigint that no double holds, NaN and the infinities stay the strings that they were written as. */
export function attribute(value: unknown): AttributeValue {
  if (Array.isArray(value)) return value.map(attribute)
  if (typeof value !== 'object' || value === null) return value as AttributeValue
  const { base64, ...rest } = value as { base64?: unknown }
  if (typeof base64 === 'string' && Object.keys(rest).length === 0) return new Uint8Array(Buffer.from(base64, 'base64'))
  return attributes(value)
}

const rfc3339 = /^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/** Milliseconds since the epoch, from RFC 3339 with at most microseconds that count, or the number itself. */
export function timeMs(value: unknown): number {
  if (typeof value === 'number') return value
  const { secondMs, nanoseconds } = readTime(value)
  return (secondMs * 1000 + Math.round(nanoseconds / 1000)) / 1000
}

/** Nanoseconds since the epoch, from RFC 3339 or a number of milliseconds. */
export function timeNs(value: unknown): bigint {
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.round(value * 1000)) * 1000n
  const { secondMs, nanoseconds } = readTime(value)
  return BigInt(secondMs) * 1_000_000n + BigInt(nanoseconds)
}

function readTime(value: unknown): { secondMs: number; nanoseconds: number } {
  const match = typeof value === 'string' ? rfc3339.exec(value) : null
  const fraction = match?.[2] ?? ''
  const secondMs = match ? Date.parse(match[0].replace(fraction, '')) : Number.NaN
  if (Number.isNaN(secondMs)) throw expected('a time such as 2026-11-21T01:02:03.456Z', value)
  return { secondMs, nanoseconds: Number(fraction.slice(1).padEnd(9, '0')) }
}

/** Reads an array; an Error tells at which place. */
export const listOf =
  <T>(read: (value: unknown) => T) =>
  (value: unknown): readonly T[] => {
    if (!Array.isArray(value)) throw expected('an array', value)
    return value.map((item, index) => within(String(index), () => read(item)))
  }

/** Reads one of these words. */
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (value: unknown): T => {
    if (words.includes(value as T)) return value as T
    throw expected(`one of ${words.join(', ')}`, value)
  }

/** Reads a field that may be missing; an Error tells the field. */
export function optional<T>(fields: Fields, name: string, read: (value: unknown) => T): T | undefined {
  return Object.hasOwn(fields, name) ? within(name, () => read(fields[name])) : undefined
}

/** Reads a field that has to be there; an Error tells the field. */
export function required<T>(fields: Fields, name: string, read: (value: unknown) => T): T {
  return within(name, () => {
    if (!Object.hasOwn(fields, name)) throw new Error('is missing')
    return read(fields[name])
  })
}

/** Without what is undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}

function mapped<T>(from: Fields, read: (value: unknown) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(from).map(([name, value]) => [name, within(name, () => read(value))]))
}

function within<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    throw new Error(`${name}: ${(thrown as Error).message}`)
  }
}

function expected(what: string, value: unknown): Error {
  const text = JSON.stringify(value) ?? 'nothing'
  return new Error(`expected ${what}, not ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`)
}
