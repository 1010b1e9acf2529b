/** One thing done two ways. `bench/<name>.ts` has a function that yields these as its default export. */
export interface Comparison {
  readonly case: string
  /** What is compared with: the package, or the plain way to do it. */
  readonly alternative: string
  /** What is counted: `points`. */
  readonly unit: string
  /** How many of those one run does. */
  readonly count: number
  /** Before each run of either, outside the measured time. */
  prepare?(): void
  ours(): Run
  theirs(): Run
}

/** How many seconds it took, where that is not the time on the clock. */
export type Run = number | undefined | Promise<number | undefined> | void | Promise<void>

export type Bench = () => Iterable<Comparison> | AsyncIterable<Comparison>

/** Medians, in `unit`; `ratio` is ours by theirs. */
export interface Figures {
  readonly bench: string
  readonly case: string
  readonly alternative: string
  readonly ours: number
  readonly theirs: number
  readonly unit: string
  readonly ratio: number
  readonly runs: number
}

/** Runs both in turn, `runs` times after one that does not count, the garbage of the last collected before each. */
export async function measure(bench: string, comparison: Comparison, runs: number): Promise<Figures> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let run = 0; run <= runs; run++) {
    ours.push(await rate(comparison, () => comparison.ours()))
    theirs.push(await rate(comparison, () => comparison.theirs()))
  }
  const [ourRate, theirRate] = [median(ours.slice(1)), median(theirs.slice(1))]
  const { alternative, unit } = comparison
  return {
    bench,
    case: comparison.case,
    alternative,
    ours: ourRate,
    theirs: theirRate,
    unit: `${unit}/s`,
    ratio: rounded(ourRate / theirRate),
    runs,
  }
}

async function rate({ count, prepare }: Comparison, run: () => Run): Promise<number> {
  prepare?.()
  globalThis.gc?.()
  const start = performance.now()
  const seconds = await run()
  return rounded(count / (seconds ?? (performance.now() - start) / 1000))
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Three digits are more than a benchmark can promise. */
const rounded = (value: number): number => Number(value.toPrecision(3))
