import type { ByteWriter } from '../../core/index.ts'
import { grown } from './grown.ts'
import { widthOf, writeHybrid } from './hybrid.ts'
import { boundsOf, type Plain } from './plain.ts'
import type { Bounds, Values } from './values.ts'

/** So many different values there may be before it counts whether they repeat at all: looking up those that do not costs time. */
const trial = 100_000

/** Values each of which is kept once and numbered, for a dictionary; where they hardly repeat, they are written as they are. */
export class DistinctValues<T> implements Values<T> {
  readonly #plain: Plain<T>
  readonly #known = new Map<T, number>()
  #distinct: T[] = []
  #numbers = new Int32Array(64)
  #count = 0
  #bytes = 0
  #last: T | undefined
  #lastNumber = 0

  constructor(plain: Plain<T>) {
    this.#plain = plain
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#bytes + this.#count * Int32Array.BYTES_PER_ELEMENT
  }

  add(value: T): void {
    if (this.#count === this.#numbers.length) this.#numbers = grown(this.#numbers, 0)
    this.#numbers[this.#count++] = this.#numberOf(value)
  }

  writeDictionary(writer: ByteWriter): number {
    if (!this.#repeats) return 0
    for (const value of this.#distinct) this.#plain.write(writer, value)
    return this.#distinct.length
  }

  write(writer: ByteWriter): void {
    if (this.#repeats) {
      const width = widthOf(this.#distinct.length - 1)
      writer.byte(width)
      writeHybrid(writer, this.#numbers, this.#count, width)
    } else for (let index = 0; index < this.#count; index++) this.#plain.write(writer, this.#distinct[this.#numbers[index]!]!)
  }

  bounds(): Bounds {
    return boundsOf(this.#plain, this.#distinct)
  }

  clear(): void {
    this.#known.clear()
    this.#distinct = []
    this.#count = 0
    this.#bytes = 0
  }

  /** Whether a value stands twice or more on average. */
  get #repeats(): boolean {
    return this.#count > 0 && this.#distinct.length * 2 <= this.#count
  }

  #numberOf(value: T): number {
    if (value === this.#last && this.#distinct.length > 0) return this.#lastNumber
    const hardlyRepeats = this.#distinct.length > trial && !this.#repeats
    let number = hardlyRepeats ? undefined : this.#known.get(value)
    if (number === undefined) {
      number = this.#distinct.push(value) - 1
      this.#bytes += this.#plain.size(value) + entryBytes
      if (!hardlyRepeats) this.#known.set(value, number)
    }
    this.#last = value
    this.#lastNumber = number
    return number
  }
}

/** About what an entry of the table weighs beside the value. */
const entryBytes = 48
