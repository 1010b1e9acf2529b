import type { ByteWriter } from '../../core/index.ts'

/** What statistics say of the values of a column. */
export interface Bounds {
  /** Absent where there are no values, or they are too long. */
  readonly min?: Uint8Array | undefined
  readonly max?: Uint8Array | undefined
  /** Of doubles. */
  readonly nans?: number
}

/** The values of one column in one row group, those that are there: nulls are told by levels alone. */
export interface Values<T> {
  readonly count: number
  /** About how much memory they take. */
  readonly bytes: number
  add(value: T): void
  /** Writes the entries of a dictionary and gives their number, or 0 where one would not pay. */
  writeDictionary(writer: ByteWriter): number
  /** Writes the values: as numbers of the dictionary if there is one. */
  write(writer: ByteWriter): void
  bounds(): Bounds
  clear(): void
}
