import type { ByteWriter } from '../../core/index.ts'
import type { LeafType } from './field.ts'
import { leafTypes } from './leaf-types.ts'
import { Levels } from './levels.ts'
import type { Bounds, Values } from './values.ts'

/** Where a column stands in the schema. */
export interface Place {
  readonly path: readonly string[]
  /** How many of the fields on its path may repeat. */
  readonly repetition: number
  /** How many may be missing or repeat. */
  readonly definition: number
}

/** One column of one row group, as it can be written when all rows are known. */
export interface WritableColumn {
  readonly type: LeafType
  readonly place: Place
  /** How many values and nulls. */
  readonly count: number
  readonly nulls: number
  /** As a data page of version 1 has them: repetition, then definition, each only where it can vary. */
  writeLevels(writer: ByteWriter): void
  /** The entries of a dictionary, and gives their number: 0 where there is none. */
  writeDictionary(writer: ByteWriter): number
  /** Those that are not null: as numbers of the dictionary if there is one. */
  writeValues(writer: ByteWriter): void
  bounds(): Bounds
}

/**
 * A column that takes values one by one, with the levels that tell which are missing and which belong to one row, after "Dremel:
 * Interactive Analysis of Web-Scale Datasets" (https://research.google/pubs/pub36632/).
 */
export class Column<T> implements WritableColumn {
  readonly type: LeafType
  readonly place: Place
  readonly #values: Values<T>
  readonly #repetition: Levels
  readonly #definition: Levels
  #nulls = 0

  constructor(type: LeafType, place: Place) {
    this.type = type
    this.place = place
    this.#values = leafTypes[type].values() as Values<T>
    this.#repetition = new Levels(place.repetition)
    this.#definition = new Levels(place.definition)
  }

  get count(): number {
    return this.#values.count + this.#nulls
  }

  get nulls(): number {
    return this.#nulls
  }

  /** About how much memory it takes. */
  get bytes(): number {
    return this.#values.bytes + this.count
  }

  add(value: T, repetition = 0): void {
    this.#values.add(value)
    if (this.place.definition > 0) this.#definition.add(this.place.definition)
    if (this.place.repetition > 0) this.#repetition.add(repetition)
  }

  /** `definition` tells how much of the path is there. */
  addNull(repetition: number, definition: number, times = 1): void {
    this.#nulls += times
    this.#definition.add(definition, times)
    if (this.place.repetition > 0) this.#repetition.add(repetition, times)
  }

  writeLevels(writer: ByteWriter): void {
    this.#repetition.write(writer)
    this.#definition.write(writer)
  }

  writeDictionary(writer: ByteWriter): number {
    return this.#values.writeDictionary(writer)
  }

  writeValues(writer: ByteWriter): void {
    this.#values.write(writer)
  }

  bounds(): Bounds {
    return this.#values.bounds()
  }

  clear(): void {
    this.#nulls = 0
    this.#values.clear()
    this.#repetition.clear()
    this.#definition.clear()
  }
}
