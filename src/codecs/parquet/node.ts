import { Column, type Place } from './column.ts'
import type { Field } from './field.ts'

/** A field that takes values apart into its columns. */
export interface Node {
  readonly columns: readonly Column<never>[]
  add(value: unknown, repetition: number, definition: number): void
  /** What is missing, `times` in a row. `definition` tells how much of the path above is there. */
  addNull(repetition: number, definition: number, times?: number): void
}

const top: Place = { path: [], repetition: 0, definition: 0 }

/** The node of a field in the place of its parent. */
export function nodeOf(field: Field, parent: Place = top): Node {
  const place = { ...parent, path: [...parent.path, field.name], definition: parent.definition + (field.optional ? 1 : 0) }
  if ('type' in field) return new LeafNode(new Column(field.type, place))
  if ('group' in field)
    return new GroupNode(
      place,
      field.group.map((inner) => nodeOf(inner, place)),
    )
  const isList = 'list' in field
  const repeated = {
    path: [...place.path, isList ? 'list' : 'key_value'],
    repetition: place.repetition + 1,
    definition: place.definition + 1,
  }
  if (isList) return new RepeatedNode(repeated, nodeOf(field.list, repeated))
  return new RepeatedNode(
    repeated,
    new GroupNode(
      repeated,
      field.map.map((inner) => nodeOf(inner, repeated)),
    ),
  )
}

class LeafNode implements Node {
  readonly columns: readonly Column<never>[]
  readonly #column: Column<unknown>

  constructor(column: Column<never>) {
    this.columns = [column]
    this.#column = column as Column<unknown>
  }

  add(value: unknown, repetition: number, definition: number): void {
    if (isMissing(value)) this.#column.addNull(repetition, definition)
    else this.#column.add(value, repetition)
  }

  addNull(repetition: number, definition: number, times?: number): void {
    this.#column.addNull(repetition, definition, times)
  }
}

class GroupNode implements Node {
  readonly columns: readonly Column<never>[]
  readonly #definition: number
  readonly #fields: readonly Node[]

  constructor({ definition }: Place, fields: readonly Node[]) {
    this.columns = fields.flatMap(({ columns }) => columns)
    this.#definition = definition
    this.#fields = fields
  }

  add(value: unknown, repetition: number, definition: number): void {
    if (isMissing(value)) {
      this.addNull(repetition, definition)
      return
    }
    const cells = value as readonly unknown[]
    for (let index = 0; index < this.#fields.length; index++) this.#fields[index]!.add(cells[index], repetition, this.#definition)
  }

  addNull(repetition: number, definition: number, times?: number): void {
    for (const field of this.#fields) field.addNull(repetition, definition, times)
  }
}

/** The repeated group within a list or map. */
class RepeatedNode implements Node {
  readonly columns: readonly Column<never>[]
  readonly #place: Place
  readonly #element: Node

  constructor(place: Place, element: Node) {
    this.columns = element.columns
    this.#place = place
    this.#element = element
  }

  add(value: unknown, repetition: number, definition: number): void {
    const elements = value as readonly unknown[] | null | undefined
    if (elements?.length) this.#addAll(elements, repetition)
    else this.addNull(repetition, elements ? this.#place.definition - 1 : definition)
  }

  addNull(repetition: number, definition: number, times?: number): void {
    this.#element.addNull(repetition, definition, times)
  }

  #addAll(elements: readonly unknown[], repetition: number): void {
    const { repetition: again, definition } = this.#place
    this.#element.add(elements[0], repetition, definition)
    for (let index = 1; index < elements.length; index++) this.#element.add(elements[index], again, definition)
  }
}

const isMissing = (value: unknown): boolean => value === null || value === undefined
