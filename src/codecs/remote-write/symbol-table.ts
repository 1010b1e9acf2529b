import { ByteWriter } from '../../core/index.ts'
import { text } from './wire-writer.ts'

/** Texts, as those of one series, and where they stood in the table of the last request that had them. */
export interface References {
  readonly symbols: readonly Symbol[]
  /** Their places. */
  readonly refs: number[]
  /** The table before them and after them, and what they added to it. */
  from: TableState | undefined
  to: TableState | undefined
  added: Uint8Array
}

interface Symbol {
  /** A field of the request. */
  readonly bytes: Uint8Array
  /** The request that it was last looked up in, and its place there. */
  request: number
  ref: number
}

/** What is in a table: the same object stands for the same texts in the same places. */
type TableState = object

/**
 * The table of texts that a request of version 2 refers to, each text once. A source mostly has the same series in the same order
 * time after time, so each of them remembers what it found and what it left: as long as that goes on, nothing is looked up.
 */
export class SymbolTable {
  readonly #symbols = new Map<string, Symbol>()
  /** Texts of this request that hardly come again. */
  readonly #passing = new Map<string, Symbol>()
  readonly #fields = new ByteWriter()
  readonly #empty = symbolOf('')
  readonly #start: TableState = {}
  /** What has been referred to in this request without a look at the symbols. */
  readonly #unseen: References[] = []
  #state: TableState = this.#start
  #request = 0
  #count = 0

  references(texts: readonly string[]): References {
    return { symbols: texts.map((text) => this.#symbol(text)), refs: [], from: undefined, to: undefined, added: none }
  }

  forget(): void {
    this.#symbols.clear()
  }

  begin(): void {
    this.#request++
    this.#count = 0
    this.#fields.clear()
    this.#passing.clear()
    this.#unseen.length = 0
    this.#state = this.#start
    this.#ref(this.#empty)
  }

  /** Sees to it that the texts are in the table of this request, and tells whether their places are what they were before. */
  refer(references: References): boolean {
    if (references.from === this.#state) {
      this.#unseen.push(references)
      this.#state = references.to!
      if (references.added.length > 0) this.#fields.bytes(references.added)
      return true
    }
    this.#see()
    const { symbols, refs } = references
    const before = this.#fields.length
    let same = refs.length > 0
    for (let index = 0; index < symbols.length; index++) {
      const ref = this.#ref(symbols[index]!)
      if (refs[index] !== ref) same = false
      refs[index] = ref
    }
    references.from = this.#state
    references.to = {}
    references.added = Buffer.from(this.#fields.view().subarray(before))
    this.#state = references.to
    return same
  }

  /** The place of a text that is not expected to come again. */
  refOf(text: string): number {
    this.#see()
    const symbol = this.#symbols.get(text) ?? this.#passing.get(text) ?? symbolOf(text)
    this.#passing.set(text, symbol)
    this.#state = {}
    return this.#ref(symbol)
  }

  /** Writes it as fields of the request. */
  write(writer: ByteWriter): void {
    writer.bytes(this.#fields.view())
  }

  /** Catches up on the symbols that have been passed over. */
  #see(): void {
    for (const { symbols, refs } of this.#unseen) {
      for (const [index, symbol] of symbols.entries()) {
        symbol.request = this.#request
        symbol.ref = refs[index]!
        this.#count = Math.max(this.#count, symbol.ref + 1)
      }
    }
    this.#unseen.length = 0
  }

  #ref(symbol: Symbol): number {
    if (symbol.request !== this.#request) {
      symbol.request = this.#request
      symbol.ref = this.#count++
      this.#fields.bytes(symbol.bytes)
    }
    return symbol.ref
  }

  #symbol(text: string): Symbol {
    if (text === '') return this.#empty
    const known = this.#symbols.get(text) ?? symbolOf(text)
    this.#symbols.set(text, known)
    return known
  }
}

const none = new Uint8Array()

const scratch = new ByteWriter(1024)

function symbolOf(value: string): Symbol {
  scratch.clear()
  text(scratch, 4, value)
  return { bytes: Buffer.from(scratch.view()), request: 0, ref: 0 }
}
