/** A database file for one test, and what is in one, read by another connection than the exporter's. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { TestContext } from 'node:test'
import { type Batch, createContext } from '../../sdk.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from './database.ts'

/** The path of a database that is not there yet, in a folder that is removed after the test. */
export async function temporaryPath(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-database-'))
  t.after(() => rm(folder, { recursive: true }))
  return join(folder, 'test.db')
}

/** An exporter to a database of its own, stopped after the test; `send` gives the answer, for a delivery by that id if there is one. */
export async function exporterTo(t: TestContext, options: DatabaseExporterOptions = {}, path?: string) {
  path ??= await temporaryPath(t)
  const exporter = new DatabaseExporter({ connectionString: `sqlite:${path}`, ...options })
  t.after(() => exporter.stop())
  return { path, exporter, send: (batch: Batch, delivery?: string) => exporter.export(new Date(0), batch, contextOf(delivery)) }
}

const contextOf = (id: string | undefined) => createContext(id === undefined ? {} : { delivery: { id, attempt: 1, firstAcceptedMs: 0 } })

/** What `use` makes of the database at `path`, which another process would see the same way. */
export function opened<T>(path: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

export type Row = Readonly<Record<string, unknown>>

/** The rows of a query as plain objects, integers beyond 2^53 as bigint. */
export const rowsOf = (path: string, sql: string): Row[] =>
  opened(path, (database) => {
    const statement = database.prepare(sql)
    statement.setReadBigInts(true)
    return statement.all().map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])))
  })

const plain = (value: unknown) => (typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value)

/** Changes the database from outside. */
export const execute = (path: string, sql: string): void => opened(path, (database) => database.exec(sql))
