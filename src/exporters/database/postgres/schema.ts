/** Makes the tables and views of a PostgreSQL database what they have to be, without taking anything away. */
import { createHash } from 'node:crypto'
import { WaybillError } from '../../../sdk.ts'
import { folded, quoted } from '../identifier.ts'
import type { ColumnKind, ColumnShape, TableShape } from '../table-shape.ts'
import type { Session } from './session.ts'

const types: Readonly<Record<ColumnKind, string>> = {
  text: 'text',
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  time: 'timestamp with time zone',
  json: 'jsonb',
}

/** Types of columns that can hold a value of the kind; whether a number is too large or has a fraction shows with each. */
const holding: Readonly<Record<ColumnKind, RegExp>> = {
  text: /^(text|citext|character varying|character|uuid)\b/,
  integer: /^(bigint|integer|smallint|numeric|double precision|real|text)\b/,
  real: /^(double precision|real|numeric|bigint|integer|smallint)\b/,
  boolean: /^boolean\b/,
  time: /^(timestamp|text|character varying)\b/,
  json: /^(jsonb|json|text)\b/,
}

interface ExistingColumn {
  readonly name: string
  readonly type: string
  /** Whether a row needs a value for it that nobody else gives. */
  readonly required: boolean
  readonly generated: boolean
}

/** Literals of SQL, as they are between single quotes where backslashes stand for themselves. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The statement that makes a table as the shape has it, with further definitions after its columns. */
export function createTable({ name, columns, key }: TableShape, ...further: readonly string[]): string {
  const keys = key.length > 0 ? [`PRIMARY KEY (${key.map(quoted).join(', ')})`] : []
  return `CREATE TABLE ${quoted(name)} (\n  ${[...columns.map(definition), ...keys, ...further].join(',\n  ')}\n)`
}

const definition = ({ name, kind }: ColumnShape): string => `${quoted(name)} ${types[kind]}`

/**
 * Makes the table with `create`, or adds the columns that it lacks, and gives it back with the names that its columns have.
 * Rejects with WaybillError `DESTINATION_UNAVAILABLE` for one that is there and cannot hold the rows.
 */
export async function ensureTable(session: Session, table: TableShape, create = createTable(table)): Promise<TableShape> {
  const { name, columns, key } = table
  const kind = await kindOf(session, name)
  if (kind === undefined) {
    await session.query(create)
    if (columns.find((column) => column.name === key[0])?.kind === 'time') await makeHypertable(session, name, key[0]!)
    return table
  }
  if (!'rpf'.includes(kind)) throw unfit(name, `it is a ${kind === 'v' ? 'view' : 'relation of another kind'}`)
  const existing = await columnsOf(session, name)
  const actual = new Map<string, string>()
  for (const column of columns) {
    const same =
      existing.find((found) => found.name === column.name) ?? existing.find((found) => folded(found.name) === folded(column.name))
    if (same) {
      const objection = mismatch(same, column)
      if (objection) throw unfit(name, objection)
    } else await session.query(`ALTER TABLE ${quoted(name)} ADD COLUMN ${definition(column)}`)
    actual.set(column.name, same?.name ?? column.name)
  }
  const written = new Set(actual.values())
  const unwritten = existing.find((found) => found.required && !written.has(found.name))
  if (unwritten) throw unfit(name, `its column ${quoted(unwritten.name)} must have a value and none is written to it`)
  const named = columns.map((column) => ({ ...column, name: actual.get(column.name)! }))
  const time = table.time === undefined ? {} : { time: actual.get(table.time)! }
  return { ...table, ...time, columns: named, key: key.map((column) => actual.get(column)!) }
}

/** Makes the view, or makes it anew when it is another than this one. What a view shows stays where it is. */
export async function ensureView(session: Session, name: string, select: string): Promise<void> {
  const kind = await kindOf(session, name)
  if (kind !== undefined && kind !== 'v') throw unfit(name, 'it is no view, where one of all points should be')
  const comment = `Points with their series; made by Waybill, ${createHash('sha256').update(select).digest('hex').slice(0, 16)}`
  const { rows } = await session.query(`SELECT obj_description(to_regclass(${literal(quoted(name))}), 'pg_class') AS comment`)
  if (rows[0]?.comment === comment) return
  await session.query(`DROP VIEW IF EXISTS ${quoted(name)}`)
  await session.query(`CREATE VIEW ${quoted(name)} AS ${select}; COMMENT ON VIEW ${quoted(name)} IS ${literal(comment)}`)
}

/** With TimescaleDB, a table in the order of time is kept in chunks of it (https://docs.timescale.com/api/latest/hypertable/create_hypertable/). */
async function makeHypertable(session: Session, name: string, time: string): Promise<void> {
  const { rows } = await session.query("SELECT 1 FROM pg_extension WHERE extname = 'timescaledb'")
  if (rows.length > 0) await session.query(`SELECT create_hypertable(${literal(quoted(name))}, ${literal(time)})`)
}

async function kindOf(session: Session, name: string): Promise<string | undefined> {
  const { rows } = await session.query(`SELECT relkind FROM pg_class WHERE oid = to_regclass(${literal(quoted(name))})`)
  return rows[0]?.relkind as string | undefined
}

async function columnsOf(session: Session, name: string): Promise<readonly ExistingColumn[]> {
  const { rows } = await session.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type, attgenerated <> '' AS generated,
      attnotnull AND NOT atthasdef AND attidentity = '' AS required
    FROM pg_attribute WHERE attrelid = to_regclass(${literal(quoted(name))}) AND attnum > 0 AND NOT attisdropped`,
  )
  return rows as unknown as readonly ExistingColumn[]
}

/** Why an existing column does not do for the one that is wanted; undefined when it does. */
function mismatch({ name, type, generated }: ExistingColumn, { kind }: ColumnShape): string | undefined {
  if (generated) return `its column ${quoted(name)} is generated`
  return holding[kind].test(type) ? undefined : `its column ${quoted(name)} is ${type} and cannot hold what is ${types[kind]}`
}

/** Of a table that is in the way. The data is good and can be written once somebody has seen to it. */
function unfit(table: string, objection: string): WaybillError {
  return new WaybillError('DESTINATION_UNAVAILABLE', `the table ${quoted(table)} cannot be used: ${objection}`, {
    hint: 'choose another table_name or database, or rename or change the table',
  })
}
