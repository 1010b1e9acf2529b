/**
 * A buffer that grows and is used again: what encoders write into. Reused memory is what makes them fast, so `view()` is
 * only good until the next write; `take()` copies.
 */
export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(initialBytes = 65_536) {
    this.#buffer = Buffer.allocUnsafeSlow(initialBytes)
  }

  get length(): number {
    return this.#length
  }

  clear(): void {
    this.#length = 0
  }

  byte(byte: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = byte
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#buffer.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** Text in which every character is below U+0080. */
  ascii(text: string): void {
    this.#reserve(text.length)
    this.#length += this.#buffer.write(text, this.#length, 'latin1')
  }

  text(text: string): void {
    this.#reserve(text.length * 3)
    this.#length += this.#buffer.write(text, this.#length, 'utf8')
  }

  /** As `String(value)` has it, the shortest decimal that reads back as `value`; several times faster where it has few digits. */
  number(value: number): void {
    const size = Math.abs(value)
    const whole = Math.floor(size)
    if (whole === size && size < 1e15) {
      this.#sign(value)
      this.#integer(whole)
      return
    }
    // No two decimals of up to fifteen digits are the same double, so the one that divides out to `size` is the shortest.
    const micros = Math.round(size * 1e6)
    if (micros / 1e6 === size && micros < 1e15) {
      this.#sign(value)
      this.#integer(whole)
      this.#fraction(micros - whole * 1e6)
      return
    }
    this.ascii(String(value))
  }

  /** A whole number from 0 to 2⁵³ − 1, seven bits a byte, the lowest first, as in Protocol Buffers. */
  varint(value: number): void {
    this.#reserve(8)
    let rest = value
    for (; rest >= 0x1_0000_0000; rest = Math.floor(rest / 128)) this.#buffer[this.#length++] = (rest % 128) | 0x80
    let low = rest >>> 0
    for (; low > 0x7f; low >>>= 7) this.#buffer[this.#length++] = (low & 0x7f) | 0x80
    this.#buffer[this.#length++] = low
  }

  /** IEEE 754, eight bytes, the lowest first. */
  double(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  /** What was written, valid until the next write. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length)
  }

  /** A copy of what was written, the caller's to keep. */
  take(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, 0, this.#length)
  }

  #sign(value: number): void {
    if (value < 0) this.byte(minus)
  }

  /** An integer below 10¹⁵. */
  #integer(value: number): void {
    if (value < 1e9) {
      this.#digits(value | 0, widthOf(value | 0))
      return
    }
    const billions = Math.floor(value / 1e9)
    this.#digits(billions, widthOf(billions))
    this.#digits(value - billions * 1e9, 9)
  }

  /** The point and the millionths behind it, without the zeros at their end. */
  #fraction(micros: number): void {
    this.byte(point)
    let width = 6
    for (; micros % 10 === 0; width--) micros /= 10
    this.#digits(micros | 0, width)
  }

  /** An integer below 10⁹ in `width` digits. */
  #digits(value: number, width: number): void {
    this.#reserve(width)
    const buffer = this.#buffer
    const start = this.#length
    for (let at = start + width - 1; at >= start; at--) {
      const rest = (value / 10) | 0
      buffer[at] = zero + value - rest * 10
      value = rest
    }
    this.#length = start + width
  }

  #reserve(more: number): void {
    const needed = this.#length + more
    if (needed <= this.#buffer.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}

const minus = 0x2d
const point = 0x2e
const zero = 0x30

/** How many digits an integer below 10⁹ has. */
function widthOf(value: number): number {
  let width = 1
  for (let limit = 10; value >= limit; limit *= 10) width++
  return width
}
