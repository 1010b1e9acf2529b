/**
 * Texts that are in one dictionary after another, each known by an id, so that only a new one is looked up by its characters. Each
 * dictionary has those that it needs, in the order in which they were asked for.
 */
export class TextTable {
  readonly #limit: number
  readonly #ids = new Map<string, number>()
  #texts: string[] = []
  /** By id, in which dictionary a text was last, and its number there. */
  #dictionaries: number[] = []
  #numbers: number[] = []
  #dictionary: string[] = []
  #current = 0

  /** With `limit` texts the table begins anew: where series come and go it would only grow. */
  constructor(limit = 1_000_000) {
    this.#limit = limit
  }

  /** The texts of the dictionary, by their numbers. */
  get dictionary(): readonly string[] {
    return this.#dictionary
  }

  /** Begins another dictionary. Gives whether the ids from before are good no more. */
  begin(): boolean {
    this.#dictionary = []
    this.#current++
    if (this.#texts.length < this.#limit) return false
    this.#ids.clear()
    this.#texts = []
    this.#dictionaries = []
    this.#numbers = []
    return true
  }

  idOf(text: string): number {
    const known = this.#ids.get(text)
    if (known !== undefined) return known
    this.#ids.set(text, this.#texts.length)
    this.#dictionaries.push(-1)
    this.#numbers.push(0)
    return this.#texts.push(text) - 1
  }

  /** The number of that text in the dictionary, which has it from then on. */
  numberOf(id: number): number {
    if (this.#dictionaries[id] !== this.#current) {
      this.#dictionaries[id] = this.#current
      this.#numbers[id] = this.#dictionary.push(this.#texts[id]!) - 1
    }
    return this.#numbers[id]!
  }
}
