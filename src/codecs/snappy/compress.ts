/** What a copy reaches back at most is less than this, so each block fits a table of 16-bit positions. */
const blockBytes = 65_536
const mostTableBits = 14
/** Shorter matches would not pay for the copy. */
const matchBytes = 4
/** A look at the next four bytes must not go beyond the block. */
const marginBytes = matchBytes

/** Compresses with a table and a buffer that are used again, which is most of its speed. */
export class SnappyCompressor {
  readonly #table = new Uint16Array(1 << mostTableBits)
  #output: Buffer = Buffer.alloc(0)
  #length = 0

  /** The bytes in Snappy's block format, the caller's to keep. */
  compress(input: Uint8Array): Uint8Array {
    this.#reserve(input.length)
    this.#length = 0
    this.#size(input.length)
    const words = new DataView(input.buffer, input.byteOffset, input.byteLength)
    for (let start = 0; start < input.length; start += blockBytes)
      this.#block(input, words, start, Math.min(start + blockBytes, input.length))
    return new Uint8Array(this.#output.subarray(0, this.#length))
  }

  /** Room for the worst case: a literal for every 65,536 bytes, and the size in front. */
  #reserve(inputBytes: number): void {
    const most = 16 + inputBytes + Math.ceil(inputBytes / 6)
    if (this.#output.length < most) this.#output = Buffer.allocUnsafeSlow(most)
  }

  #size(value: number): void {
    for (; value > 0x7f; value = Math.floor(value / 128)) this.#output[this.#length++] = (value % 128) | 0x80
    this.#output[this.#length++] = value
  }

  /**
   * Looks up each four bytes where they stood last in this block. Where nothing is found for long, it looks ever more seldom, so
   * that what cannot be compressed costs little.
   */
  #block(input: Uint8Array, words: DataView, start: number, end: number): void {
    const table = this.#table
    const bits = Math.min(mostTableBits, Math.max(8, 32 - Math.clz32(end - start - 1)))
    const shift = 32 - bits
    table.fill(0, 0, 1 << bits)
    const last = end - marginBytes
    let literal = start
    let at = start
    while (at <= last) {
      const word = words.getInt32(at, true)
      const slot = Math.imul(word, 0x9e3779b1) >>> shift
      const before = start + table[slot]!
      table[slot] = at - start
      if (before >= at || words.getInt32(before, true) !== word) {
        at += 1 + ((at - literal) >> 5)
        continue
      }
      let matched = matchBytes
      while (at + matched < end && input[before + matched] === input[at + matched]) matched++
      this.#literal(input, literal, at)
      this.#copy(at - before, matched)
      at += matched
      literal = at
    }
    this.#literal(input, literal, end)
  }

  #literal(input: Uint8Array, start: number, end: number): void {
    const length = end - start
    if (length === 0) return
    const output = this.#output
    if (length <= 60) output[this.#length++] = (length - 1) << 2
    else if (length <= 256) {
      output[this.#length++] = 60 << 2
      output[this.#length++] = length - 1
    } else {
      output[this.#length++] = 61 << 2
      output[this.#length++] = (length - 1) & 0xff
      output[this.#length++] = (length - 1) >> 8
    }
    if (length > 32) output.set(input.subarray(start, end), this.#length)
    else for (let index = 0; index < length; index++) output[this.#length + index] = input[start + index]!
    this.#length += length
  }

  /** A copy has at most 64 bytes; what is left of a longer one has at least four. */
  #copy(distance: number, length: number): void {
    for (; length >= 68; length -= 64) this.#copy2(distance, 64)
    if (length > 64) {
      this.#copy2(distance, 60)
      length -= 60
    }
    if (length > 11 || distance >= 2048) this.#copy2(distance, length)
    else {
      this.#output[this.#length++] = 1 | ((length - 4) << 2) | ((distance >> 8) << 5)
      this.#output[this.#length++] = distance & 0xff
    }
  }

  #copy2(distance: number, length: number): void {
    this.#output[this.#length++] = 2 | ((length - 1) << 2)
    this.#output[this.#length++] = distance & 0xff
    this.#output[this.#length++] = distance >> 8
  }
}
