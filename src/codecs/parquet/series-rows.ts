import { type Series, SeriesCache } from '../../core/index.ts'
import { grown } from './grown.ts'

/** Which series each row of a row group is of. */
export class SeriesRows {
  #numbers = new Int32Array(64)
  #count = 0
  #series: Series[] = []
  #occurrences: number[] = []
  #labels = 0
  #generation = 0
  readonly #known = new SeriesCache(() => ({ generation: -1, number: 0 }))

  /** How many rows. */
  get count(): number {
    return this.#count
  }

  /** How many labels all rows have together. */
  get labels(): number {
    return this.#labels
  }

  /** Those that there are, each once. */
  get series(): readonly Series[] {
    return this.#series
  }

  /** Of each row the place of its series in `series`; only the first `count` are rows. */
  get numbers(): Int32Array {
    return this.#numbers
  }

  /** Of each of `series`, how many rows it has. */
  get occurrences(): readonly number[] {
    return this.#occurrences
  }

  add(series: Series): void {
    const known = this.#known.get(series)
    if (known.generation !== this.#generation) {
      known.generation = this.#generation
      known.number = this.#series.push(series) - 1
      this.#occurrences.push(0)
    }
    this.#occurrences[known.number]!++
    if (this.#count === this.#numbers.length) this.#numbers = grown(this.#numbers, 0)
    this.#numbers[this.#count++] = known.number
    this.#labels += series.labels.length
  }

  clear(): void {
    this.#count = 0
    this.#series = []
    this.#occurrences = []
    this.#labels = 0
    this.#generation++
  }
}
