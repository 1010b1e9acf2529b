/** Makes the tables and views of a SQLite database what they have to be, without taking anything away. */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { toError, WaybillError } from '../../../sdk.ts'
import { folded, quoted } from '../identifier.ts'
import type { ColumnKind, ColumnShape, TableShape } from '../table-shape.ts'

const types: Readonly<Record<ColumnKind, string>> = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  boolean: 'INTEGER',
  time: 'TEXT',
  json: 'TEXT',
}

type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC'

/** The affinities of columns that keep a value of the kind as it is (https://sqlite.org/datatype3.html, 3). */
const keeping: Readonly<Record<ColumnKind, readonly Affinity[]>> = {
  text: ['TEXT', 'BLOB'],
  integer: ['INTEGER', 'NUMERIC', 'BLOB'],
  real: ['REAL', 'INTEGER', 'NUMERIC', 'BLOB'],
  boolean: ['INTEGER', 'NUMERIC', 'BLOB'],
  time: ['TEXT', 'NUMERIC', 'BLOB'],
  json: ['TEXT', 'BLOB'],
}

interface ExistingColumn {
  readonly name: string
  readonly type: string
  readonly notnull: number
  readonly dflt_value: string | null
  /** 0 for a usual column, 2 and 3 for generated ones. */
  readonly hidden: number
  /** Its place in the primary key, from 1; 0 when it is not in it. */
  readonly pk: number
}

/** The columns as a table has them made: a key has no place for nothing. */
export const columnDefinitions = ({ columns, key }: TableShape): readonly string[] =>
  columns.map((column) => (key.includes(column.name) ? `${definition(column)} NOT NULL` : definition(column)))

const definition = ({ name, kind }: ColumnShape): string => `${quoted(name)} ${types[kind]}`

/** The statement that makes a table of these definitions. */
export const tableSql = (name: string, definitions: readonly string[], options = ''): string =>
  `CREATE TABLE ${quoted(name)} (\n  ${definitions.join(',\n  ')}\n) ${options}`.trimEnd()

/**
 * Makes the table with `create`, or adds the columns that it lacks. Throws WaybillError `DESTINATION_UNAVAILABLE` for one
 * that is there and cannot hold the rows.
 */
export function ensureTable(database: DatabaseSync, table: TableShape, create = createTable(table)): void {
  const { name, columns } = table
  const type = typeOf(database, name)
  if (type === undefined) {
    database.exec(create)
    return
  }
  if (type !== 'table') throw unfit(database, name, `its type is ${type}`)
  const existing = database.prepare('SELECT * FROM pragma_table_xinfo(?)').all(name) as unknown as ExistingColumn[]
  const wanted = new Map(columns.map((column) => [folded(column.name), column]))
  for (const found of existing) {
    const column = wanted.get(folded(found.name))
    wanted.delete(folded(found.name))
    const objection = column ? mismatch(found, column) : obligation(found)
    if (objection) throw unfit(database, name, objection)
  }
  for (const column of wanted.values()) database.exec(`ALTER TABLE ${quoted(name)} ADD COLUMN ${definition(column)}`)
}

/** The statement, ready to run. Throws WaybillError `DESTINATION_UNAVAILABLE` when the table has no index on its key. */
export function prepared(database: DatabaseSync, sql: string, { name, key }: TableShape): StatementSync {
  try {
    return database.prepare(sql)
  } catch (thrown) {
    if (!toError(thrown).message.includes('ON CONFLICT')) throw thrown
    throw unfit(database, name, `it has no primary key or unique index on (${key.map(quoted).join(', ')})`)
  }
}

/** Makes the view, or makes it anew when it is another than this one. What a view shows stays where it is. */
export function ensureView(database: DatabaseSync, name: string, select: string): void {
  const create = `CREATE VIEW ${quoted(name)} AS ${select}`
  const type = typeOf(database, name)
  if (type !== undefined && type !== 'view') throw unfit(database, name, `its type is ${type}, where a view of all points should be`)
  if (type === 'view') {
    const { sql } = database.prepare('SELECT sql FROM sqlite_schema WHERE name = ? COLLATE NOCASE').get(name) as { sql: string }
    if (sql === create) return
    database.exec(`DROP VIEW ${quoted(name)}`)
  }
  database.exec(create)
}

function createTable(table: TableShape): string {
  const key = table.key.length > 0 ? [`PRIMARY KEY (${table.key.map(quoted).join(', ')})`] : []
  return tableSql(table.name, [...columnDefinitions(table), ...key])
}

function typeOf(database: DatabaseSync, name: string): string | undefined {
  const found = database.prepare("SELECT type FROM sqlite_schema WHERE name = ? COLLATE NOCASE AND type <> 'trigger'").get(name)
  return found?.type as string | undefined
}

/** Why an existing column does not do for the one that is wanted; undefined when it does. */
function mismatch({ name, type, hidden }: ExistingColumn, { kind }: ColumnShape): string | undefined {
  if (hidden !== 0) return `its column ${quoted(name)} is generated`
  if (keeping[kind].includes(affinityOf(type))) return undefined
  return `its column ${quoted(name)} is ${type} and would not keep what is ${types[kind]}`
}

/** Why an existing column that nothing would be written to stands in the way; undefined when it does not. */
function obligation({ name, type, notnull, dflt_value, hidden, pk }: ExistingColumn): string | undefined {
  const numbersItself = pk > 0 && /^integer$/i.test(type)
  const filled = notnull === 0 || dflt_value !== null || hidden !== 0 || numbersItself
  return filled ? undefined : `its column ${quoted(name)} must have a value and none is written to it`
}

/** The rules of https://sqlite.org/datatype3.html, 3.1, in their order. */
function affinityOf(type: string): Affinity {
  if (/INT/i.test(type)) return 'INTEGER'
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'TEXT'
  if (type === '' || /BLOB/i.test(type)) return 'BLOB'
  return /REAL|FLOA|DOUB/i.test(type) ? 'REAL' : 'NUMERIC'
}

/** Of a table that is in the way. The data is good and can be written once somebody has seen to it. */
function unfit(database: DatabaseSync, table: string, objection: string): WaybillError {
  const where = database.location() ?? 'memory'
  return new WaybillError('DESTINATION_UNAVAILABLE', `the table ${quoted(table)} in ${where} cannot be used: ${objection}`, {
    hint: 'choose another table_name or database, or rename or change the table',
  })
}
