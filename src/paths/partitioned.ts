import type { Window } from '../core/window.ts'
import { dateOf, fileIn, joined, partOf, rootOf, spanOf, timestampOf } from './parts.ts'
import type { PathFormatter } from './path-formatter.ts'

export interface PartitionedPathOptions {
  /** Default: none. */
  readonly root?: string
  /** Directories above the partitions, such as the name of a table. */
  readonly subPaths?: readonly string[]
}

/**
 * `<root>/<sub path>/…/year=2026/month=08/day=02/<prefix>.<time>.<extension>` in UTC, as Hive, Spark, Athena and DuckDB find
 * partitions. `<time>` is `YYYYMMDDHHmmss` of an instant, `<start>-<end>` in seconds since the epoch of a window, whose partition
 * is that of its start.
 */
export class PartitionedPathFormatter implements PathFormatter<Date | Window> {
  readonly #root: string
  readonly #directory: string

  /** Throws WaybillError `INVALID_OPTION` for a part that is empty or would lead above itself. */
  constructor({ root = '', subPaths = [] }: PartitionedPathOptions = {}) {
    this.#root = rootOf(root)
    this.#directory = joined(this.#root, ...subPaths.map((part) => partOf('subpaths', part)))
  }

  rootDir(): string {
    return this.#root
  }

  /** The directory of the partitions. */
  dir(): string {
    return this.#directory
  }

  toFullPath(prefix: string, time: Date | Window, extension: string): string {
    const isInstant = time instanceof Date
    const { year, month, day } = dateOf(isInstant ? time : time.start)
    const directory = joined(this.#directory, `year=${year}`, `month=${month}`, `day=${day}`)
    return fileIn(directory, prefix, isInstant ? timestampOf(time) : spanOf(time), extension)
  }
}
