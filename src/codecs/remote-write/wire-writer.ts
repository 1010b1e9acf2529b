/** What Protocol Buffers are written of, beside what a `ByteWriter` has (https://protobuf.dev/programming-guides/encoding/). */
import type { ByteWriter } from '../../core/index.ts'

const fixed64 = 1
const lengthDelimited = 2

const tag = (field: number, type: number): number => field * 8 + type

/** A whole number as `sint32` and `sint64` have it: zigzag. */
export const signed = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)

/** A whole number from 0. */
export function varintField(writer: ByteWriter, field: number, value: number): void {
  writer.varint(tag(field, 0))
  writer.varint(value)
}

/** An `int64` that may be negative, which takes ten bytes then. */
export function int64Field(writer: ByteWriter, field: number, value: number): void {
  writer.varint(tag(field, 0))
  if (value >= 0) {
    writer.varint(value)
    return
  }
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) writer.byte(Number(rest & 0x7fn) | 0x80)
  writer.byte(Number(rest))
}

export function double(writer: ByteWriter, field: number, value: number): void {
  writer.varint(tag(field, fixed64))
  writer.double(value)
}

/** The NaN that ends a series, 0x7ff0000000000002: no number of JavaScript is sure to keep these bits. */
export const staleBits = Uint8Array.of(0x02, 0, 0, 0, 0, 0, 0xf0, 0x7f)

export function staleMarker(writer: ByteWriter, field: number): void {
  writer.varint(tag(field, fixed64))
  writer.bytes(staleBits)
}

/** A message, or numbers in a row, that stand in a writer of their own. */
export function delimited(writer: ByteWriter, field: number, content: ByteWriter): void {
  writer.varint(tag(field, lengthDelimited))
  writer.varint(content.length)
  writer.bytes(content.view())
}

/** Halves of surrogate pairs, which no UTF-8 has, become U+FFFD. */
export function text(writer: ByteWriter, field: number, value: string): void {
  writer.varint(tag(field, lengthDelimited))
  writer.varint(Buffer.byteLength(value))
  writer.text(value)
}
