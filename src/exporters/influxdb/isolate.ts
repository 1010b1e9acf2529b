import { type ExportResult, ok, partial } from '../../sdk.ts'

/** A record that the destination never takes, by its index. */
export interface Refused {
  readonly index: number
  readonly error: Error
}

/** What became of a request with some of the records. */
export interface Written {
  readonly result: ExportResult
  /** Of a refusal that only some of them are to blame for: which, where that is known. */
  readonly refused?: 'some' | readonly Refused[] | undefined
}

export interface IsolateOptions {
  /** Records that are refused already, and not among those to write. */
  readonly refused: readonly Refused[]
  /** Writes the records at these indexes. To write one again changes nothing. */
  write(indexes: readonly number[]): Promise<Written>
  /** Sorts together records that are likely to be refused together. */
  compare(a: number, b: number): number
  /** After so many requests, the records of which nothing is known yet are given back as `retry`: fewer each time. */
  readonly mostRequests: number
}

/**
 * Writes the records, and finds those that are refused, by writing halves of a refused request until one is left: about 2·log₂ n
 * requests for one among n, fewer where the server tells which they are.
 */
export async function isolate(all: readonly number[], options: IsolateOptions): Promise<ExportResult> {
  const { write, compare, mostRequests } = options
  const rejected = [...options.refused]
  const left = all.length > 0 ? [all] : []
  for (let requests = 0; left.length > 0 && requests < mostRequests; requests++) {
    const asked = left.pop()!
    const { result, refused } = await write(asked)
    if (result.status === 'ok') continue
    if (refused === 'some' && asked.length > 1) {
      const sorted = asked.toSorted(compare)
      const middle = sorted.length >> 1
      left.push(sorted.slice(middle), sorted.slice(0, middle))
    } else if (refused && refused !== 'some') {
      rejected.push(...refused)
      // Those that it did not name are written again: it may have stopped counting.
      const named = new Set(refused.map(({ index }) => index))
      if (named.size < asked.length) left.push(asked.filter((index) => !named.has(index)))
    } else if (result.status !== 'reject') {
      if (asked === all) return result
      left.push(asked)
      break
    } else {
      if (asked.length === all.length && rejected.length === 0) return result
      rejected.push(...asked.map((index) => ({ index, error: result.error })))
    }
  }
  const again = left.flat().sort((a, b) => a - b)
  return rejected.length + again.length === 0 ? ok : partial(rejected, again)
}
