/** Thrown when the bytes that have come so far end within what is being read. Always this one, since it is thrown often. */
export const incomplete = new Error('the reply has not come whole yet')

/**
 * Walks over JSON bytes that come in pieces. Whoever reads a value remembers `at`, and on `incomplete` goes back there and waits
 * for more. What it steps over it does not check beyond where strings, objects and arrays end.
 */
export class JsonCursor {
  /** All that is kept, with a zero behind it, which no JSON holds: so loops need no look at the end. */
  bytes: Buffer
  at = 0
  #end = 0
  /** How many bytes were there before `bytes[0]`. */
  #before = 0

  constructor(initialBytes = 262_144) {
    this.bytes = Buffer.alloc(initialBytes)
  }

  /** How many bytes are not read yet. */
  get left(): number {
    return this.#end - this.at
  }

  /** Adds a piece; what was read goes. */
  append(piece: Uint8Array): void {
    const left = this.left
    if (left + piece.length >= this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow((left + piece.length) * 2)
      this.bytes.copy(grown, 0, this.at, this.#end)
      this.bytes = grown
    } else this.bytes.copyWithin(0, this.at, this.#end)
    this.bytes.set(piece, left)
    this.#before += this.at
    this.at = 0
    this.#end = left + piece.length
    this.bytes[this.#end] = 0
  }

  /** The next byte that is no white space, not stepped over. */
  peek(): number {
    const { bytes } = this
    let at = this.at
    for (;;) {
      const byte = bytes[at]!
      if (byte !== space && byte !== lineFeed && byte !== carriageReturn && byte !== tab) break
      at++
    }
    this.at = at
    if (at >= this.#end) throw incomplete
    return bytes[at]!
  }

  /** Steps over one byte, which has to be this one, and white space before it. */
  take(byte: number): void {
    if (this.peek() !== byte) this.fail()
    this.at++
  }

  /** Steps over a string, of which `at` is the opening quote. */
  skipString(): void {
    const after = afterString(this.bytes, this.at)
    if (after < 0) this.#failAt(-after)
    this.at = after
  }

  /** Steps over a value of any kind. */
  skipValue(): void {
    const first = this.peek()
    if (first === quote) this.skipString()
    else if (first === openBrace || first === openBracket) this.#skipNested()
    else this.#skipPlain()
  }

  /** Steps over an object or a list, of which `at` is the beginning. */
  #skipNested(): void {
    const { bytes } = this
    let at = this.at
    for (let depth = 0; ; ) {
      const byte = bytes[at]!
      if (byte === quote) {
        const after = afterString(bytes, at)
        if (after < 0) this.#failAt(-after)
        at = after
        continue
      }
      if (byte === 0) this.#failAt(at)
      at++
      if (byte === openBrace || byte === openBracket) depth++
      else if ((byte === closeBrace || byte === closeBracket) && --depth === 0) break
    }
    this.at = at
  }

  /** Steps over a number, `true`, `false` or `null`. */
  #skipPlain(): void {
    const { bytes } = this
    const start = this.at
    let at = start
    while (plain[bytes[at]!] === 1) at++
    if (at === start || at >= this.#end) this.#failAt(at)
    this.at = at
  }

  /** The string from the quote at `start` up to the one before `at`. */
  stringFrom(start: number): string {
    const { bytes, at } = this
    for (let i = start + 1; i < at - 1; i++) {
      const byte = bytes[i]!
      if (byte >= 0x80 || byte === backslash) return this.jsonFrom(start) as string
    }
    return bytes.toString('latin1', start + 1, at - 1)
  }

  /** The text from `start` up to `at`. */
  textFrom(start: number): string {
    return this.bytes.toString('utf8', start, this.at)
  }

  /** The value whose text is from `start` up to `at`. */
  jsonFrom(start: number): unknown {
    try {
      return JSON.parse(this.textFrom(start))
    } catch {
      this.at = start
      return this.fail()
    }
  }

  /** Throws because of the byte that is next: `incomplete` when it has not come, else a SyntaxError that tells where it is. */
  fail(): never {
    return this.#failAt(this.at)
  }

  #failAt(at: number): never {
    if (at >= this.#end) throw incomplete
    const near = this.bytes.toString('utf8', at, Math.min(this.#end, at + 20))
    throw new SyntaxError(`it is not JSON of OpenCost at byte ${this.#before + at}: ${JSON.stringify(near)}`)
  }
}

/** Where a string ends that begins at `at`, behind its quote; minus where the zero is when that comes first. */
function afterString(bytes: Uint8Array, at: number): number {
  let byte = bytes[++at]!
  while (byte !== quote) {
    if (byte === backslash) byte = bytes[++at]!
    if (byte === 0) return -at
    byte = bytes[++at]!
  }
  return at + 1
}

const space = 0x20
const lineFeed = 0x0a
const carriageReturn = 0x0d
const tab = 0x09
export const quote = 0x22
export const backslash = 0x5c
export const comma = 0x2c
export const colon = 0x3a
export const openBrace = 0x7b
export const closeBrace = 0x7d
export const openBracket = 0x5b
export const closeBracket = 0x5d

/** 1 for what numbers and the three words are made of. */
const plain = new Uint8Array(256)
for (const character of '+-.0123456789Eaeflnrstu') plain[character.charCodeAt(0)] = 1
