/**
 * What a format writes for a time, worked out once for each. The points of a batch have few distinct times, one after the
 * other mostly the same.
 */
export class TimeCache {
  readonly #make: (timeMs: number) => string
  readonly #known = new Map<number, Uint8Array>()
  #lastMs = Number.NaN
  #last: Uint8Array = new Uint8Array()

  constructor(make: (timeMs: number) => string) {
    this.#make = make
  }

  get(timeMs: number): Uint8Array {
    if (timeMs === this.#lastMs) return this.#last
    let bytes = this.#known.get(timeMs)
    if (!bytes) {
      if (this.#known.size >= limit) this.#known.clear()
      bytes = Buffer.from(this.#make(timeMs))
      this.#known.set(timeMs, bytes)
    }
    this.#lastMs = timeMs
    this.#last = bytes
    return bytes
  }
}

const limit = 1_000
