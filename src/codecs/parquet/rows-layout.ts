import type { Cell, Column, ColumnType, Row, Table } from '../../core/index.ts'
import { int64Cell, jsonCell, millisecondsCell, textCell } from './cells.ts'
import { type LeafType, leaf, optional } from './field.ts'
import { RecordsLayout } from './records-layout.ts'

const leafTypes: Readonly<Record<ColumnType, LeafType>> = {
  string: 'text',
  int: 'int64',
  real: 'double',
  bool: 'boolean',
  datetime: 'milliseconds',
  json: 'json',
}

/** Of any table: each of its columns, and any cell of them may be null. */
export const rowsLayout = ({ columns }: Table): RecordsLayout<Row> =>
  new RecordsLayout<Row>(
    columns.map((column, index) => [optional(leaf(column.name, leafTypes[column.type])), (row) => cellOf(column, row[index])]),
  )

function cellOf({ name, type }: Column, cell: Cell | undefined): unknown {
  if (cell === null || cell === undefined) return undefined
  if (type === 'string') return typeof cell === 'string' ? textCell(cell) : jsonCell(cell)
  if (type === 'json') return jsonCell(cell)
  if (type === 'int' && (typeof cell === 'number' || typeof cell === 'bigint')) return int64Cell(cell)
  if (type === 'real' && (typeof cell === 'number' || typeof cell === 'bigint')) return Number(cell)
  if (type === 'datetime' && typeof cell === 'number') return millisecondsCell(cell)
  if (type === 'bool' && typeof cell === 'boolean') return cell
  throw new TypeError(`a column of the type ${type} cannot hold ${jsonCell(cell)}: ${name}`)
}
