import { ByteWriter } from '../../core/index.ts'
import type { Field, MessageType, Scalar } from './message-type.ts'

/** How the value of a field stands on the wire (https://protobuf.dev/programming-guides/encoding/#structure). */
export const wireTypes: Readonly<Record<Scalar, 0 | 1 | 2>> = {
  bool: 0,
  enum: 0,
  uint32: 0,
  sint32: 0,
  int64: 0,
  uint64: 0,
  fixed64: 1,
  sfixed64: 1,
  time: 1,
  double: 1,
  string: 2,
  bytes: 2,
  id: 2,
}

const lengthDelimited = 2

const tagOf = (number: number, wireType: number): number => number * 8 + wireType

const fixed = new DataView(new ArrayBuffer(8))
const fixedBytes = new Uint8Array(fixed.buffer)

/** Writes messages in the binary form of Protocol Buffers. */
export class MessageWriter {
  readonly writer: ByteWriter
  #nested: MessageWriter | undefined

  constructor(writer = new ByteWriter(1024)) {
    this.writer = writer
  }

  /** The fields of a message, without its length in front of them. */
  message<T>(type: MessageType<T>, message: T): void {
    const values = message as Readonly<Record<string, unknown>>
    for (const field of type.fields) {
      const value = values[field.name]
      if (value !== undefined) this.#field(field, value)
    }
  }

  /** A field of whatever `write` writes. */
  delimited(number: number, write: (nested: MessageWriter) => void): void {
    this.#nested ??= new MessageWriter()
    const { writer } = this.#nested
    writer.clear()
    write(this.#nested)
    this.writer.varint(tagOf(number, lengthDelimited))
    this.writer.varint(writer.length)
    this.writer.bytes(writer.view())
  }

  #field({ number, kind, repeated }: Field, value: unknown): void {
    if (!repeated) this.#element(number, kind, value)
    else if (typeof kind === 'string' && wireTypes[kind] !== lengthDelimited) this.#packed(number, kind, value as readonly unknown[])
    else for (const element of value as readonly unknown[]) this.#element(number, kind, element)
  }

  #element(number: number, kind: Scalar | MessageType, value: unknown): void {
    if (typeof kind !== 'string') this.delimited(number, (nested) => nested.message(kind, value))
    else {
      this.writer.varint(tagOf(number, wireTypes[kind]))
      if (wireTypes[kind] === lengthDelimited) writeBytes(this.writer, kind, value)
      else writeNumber(this.writer, kind, value)
    }
  }

  #packed(number: number, kind: Scalar, values: readonly unknown[]): void {
    if (values.length === 0) return
    this.delimited(number, ({ writer }) => {
      for (const value of values) writeNumber(writer, kind, value)
    })
  }
}

function writeBytes(writer: ByteWriter, kind: Scalar, value: unknown): void {
  if (kind === 'string') {
    writer.varint(Buffer.byteLength(value as string))
    writer.text(value as string)
    return
  }
  const bytes = kind === 'id' ? Buffer.from(value as string, 'hex') : (value as Uint8Array)
  writer.varint(bytes.length)
  writer.bytes(bytes)
}

function writeNumber(writer: ByteWriter, kind: Scalar, value: unknown): void {
  switch (kind) {
    case 'double':
      writer.double(value as number)
      break
    case 'fixed64':
    case 'sfixed64':
    case 'time':
      fixed.setBigUint64(0, BigInt(value as number | bigint), true)
      writer.bytes(fixedBytes)
      break
    case 'int64':
      writeInt64(writer, value as number | bigint)
      break
    case 'sint32':
      writer.varint((value as number) < 0 ? -2 * (value as number) - 1 : 2 * (value as number))
      break
    default:
      writer.varint(Number(value))
  }
}

/** A negative one takes ten bytes. */
function writeInt64(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number' && value >= 0) {
    writer.varint(value)
    return
  }
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) writer.byte(Number(rest & 0x7fn) | 0x80)
  writer.byte(Number(rest))
}

const shared = new MessageWriter()

/** The fields of a message, as bytes. */
export function fieldsOf<T>(type: MessageType<T>, message: T): Uint8Array {
  shared.writer.clear()
  shared.message(type, message)
  return shared.writer.take()
}

/** Begins a field of `size` bytes whose number is below 16. */
export function beginField(writer: ByteWriter, number: number, size: number): void {
  writer.byte(tagOf(number, lengthDelimited))
  writer.varint(size)
}

/** How many bytes such a field has. */
export function delimitedSize(size: number): number {
  let bytes = size + 2
  for (let rest = size; rest > 0x7f; rest = Math.floor(rest / 128)) bytes++
  return bytes
}
