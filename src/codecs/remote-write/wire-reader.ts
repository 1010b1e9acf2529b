const wireTypes = ['a varint', 'eight bytes', 'a text or message', 'a group', 'a group', 'four bytes'] as const
const [varint, fixed64, lengthDelimited, fixed32] = [0, 1, 2, 5]

/**
 * Reads the fields of a message of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/). Everything throws an Error
 * that says at which byte of the whole it is no such message. It reads nothing beyond the end of its message, and nests as deep as
 * its caller does.
 */
export class WireReader {
  readonly #bytes: Buffer
  readonly #end: number
  #at: number
  #field = 0
  #type = 0

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#at = start
    this.#end = end
  }

  /** The number of the next field, which is to be read or skipped next; 0 at the end. */
  next(): number {
    if (this.#at >= this.#end) return 0
    const start = this.#at
    const tag = this.#varint()
    this.#type = tag % 8
    this.#field = Math.floor(tag / 8)
    if (this.#field === 0 || this.#field >= 2 ** 29) throw this.#wrong(start, 'there is no field of that number')
    return this.#field
  }

  skip(): void {
    if (this.#type === varint) this.#varint()
    else if (this.#type === fixed64) this.#take(8)
    else if (this.#type === fixed32) this.#take(4)
    else this.#delimited()
  }

  /** A `uint32`, `uint64` or enumeration; beyond 2⁵³ the nearest number. */
  unsigned(): number {
    this.#expect(varint)
    return this.#varint()
  }

  /** An `int64`. */
  signed(): number {
    this.#expect(varint)
    return this.#signed()
  }

  double(): number {
    this.#expect(fixed64)
    return this.#bytes.readDoubleLE(this.#take(8))
  }

  /** A `double`; undefined when it is the NaN that ends a series. */
  value(): number | undefined {
    this.#expect(fixed64)
    const at = this.#take(8)
    const stale = this.#bytes.readInt32LE(at) === 2 && this.#bytes.readInt32LE(at + 4) === 0x7ff00000
    return stale ? undefined : this.#bytes.readDoubleLE(at)
  }

  /** UTF-8; what is not becomes U+FFFD. */
  text(): string {
    const start = this.#delimited()
    return this.#bytes.toString('utf8', start, this.#at)
  }

  /** A message within this one. */
  message(): WireReader {
    const start = this.#delimited()
    return new WireReader(this.#bytes, start, this.#at)
  }

  /** Further numbers of a repeated field, in a row or one by one, for `into`. */
  unsignedNumbers(into: number[]): void {
    this.#numbers(varint, into, (reader) => reader.#varint())
  }

  /** Of `sint32` or `sint64`. */
  zigzagNumbers(into: number[]): void {
    this.#numbers(varint, into, (reader) => reader.#zigzag())
  }

  doubles(into: number[]): void {
    this.#numbers(fixed64, into, (reader) => reader.#bytes.readDoubleLE(reader.#take(8)))
  }

  /** A `sint32` or `sint64`. */
  zigzag(): number {
    this.#expect(varint)
    return this.#zigzag()
  }

  #numbers(type: number, into: number[], read: (reader: WireReader) => number): void {
    if (this.#type === type) {
      into.push(read(this))
      return
    }
    const reader = this.message()
    while (reader.#at < reader.#end) into.push(read(reader))
  }

  #zigzag(): number {
    const start = this.#at
    const value = this.#varint()
    if (value <= Number.MAX_SAFE_INTEGER) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    const exact = this.#exact(start)
    return Number(exact & 1n ? -(exact >> 1n) - 1n : exact >> 1n)
  }

  #signed(): number {
    const start = this.#at
    const value = this.#varint()
    return value < 2 ** 63 ? value : Number(BigInt.asIntN(64, this.#exact(start)))
  }

  #varint(): number {
    const start = this.#at
    let value = 0
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      if (this.#at >= this.#end) throw this.#wrong(start, 'it ends within a number')
      const byte = this.#bytes[this.#at++]!
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw this.#wrong(start, 'a number of more than ten bytes')
  }

  /** The number that has been read from `start`, to the last bit. */
  #exact(start: number): bigint {
    let value = 0n
    for (let at = this.#at - 1; at >= start; at--) value = (value << 7n) | BigInt(this.#bytes[at]! & 0x7f)
    return BigInt.asUintN(64, value)
  }

  /** Passes over a length and so many bytes, and answers where they start. */
  #delimited(): number {
    this.#expect(lengthDelimited)
    return this.#take(this.#varint())
  }

  #take(length: number): number {
    const start = this.#at
    if (length > this.#end - start) throw this.#wrong(start, `field ${this.#field} goes beyond the end of its message`)
    this.#at += length
    return start
  }

  #expect(type: number): void {
    if (this.#type !== type)
      throw this.#wrong(this.#at, `field ${this.#field} is ${wireTypes[this.#type] ?? 'of no known kind'}, not ${wireTypes[type]}`)
  }

  #wrong(at: number, what: string): Error {
    return new Error(`not the message expected, at byte ${at}: ${what}`)
  }
}
