/** What became of every record, by its number: the one value that it carries through everything. */
export class Oracle {
  #sent = 0
  readonly #acknowledged = new Bytes()
  readonly #refused = new Bytes()
  readonly #places = new Map<string, Place>()

  constructor(destinations: readonly string[]) {
    for (const name of destinations) this.#places.set(name, { arrived: new Bytes(), letters: new Bytes(), strange: [] })
  }

  get sent(): number {
    return this.#sent
  }

  get acknowledged(): number {
    return this.#acknowledged.count()
  }

  /** The numbers for so many new records. */
  take(count: number): readonly number[] {
    const first = this.#sent
    this.#sent += count
    return Array.from({ length: count }, (_, index) => first + index)
  }

  /** What whoever sent these was told; of those of which it was told nothing, nobody calls this. */
  answered(numbers: readonly number[], answer: 'taken' | 'refused'): void {
    for (const n of numbers) (answer === 'taken' ? this.#acknowledged : this.#refused).add(n)
  }

  arrived(destination: string, numbers: Iterable<number>): void {
    this.#note(destination, 'arrived', numbers)
  }

  deadLettered(destination: string, numbers: Iterable<number>): void {
    this.#note(destination, 'letters', numbers)
  }

  /** Of one destination. */
  verdict(destination: string): Verdict {
    const { arrived, letters, strange } = this.#places.get(destination)!
    const lost: number[] = []
    let fates = 0
    let copies = 0
    let unasked = 0
    for (let n = 0; n < this.#sent; n++) {
      const times = arrived.of(n) + letters.of(n)
      if (times > 0) fates++
      if (times > 1) copies += times - 1
      if (times > 0 && this.#refused.of(n) > 0) unasked++
      if (times === 0 && this.#acknowledged.of(n) > 0) lost.push(n)
    }
    return { lost, strange, fates, copies, unasked, letters: letters.count() }
  }

  #note(destination: string, what: 'arrived' | 'letters', numbers: Iterable<number>): void {
    const place = this.#places.get(destination)!
    for (const n of numbers) {
      if (Number.isInteger(n) && n >= 0 && n < this.#sent) place[what].add(n)
      else place.strange.push(n)
    }
  }
}

export interface Verdict {
  /** Acknowledged, and nowhere. */
  readonly lost: readonly number[]
  /** Never sent. */
  readonly strange: readonly number[]
  /** How many records arrived or are in the dead letters. */
  readonly fates: number
  /** How often one did again. */
  readonly copies: number
  /** How many arrived though their sender was told that they were refused: one destination may take what another cannot. */
  readonly unasked: number
  readonly letters: number
}

interface Place {
  readonly arrived: Bytes
  readonly letters: Bytes
  readonly strange: number[]
}

/** A small count for each number; 255 stands for more. */
class Bytes {
  #bytes = new Uint8Array(1 << 20)

  add(n: number): void {
    if (n >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(n + 1, this.#bytes.length * 2))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#bytes[n] = Math.min(255, this.#bytes[n]! + 1)
  }

  of(n: number): number {
    return this.#bytes[n] ?? 0
  }

  count(): number {
    let count = 0
    for (const byte of this.#bytes) if (byte > 0) count++
    return count
  }
}
