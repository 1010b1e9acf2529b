/** Follows a JSON array of samples through its bytes, however they are cut, keeping no more than one element. */
export class ArrayScanner {
  #state: 'before' | 'first' | 'element' | 'behind' | 'next' | 'after' = 'before'
  #read = 0
  #end = 0
  #elements = 0
  #danglingComma = false
  readonly #element = new ElementBytes()

  /** Behind the last whole element, in bytes; behind the bracket when there is none; 0 before it. */
  get end(): number {
    return this.#end
  }

  get elements(): number {
    return this.#elements
  }

  /** Whether it was an array from the first bracket to the last. */
  get isWhole(): boolean {
    return this.#state === 'after' && !this.#danglingComma
  }

  /** Reads on; answers what is wrong with it, if anything. */
  push(bytes: Uint8Array): string | undefined {
    for (let at = 0; at < bytes.length; ) {
      if (this.#state === 'element') {
        const end = this.#element.take(bytes, at)
        if (end === undefined) break
        const problem = this.#element.problem()
        if (problem) return `element ${this.#elements + 1} ${problem}`
        this.#elements++
        this.#end = this.#read + end
        this.#state = 'behind'
        at = end
      } else {
        const taken = this.#between(bytes[at]!, this.#read + at)
        if (taken === undefined) return `it is no JSON array of objects, at byte ${this.#read + at}`
        at += taken
      }
    }
    this.#read += bytes.length
    return undefined
  }

  /** How many bytes it takes of what is in no element: 0 where one begins, 1, or undefined where the byte may not stand. */
  #between(byte: number, at: number): number | undefined {
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) return 1
    const state = this.#state
    if (state === 'before' && byte === open.bracket) {
      this.#state = 'first'
      this.#end = at + 1
    } else if (state === 'behind' && byte === comma) this.#state = 'next'
    else if ((state === 'first' || state === 'next') && byte === open.brace) {
      this.#state = 'element'
      return 0
    } else if ((state === 'first' || state === 'behind' || state === 'next') && byte === close.bracket) {
      this.#danglingComma = state === 'next'
      this.#state = 'after'
    } else return undefined
    return 1
  }
}

/** The bytes of one element, up to the brace that closes it. */
class ElementBytes {
  #pieces: Buffer[] = []
  #depth = 0
  #inText = false
  #escaped = false

  /** Takes bytes from `from` on; answers where the element ends, or undefined when it goes on. */
  take(bytes: Uint8Array, from: number): number | undefined {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at]!
      if (this.#escaped) this.#escaped = false
      else if (this.#inText) {
        if (byte === quote) this.#inText = false
        else if (byte === backslash) this.#escaped = true
      } else if (byte === quote) this.#inText = true
      else if (byte === open.brace || byte === open.bracket) this.#depth++
      else if ((byte === close.brace || byte === close.bracket) && --this.#depth === 0) {
        this.#pieces.push(Buffer.from(bytes.subarray(from, at + 1)))
        return at + 1
      }
    }
    this.#pieces.push(Buffer.from(bytes.subarray(from)))
    return undefined
  }

  /** Why it is no sample; undefined when it is one. Begins with the next. */
  problem(): string | undefined {
    const text = Buffer.concat(this.#pieces).toString()
    this.#pieces = []
    try {
      const { timestamp, metrics } = JSON.parse(text)
      const isTime = typeof timestamp === 'number' || timestamp === null
      return isTime && typeof metrics === 'object' && metrics !== null ? undefined : 'has no timestamp and metrics'
    } catch (thrown) {
      return `is not JSON: ${(thrown as Error).message}`
    }
  }
}

const open = { bracket: 0x5b, brace: 0x7b } as const
const close = { bracket: 0x5d, brace: 0x7d } as const
const comma = 0x2c
const quote = 0x22
const backslash = 0x5c
