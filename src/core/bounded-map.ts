/** A map by text of at most `limit` entries; the oldest go first. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #limit: number
  // One iterator for its whole life: a new one would walk over every entry that was ever deleted, again and again.
  readonly #oldest = this.#entries.entries()
  #evicted = 0

  constructor(limit: number) {
    this.#limit = Math.max(1, limit)
  }

  get size(): number {
    return this.#entries.size
  }

  /** How many entries had to go. */
  get evicted(): number {
    return this.#evicted
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  set(key: string, value: V): void {
    if (!this.#entries.has(key)) this.makeRoom()
    this.#entries.set(key, value)
  }

  /** Lets the oldest entry go if there is no room for one more; gives back what had to go. */
  makeRoom(): V | undefined {
    if (this.#entries.size < this.#limit) return undefined
    const [key, value] = this.#oldest.next().value!
    this.#entries.delete(key)
    this.#evicted++
    return value
  }
}
