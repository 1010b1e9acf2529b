/** What became of the letters of one exporter, in records: written = waiting + replayed + purged. */
export interface LetterFigures {
  readonly exporter: string
  readonly written: number
  readonly waiting: number
  readonly replayed: number
  readonly purged: number
}

export type Settled = 'replayed' | 'purged'

type Counted = 'written' | 'waiting' | Settled

/** Counts of letters by their exporter. What waits is counted by itself, never derived, so that a letter lost shows. */
export class Tally {
  readonly #counts = new Map<string, Record<Counted, number>>()

  add(exporter: string, what: Counted, count: number): void {
    const counts = this.#counts.get(exporter) ?? { written: 0, waiting: 0, replayed: 0, purged: 0 }
    counts[what] += count
    this.#counts.set(exporter, counts)
  }

  addAll(others: readonly LetterFigures[]): void {
    for (const { exporter, ...counts } of others)
      for (const [what, count] of Object.entries(counts)) this.add(exporter, what as Counted, count)
  }

  get waiting(): number {
    return this.figures().reduce((sum, { waiting }) => sum + waiting, 0)
  }

  figures(): readonly LetterFigures[] {
    return [...this.#counts].map(([exporter, counts]) => ({ exporter, ...counts })).sort((a, b) => (a.exporter < b.exporter ? -1 : 1))
  }
}
