/** One bound of memory for several buffers. Each takes what it holds from it, and gives it back. */
export class MemoryBudget {
  readonly maxBytes: number
  #taken = 0

  /** `maxBytes` in bytes. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  /** Bytes that are taken now. */
  get taken(): number {
    return this.#taken
  }

  /** Whether there is room for so many more bytes. */
  fits(bytes: number): boolean {
    return this.#taken + bytes <= this.maxBytes
  }

  /** Takes bytes; a negative number gives them back. */
  take(bytes: number): void {
    this.#taken += bytes
  }
}
