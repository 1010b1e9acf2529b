import { type Rejection, toError } from '../../../sdk.ts'
import { quoted } from '../identifier.ts'
import type { TableRow, TableShape } from '../table-shape.ts'
import { copyText, storable } from './copy-text.ts'
import { isOfRecord } from './failure.ts'
import type { Session } from './session.ts'

const stage = quoted('waybill_stage')

/**
 * Writes rows into a table that is there, over those with the same key where it has one. Inside a transaction. Rows that the
 * server refuses are found by halving, and the others are written.
 */
export function insertRows(session: Session, table: TableShape, rows: readonly TableRow[]): Promise<readonly Rejection[]> {
  const stored = rows.map((row) => ({ ...row, values: storable(table, row.values) }))
  return insertAll(session, table, table.key.length > 0 ? lastOfEach(table, stored) : stored)
}

async function insertAll(session: Session, table: TableShape, rows: readonly TableRow[]): Promise<readonly Rejection[]> {
  try {
    await session.query('SAVEPOINT batch')
    await (table.key.length > 0 ? upsert(session, table, rows) : copy(session, quoted(table.name), table, rows))
    await session.query('RELEASE batch')
    return []
  } catch (thrown) {
    if (!isOfRecord(thrown)) throw thrown
    await session.query('ROLLBACK TO batch; RELEASE batch')
    if (rows.length === 1) return rows[0]!.indexes.map((index) => ({ index, error: toError(thrown) }))
  }
  const half = rows.length >> 1
  const first = await insertAll(session, table, rows.slice(0, half))
  return [...first, ...(await insertAll(session, table, rows.slice(half)))]
}

const copy = (session: Session, into: string, table: TableShape, rows: readonly TableRow[]): Promise<void> =>
  session.copy(`COPY ${into} (${columnsOf(table)}) FROM STDIN`, copyText(rows.map(({ values }) => values)))

/** COPY knows nothing of rows that are there already, so they come by way of a table of this transaction alone. */
async function upsert(session: Session, table: TableShape, rows: readonly TableRow[]): Promise<void> {
  const { name, columns, key, repeated = 'replace' } = table
  const keys = key.map(quoted).join(', ')
  const updates = columns
    .filter((column) => !key.includes(column.name))
    .map((column) => quoted(column.name))
    .map((to) => `${to} = ${repeated === 'merge' ? `coalesce(excluded.${to}, ${quoted(name)}.${to})` : `excluded.${to}`}`)
  await session.query(`CREATE TEMP TABLE ${stage} ON COMMIT DROP AS SELECT ${columnsOf(table)} FROM ${quoted(name)} WITH NO DATA`)
  await copy(session, stage, table, rows)
  // In one order, so that two agents never wait for each other's rows.
  await session.query(
    `INSERT INTO ${quoted(name)} (${columnsOf(table)}) SELECT * FROM ${stage} ORDER BY ${keys}
    ON CONFLICT (${keys}) DO ${updates.length > 0 ? `UPDATE SET ${updates.join(', ')}` : 'NOTHING'}; DROP TABLE ${stage}`,
  )
}

const columnsOf = ({ columns }: TableShape): string => columns.map(({ name }) => quoted(name)).join(', ')

/** Of rows with one key the last, which answers for the records of all: no statement may change a row twice. */
function lastOfEach({ columns, key }: TableShape, rows: readonly TableRow[]): readonly TableRow[] {
  const places = key.map((name) => columns.findIndex((column) => column.name === name))
  const last = new Map<string, TableRow>()
  for (const row of rows) {
    const identity = JSON.stringify(places.map((place) => row.values[place]))
    const before = last.get(identity)
    last.set(identity, before ? { ...row, indexes: [...before.indexes, ...row.indexes] } : row)
  }
  return [...last.values()]
}
