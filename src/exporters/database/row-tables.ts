import { jsonText } from '../../codecs/text/json-value.ts'
import type { Cell, ColumnType, RowsBatch } from '../../sdk.ts'
import { firstRepeated, identifierOf } from './identifier.ts'
import type { ColumnKind, SqlValue, TableRows } from './table-shape.ts'
import { tabulate } from './tabulate.ts'
import { booleanOf, integerOf, realOf, textOf, timeOfMs } from './values.ts'

const kinds: Readonly<Record<ColumnType, readonly [kind: ColumnKind, read: (cell: Exclude<Cell, null>) => SqlValue]>> = {
  string: ['text', textOf],
  int: ['integer', integerOf],
  real: ['real', realOf],
  bool: ['boolean', booleanOf],
  datetime: ['time', (cell) => timeOfMs(realOf(cell) as number)],
  json: ['json', jsonText],
}

/**
 * The rows of a named table as they are, in the table `name`, its columns under the nearest names that can be used. They have
 * no key, so the same rows sent again are there again. Throws a TypeError for columns that cannot be told apart or are none.
 */
export function namedRows(name: string, { table, rows }: RowsBatch): TableRows {
  const columns = table.columns.map((column) => ({ name: identifierOf(column.name), kind: kinds[column.type][0] }))
  const repeated = firstRepeated(columns.map((column) => column.name))
  if (repeated !== undefined) throw new TypeError(`two columns of the table ${table.name} have the name ${repeated} in a database`)
  if (columns.length === 0) throw new TypeError(`the table ${table.name} has no columns`)
  const read = table.columns.map(({ name, type }) => (cell: Cell | undefined): SqlValue => {
    if (cell === null || cell === undefined) return null
    try {
      return kinds[type][1](cell)
    } catch (thrown) {
      throw new TypeError(`column ${name} of type ${type}: ${(thrown as Error).message}`)
    }
  })
  return tabulate({ name, columns, key: [] }, rows, (row) => {
    if (row.length !== columns.length) throw new TypeError(`${row.length} cells stand in ${columns.length} columns`)
    return row.map((cell, index) => read[index]!(cell))
  })
}
