import type { Cell } from '../../core/index.ts'
import { closeBrace, colon, comma, type JsonCursor, openBrace, quote } from './json-cursor.ts'

/** A field of an object: a name, or two with a dot between for one inside it. `json` is its text as it came. */
export interface Field {
  readonly path: string
  readonly kind: 'number' | 'text' | 'json'
}

/**
 * Takes a few fields out of JSON objects that all have about the same form, without making anything of the others. The names are
 * expected in the order of the object before, so that most are known by comparing bytes.
 */
export class FieldScanner {
  readonly #names: Names

  constructor(fields: readonly Field[]) {
    this.#names = new Names(fields.map((field, index) => ({ ...field, index })))
  }

  /**
   * Reads the object that is next and puts field number i into `cells[offset + i]`; null for one that is null or of another kind.
   * Cells of fields that the object does not have stay as they are.
   */
  scan(cursor: JsonCursor, cells: Cell[], offset: number): void {
    scanObject(cursor, this.#names, cells, offset)
  }
}

interface IndexedField extends Field {
  readonly index: number
}

/** A name that was met, and what is wanted of it. */
interface Name {
  /** With the quotes around it. */
  readonly bytes: Uint8Array
  readonly field?: IndexedField | undefined
  readonly inner?: Names | undefined
}

/** The names of the members of an object. */
class Names {
  readonly #wanted = new Map<string, Omit<Name, 'bytes'>>()
  /** By their place in the last object. */
  readonly #seen: Name[] = []

  constructor(fields: readonly IndexedField[]) {
    for (const [name, group] of Map.groupBy(fields, ({ path }) => path.split('.', 1)[0]!)) {
      const inner = group.filter(({ path }) => path !== name).map((field) => ({ ...field, path: field.path.slice(name.length + 1) }))
      this.#wanted.set(name, { field: group.find(({ path }) => path === name), inner: inner.length > 0 ? new Names(inner) : undefined })
    }
  }

  /** Steps over the name that is next, the `place`th of its object. */
  next(cursor: JsonCursor, place: number): Name {
    const expected = this.#seen[place]
    if (expected && startsWith(cursor.bytes, cursor.at, expected.bytes)) {
      cursor.at += expected.bytes.length
      return expected
    }
    const start = cursor.at
    cursor.skipString()
    const name = { ...this.#wanted.get(cursor.stringFrom(start)), bytes: Uint8Array.from(cursor.bytes.subarray(start, cursor.at)) }
    if (place < mostPlaces) this.#seen[place] = name
    return name
  }
}

/** Objects with more members are not of one form. */
const mostPlaces = 256

function startsWith(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let i = expected.length - 1; i >= 0; i--) if (bytes[at + i] !== expected[i]) return false
  return true
}

function scanObject(cursor: JsonCursor, names: Names, cells: Cell[], offset: number): void {
  cursor.take(openBrace)
  if (cursor.peek() === closeBrace) {
    cursor.at++
    return
  }
  for (let place = 0; ; place++) {
    if (cursor.peek() !== quote) cursor.fail()
    const { field, inner } = names.next(cursor, place)
    cursor.take(colon)
    const first = cursor.peek()
    const start = cursor.at
    if (inner && first === openBrace) scanObject(cursor, inner, cells, offset)
    else if (field?.kind === 'number') cells[offset + field.index] = numberAt(cursor)
    else cursor.skipValue()
    if (field && field.kind !== 'number') cells[offset + field.index] = valueFrom(cursor, field.kind, first, start)
    const next = cursor.peek()
    if (next !== comma && next !== closeBrace) cursor.fail()
    cursor.at++
    if (next === closeBrace) return
    cursor.peek()
  }
}

function valueFrom(cursor: JsonCursor, kind: 'text' | 'json', first: number, start: number): string | null {
  if (kind === 'text') return first === quote ? cursor.stringFrom(start) : null
  return first === letterN ? null : cursor.textFrom(start)
}

/**
 * Reads a number; null for anything else. One of up to fifteen digits is put together here, and exactly: its digits and the power
 * of ten are doubles without error, and a division rounds once.
 */
function numberAt(cursor: JsonCursor): number | null {
  const { bytes } = cursor
  const start = cursor.at
  const negative = bytes[start] === minus
  let at = negative ? start + 1 : start
  let digits = 0
  let count = 0
  let point = 0
  for (; ; at++) {
    const byte = bytes[at]!
    if (byte >= zero && byte <= nine) {
      digits = digits * 10 + byte - zero
      count++
    } else if (byte === dot && point === 0) point = at + 1
    else break
  }
  const last = bytes[at]!
  if (count > 0 && count <= 15 && (last === comma || last === closeBrace)) {
    cursor.at = at
    const size = point === 0 ? digits : digits / powersOfTen[at - point]!
    return negative ? -size : size
  }
  cursor.skipValue()
  const value = Number(cursor.textFrom(start))
  return Number.isFinite(value) ? value : null
}

const [minus, dot, zero, nine, letterN] = [0x2d, 0x2e, 0x30, 0x39, 0x6e]
const powersOfTen = Array.from({ length: 16 }, (_, power) => 10 ** power)
