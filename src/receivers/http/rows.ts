import { JsonLinesDecoder } from '../../codecs/jsonl/jsonl-decoder.ts'
import type { Cell, Column, ColumnType, RowsBatch, Table } from '../../sdk.ts'

/** A record as JSON, and where it stands in the body: `line 3`. */
export interface Placed {
  readonly place: string
  readonly value: unknown
}

const types: readonly ColumnType[] = ['string', 'int', 'real', 'bool', 'datetime', 'json']

/** `at:datetime,cost:real`. Throws an Error that says what is wrong. */
export function parseColumns(text: string): readonly Column[] {
  const columns = text.split(',').map((part): Column => {
    const at = part.lastIndexOf(':')
    const name = part.slice(0, Math.max(0, at))
    const type = types.find((known) => known === part.slice(at + 1))
    if (name && type) return { name, type }
    throw new Error(`columns are name:type, of the types ${types.join(', ')}, with commas between, not ${JSON.stringify(part)}`)
  })
  const twice = columns.find(({ name }, index) => columns.findIndex((other) => other.name === name) !== index)
  if (twice) throw new Error(`there are two columns ${twice.name}`)
  return columns
}

/** The columns of records that do not tell: every field of any of them, of the narrowest type that all its values have. */
export function columnsOf(records: readonly Placed[]): readonly Column[] {
  const found = new Map<string, ColumnType | undefined>()
  for (const { place, value } of records)
    for (const [name, cell] of Object.entries(objectAt(place, value))) found.set(name, widened(found.get(name), cell))
  return [...found].map(([name, type = 'string']) => ({ name, type }))
}

/** Throws an Error that begins with the place of a record that has another field, or a value not of its column's type. */
export function readRows(records: readonly Placed[], table: Table): RowsBatch {
  const names = new Set(table.columns.map(({ name }) => name))
  for (const { place, value } of records) {
    const unknown = Object.keys(objectAt(place, value)).find((name) => !names.has(name))
    if (unknown !== undefined) throw new Error(`${place}: there is no column ${JSON.stringify(unknown)}`)
  }
  const batch = new JsonLinesDecoder({ signal: 'rows', table }).fromObjects(records.map(({ value }) => value)) as RowsBatch
  for (const [at, row] of batch.rows.entries())
    for (const [index, { name, type }] of table.columns.entries())
      if (!fits(type, row[index]!)) {
        const { place, value } = records[at]!
        const given = JSON.stringify((value as Record<string, unknown>)[name])
        throw new Error(`${place}: ${name}: expected a value of type ${type}, not ${given}`)
      }
  return batch
}

function objectAt(place: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>
  throw new Error(`${place}: expected an object, not ${JSON.stringify(value)?.slice(0, 60)}`)
}

/** Undefined as long as nothing but null came. */
function widened(type: ColumnType | undefined, cell: unknown): ColumnType | undefined {
  if (cell === null) return type
  const own = typeOf(cell)
  if (type === undefined || type === own) return own
  const numbers = (type === 'int' || type === 'real') && (own === 'int' || own === 'real')
  return numbers ? 'real' : 'json'
}

function typeOf(cell: unknown): ColumnType {
  if (typeof cell === 'number') return Number.isSafeInteger(cell) ? 'int' : 'real'
  if (typeof cell === 'boolean') return 'bool'
  return typeof cell === 'string' ? 'string' : 'json'
}

function fits(type: ColumnType, cell: Cell): boolean {
  if (cell === null || type === 'json') return true
  switch (type) {
    case 'string':
      return typeof cell === 'string'
    case 'bool':
      return typeof cell === 'boolean'
    case 'int':
      return Number.isSafeInteger(cell) || (typeof cell === 'bigint' && BigInt.asIntN(64, cell) === cell)
    case 'real':
    case 'datetime':
      return typeof cell === 'number'
  }
}
