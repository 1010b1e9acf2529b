import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'

/** What a value begins with. Kept in files: a number here keeps its meaning for ever. */
const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  double: 4,
  integer: 5,
  bigint: 6,
  text: 7,
  bytes: 8,
  list: 9,
  object: 10,
  /** Text in which a half of a surrogate pair stands alone, which UTF-8 cannot say. */
  brokenText: 11,
} as const

/** Writes plain data as it is: beside what JSON can say, bigint, bytes, undefined in lists, NaN, infinities and -0. */
export function writeValue(writer: ByteWriter, value: unknown): void {
  if (typeof value === 'string') writeText(writer, value)
  else if (typeof value === 'number') writeNumber(writer, value)
  else if (typeof value === 'boolean') writer.byte(value ? tag.true : tag.false)
  else if (typeof value === 'bigint') {
    writer.byte(tag.bigint)
    writeSized(writer, Buffer.from(value.toString()))
  } else if (value === null) writer.byte(tag.null)
  else if (value instanceof Uint8Array) {
    writer.byte(tag.bytes)
    writeSized(writer, value)
  } else if (Array.isArray(value)) {
    writer.byte(tag.list)
    writer.varint(value.length)
    for (const item of value) writeValue(writer, item)
  } else if (typeof value === 'object') writeObject(writer, value)
  else writer.byte(tag.undefined)
}

/** Reads what `writeValue` wrote. Throws a RangeError for bytes that it cannot have written. */
export function readValue(reader: ByteReader): unknown {
  const kind = reader.byte()
  switch (kind) {
    case tag.undefined:
      return undefined
    case tag.null:
      return null
    case tag.false:
      return false
    case tag.true:
      return true
    case tag.double:
      return reader.double()
    case tag.integer:
      return reader.varint()
    case tag.bigint:
      return BigInt(reader.text(reader.varint()))
    case tag.text:
      return reader.text(reader.varint())
    case tag.brokenText:
      return Buffer.from(reader.bytes(reader.varint())).toString('utf16le')
    case tag.bytes:
      return reader.bytes(reader.varint())
    case tag.list:
      return readList(reader)
    case tag.object:
      return Object.fromEntries(Array.from({ length: sized(reader) }, () => [String(readValue(reader)), readValue(reader)]))
    default:
      throw new RangeError(`no value begins with ${kind}`)
  }
}

function writeNumber(writer: ByteWriter, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
    writer.byte(tag.integer)
    writer.varint(value)
  } else {
    writer.byte(tag.double)
    writer.double(value)
  }
}

function writeText(writer: ByteWriter, text: string): void {
  const whole = text.isWellFormed()
  writer.byte(whole ? tag.text : tag.brokenText)
  writeSized(writer, Buffer.from(text, whole ? 'utf8' : 'utf16le'))
}

function writeObject(writer: ByteWriter, value: object): void {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  writer.byte(tag.object)
  writer.varint(entries.length)
  for (const [name, item] of entries) {
    writeText(writer, name)
    writeValue(writer, item)
  }
}

function writeSized(writer: ByteWriter, bytes: Uint8Array): void {
  writer.varint(bytes.length)
  writer.bytes(bytes)
}

function readList(reader: ByteReader): unknown[] {
  return Array.from({ length: sized(reader) }, () => readValue(reader))
}

/** A number of items, each of which takes a byte at least: a larger one is not true, and is not to take memory. */
function sized(reader: ByteReader): number {
  const count = reader.varint()
  if (count > reader.left) throw new RangeError(`${count} items in ${reader.left} bytes`)
  return count
}
