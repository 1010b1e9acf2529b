export type Label = readonly [name: string, value: string]

/** Labels that come in many series, each kept once. When it is full it begins anew: labels of which every series has its own fill no memory. */
export class LabelTable {
  readonly #limit: number
  readonly #byName = new Map<string, Map<string, Label>>()
  #size = 0

  constructor(limit = 20_000) {
    this.#limit = limit
  }

  of(name: string, value: string): Label {
    const known = this.#byName.get(name)?.get(value)
    if (known) return known
    if (this.#size >= this.#limit) {
      this.#byName.clear()
      this.#size = 0
    }
    const label: Label = [name, value]
    const values = this.#byName.get(name) ?? new Map<string, Label>()
    this.#byName.set(name, values.set(value, label))
    this.#size++
    return label
  }
}
