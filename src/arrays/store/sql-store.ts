import { randomUUID } from 'node:crypto'
import { type Clock, toError, WaybillError } from '../../sdk.ts'
import { type ArrayStore, arrayKind, type Entry, type NewEntry, type Query } from './array-store.ts'
import type { Sql, SqlDatabase, SqlRow, SqlValue } from './sql-database.ts'

const table = 'waybill_array_entries'
const version = 1
/** Rows in a statement: databases bound how many values it may have. */
const atOnce = 500

const columns: Readonly<Record<string, string>> = {
  id: 'id',
  key: 'key',
  storage_id: 'storage_id',
  created_at: 'created_ms',
  updated_at: 'updated_ms',
}

/** Keeps everything in one table of a database of SQL. */
export class SqlStore implements ArrayStore {
  readonly #database: SqlDatabase
  readonly #clock: Clock

  constructor(database: SqlDatabase, clock: Clock) {
    this.#database = database
    this.#clock = clock
  }

  async open(): Promise<void> {
    await this.#database.open()
    try {
      await this.#database.transaction((sql) => this.#prepare(sql))
    } catch (thrown) {
      await this.#database.close()
      if (thrown instanceof WaybillError) throw thrown
      throw new WaybillError('DESTINATION_UNAVAILABLE', `the database of arrays cannot be used: ${toError(thrown).message}`, {
        hint: 'give its user the right to make tables and to write to them',
        cause: thrown,
      })
    }
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  async get(kind: string, id: string): Promise<Entry | undefined> {
    const [row] = await this.#database.all(`SELECT * FROM ${table} WHERE kind = ? AND id = ?`, [kind, clean(id)])
    return row && entryOf(row)
  }

  async list(kind: string, { where = {}, order = [], after, offset = 0, limit }: Query = {}): Promise<readonly Entry[]> {
    const conditions = ['kind = ?', ...Object.keys(where).map((field) => `CAST(${expressionOf(field)} AS TEXT) = ?`)]
    const sorted = [...order.flatMap(({ field, direction }) => this.#sorted(field, direction)), 'position', 'id']
    const found = `SELECT *, ROW_NUMBER() OVER (ORDER BY ${sorted.join(', ')}) AS place FROM ${table} WHERE ${conditions.join(' AND ')}`
    const rest = after === undefined ? '' : 'WHERE place > COALESCE((SELECT place FROM found WHERE id = ?), 0)'
    const values = [kind, ...Object.values(where).map(clean), ...(after === undefined ? [] : [clean(after)])]
    const page = `LIMIT ${limit ?? Number.MAX_SAFE_INTEGER} OFFSET ${offset}`
    const rows = await this.#database.all(`WITH found AS (${found}) SELECT * FROM found ${rest} ORDER BY place ${page}`, values)
    return rows.map(entryOf)
  }

  add(entries: readonly (NewEntry & { readonly kind: string })[]): Promise<boolean> {
    return this.#unlessTaken(async (sql) => {
      for (const { kind, ...entry } of entries) await sql.all(insert(1), this.#valuesOf(kind, entry, 0))
    })
  }

  put(kind: string, entry: NewEntry): Promise<boolean> {
    const change = 'ON CONFLICT (kind, id) DO UPDATE SET key = excluded.key, data = excluded.data, updated_ms = excluded.created_ms'
    return this.#unlessTaken((sql) => sql.all(`${insert(1)} ${change}`, this.#valuesOf(kind, entry, 0)))
  }

  async replace(kind: string, storageId: string, entries: readonly NewEntry[]): Promise<void> {
    const change = `ON CONFLICT (kind, key) DO UPDATE SET position = excluded.position, data = excluded.data,
      updated_ms = CASE WHEN ${table}.data = excluded.data THEN ${table}.updated_ms ELSE excluded.created_ms END`
    const own = [kind, storageId]
    await this.#database.transaction(async (sql) => {
      const [array] = await sql.all(`SELECT id FROM ${table} WHERE kind = ? AND id = ?`, [arrayKind, storageId])
      if (!array) return
      await sql.all(`UPDATE ${table} SET position = -1 WHERE kind = ? AND storage_id = ?`, own)
      for (let from = 0; from < entries.length; from += atOnce) {
        const part = entries.slice(from, from + atOnce)
        const values = part.flatMap((entry, index) => this.#valuesOf(kind, entry, from + index))
        await sql.all(`${insert(part.length)} ${change}`, values)
      }
      await sql.all(`DELETE FROM ${table} WHERE kind = ? AND storage_id = ? AND position = -1`, own)
    })
  }

  async remove(kind: string, id: string): Promise<boolean> {
    const gone = await this.#database.all(`DELETE FROM ${table} WHERE kind = ? AND id = ? RETURNING id`, [kind, clean(id)])
    return gone.length > 0
  }

  async removeArray(storageId: string): Promise<void> {
    await this.#database.all(`DELETE FROM ${table} WHERE storage_id = ?`, [clean(storageId)])
  }

  async #unlessTaken(work: (sql: Sql) => Promise<unknown>): Promise<boolean> {
    try {
      await this.#database.transaction(work)
      return true
    } catch (thrown) {
      if (this.#database.isDuplicate(toError(thrown))) return false
      throw thrown
    }
  }

  async #prepare(sql: Sql): Promise<void> {
    await sql.all('CREATE TABLE IF NOT EXISTS waybill_array_version (version INTEGER NOT NULL)')
    const [found] = await sql.all('SELECT version FROM waybill_array_version')
    if (found && Number(found.version) > version)
      throw new WaybillError('DESTINATION_UNAVAILABLE', 'the database of arrays was written by a newer version of Waybill', {
        hint: 'install that version; nothing in it was changed',
      })
    if (!found) await sql.all(`INSERT INTO waybill_array_version VALUES (${version})`)
    await sql.all(`CREATE TABLE IF NOT EXISTS ${table} (kind TEXT NOT NULL, id TEXT NOT NULL, storage_id TEXT NOT NULL, key TEXT NOT NULL,
      position INTEGER NOT NULL, created_ms DOUBLE PRECISION NOT NULL, updated_ms DOUBLE PRECISION,
      data ${this.#database.jsonType} NOT NULL, PRIMARY KEY (kind, id), UNIQUE (kind, key))`)
    await sql.all(`CREATE INDEX IF NOT EXISTS ${table}_of_array ON ${table} (storage_id, kind)`)
  }

  #sorted(field: string, direction: 'asc' | 'desc'): readonly string[] {
    const keys = columns[field] ? [columns[field]] : this.#database.sortKeys(fieldName(field))
    return keys.map((key) => `${key} ${direction === 'asc' ? 'ASC NULLS FIRST' : 'DESC NULLS LAST'}`)
  }

  #valuesOf(kind: string, { id, storageId, key, data }: NewEntry, position: number): readonly SqlValue[] {
    return [kind, id || randomUUID(), storageId, clean(key), position, this.#clock.now(), jsonText(data)]
  }
}

const insert = (rows: number): string =>
  `INSERT INTO ${table} (kind, id, storage_id, key, position, created_ms, data) VALUES ${Array(rows).fill('(?, ?, ?, ?, ?, ?, ?)').join(', ')}`

const expressionOf = (field: string): string => columns[field] ?? `(data ->> '${fieldName(field)}')`

/** It becomes a part of statements. */
function fieldName(field: string): string {
  if (/^[a-z0-9_]+$/.test(field)) return field
  throw new TypeError(`${field} cannot be the name of a field`)
}

/** What every database can keep: no NUL, and no half of a character. */
const clean = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd')

const jsonText = (data: object): string =>
  JSON.stringify(data, (_key, value: unknown) => (typeof value === 'string' ? clean(value) : value))

function entryOf({ id, storage_id, created_ms, updated_ms, data }: SqlRow): Entry {
  return {
    id: id as string,
    storageId: storage_id as string,
    createdMs: created_ms as number,
    updatedMs: updated_ms as number | null,
    data: (typeof data === 'string' ? JSON.parse(data) : data) as Entry['data'],
  }
}
