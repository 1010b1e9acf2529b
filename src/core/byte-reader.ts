/** Reads what a `ByteWriter` wrote. Everything throws a RangeError where the bytes end too soon. */
export class ByteReader {
  readonly #buffer: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#buffer.length - this.#at
  }

  byte(): number {
    return this.#buffer[this.#take(1)]!
  }

  /** A whole number from 0 to 2⁵³ − 1. */
  varint(): number {
    let value = 0
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new RangeError('a number is too long')
  }

  double(): number {
    return this.#buffer.readDoubleLE(this.#take(8))
  }

  text(length: number): string {
    const start = this.#take(length)
    return this.#buffer.toString('utf8', start, start + length)
  }

  /** Bytes of their own. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length)
    return new Uint8Array(this.#buffer.subarray(start, start + length))
  }

  #take(length: number): number {
    const start = this.#at
    if (length > this.left) throw new RangeError(`the bytes end ${length - this.left} too soon`)
    this.#at += length
    return start
  }
}
