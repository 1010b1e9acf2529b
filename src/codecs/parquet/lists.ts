import { grown } from './grown.ts'

/** Lists of numbers, one behind the other in memory that is used again. */
export class Lists {
  #numbers = new Int32Array(64)
  #starts = new Int32Array(64)
  #count = 0
  #length = 0

  /** How many lists there are. */
  get count(): number {
    return this.#count
  }

  /** The numbers of all lists; those of one begin where `starts` says, and the next one's where they end. */
  get numbers(): Int32Array {
    return this.#numbers.subarray(0, this.#length)
  }

  get starts(): Int32Array {
    return this.#starts
  }

  lengthOf(list: number): number {
    return this.#starts[list + 1]! - this.#starts[list]!
  }

  /** To the list that has not ended yet. */
  add(number: number): void {
    if (this.#length === this.#numbers.length) this.#numbers = grown(this.#numbers, 0)
    this.#numbers[this.#length++] = number
  }

  endList(): void {
    if (++this.#count === this.#starts.length) this.#starts = grown(this.#starts, 0)
    this.#starts[this.#count] = this.#length
  }

  clear(): void {
    this.#count = 0
    this.#length = 0
  }
}
