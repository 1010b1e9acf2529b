import type { Column } from './column.ts'
import type { Field } from './field.ts'
import type { Layout } from './layout.ts'
import { type Node, nodeOf } from './node.ts'

/** A field for each column, and the cell that a record has in it. */
export type Cells<T> = readonly (readonly [field: Field, cell: (record: T) => unknown])[]

/** Records that are written cell by cell. */
export class RecordsLayout<T> implements Layout {
  readonly fields: readonly Field[]
  readonly columns: readonly Column<never>[]
  readonly #nodes: readonly Node[]
  readonly #cells: readonly ((record: T) => unknown)[]

  constructor(cells: Cells<T>) {
    this.fields = cells.map(([field]) => field)
    this.#cells = cells.map(([, cell]) => cell)
    this.#nodes = this.fields.map((field) => nodeOf(field))
    this.columns = this.#nodes.flatMap(({ columns }) => columns)
  }

  get bytes(): number {
    return this.columns.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  prepare(records: readonly T[]): readonly (readonly unknown[])[] {
    return records.map((record) => this.#cells.map((cell) => cell(record)))
  }

  add(cells: readonly unknown[]): void {
    for (let index = 0; index < cells.length; index++) this.#nodes[index]!.add(cells[index], 0, 0)
  }

  complete(): void {}

  clear(): void {
    for (const column of this.columns) column.clear()
  }
}
