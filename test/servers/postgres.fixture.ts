/** A PostgreSQL for the tests of a file, and databases of their own in it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type TestContext } from 'node:test'
import { type Postgres, startPostgres } from '../../scripts/servers/postgres.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from '../../src/exporters/database/database.ts'
import { type Batch, createContext } from '../../src/sdk.ts'

export const password = "p&ss/w'ör d%"

/** Started before the tests of the file and stopped after them. */
export class TestPostgres {
  #directory = ''
  #server: Postgres | undefined
  #made = 0

  constructor() {
    before(async () => {
      this.#directory = await mkdtemp(join(tmpdir(), 'waybill-postgres-'))
      await this.start()
    })
    after(async () => {
      await this.#server?.stop()
      await rm(this.#directory, { recursive: true, force: true })
    })
  }

  get directory(): string {
    return this.#directory
  }

  get server(): Postgres {
    return this.#server!
  }

  /** Again after a stop: at the same port, with what it has. */
  async start(): Promise<void> {
    const { port } = this.#server ?? {}
    this.#server = await startPostgres({ directory: this.#directory, password, ...(port !== undefined && { port }) })
  }

  /** A database of its own, and the address of it. */
  async freshDatabase(): Promise<{ database: string; connectionString: string }> {
    const database = `test_${++this.#made}`
    await this.server.query(`CREATE DATABASE ${database}`)
    return { database, connectionString: this.server.connectionString.replace(/postgres$/, database) }
  }

  /** Rows as objects, as PostgreSQL itself writes them in JSON; in hex, since psql leaves out what no terminal could show. */
  async rows(sql: string, database: string) {
    const hex = `SELECT encode(convert_to(row_to_json(found)::text, 'UTF8'), 'hex') FROM (${sql}) found`
    return (await this.server.query(hex, database)).map((line) => JSON.parse(Buffer.from(line, 'hex').toString()))
  }

  /** An exporter to a database of its own, stopped after the test; `send` gives the answer, for a delivery by that id if there is one. */
  async exporting(t: TestContext, options: DatabaseExporterOptions = {}) {
    const { database, connectionString } = await this.freshDatabase()
    const exporter = new DatabaseExporter({ connectionString, ...options })
    t.after(() => exporter.stop())
    return {
      exporter,
      connectionString,
      send: (batch: Batch, id?: string) =>
        exporter.export(new Date(0), batch, createContext(id ? { delivery: { id, attempt: 1, firstAcceptedMs: 0 } } : {})),
      sql: (text: string) => this.server.query(text, database),
      rows: (text: string) => this.rows(text, database),
    }
  }
}
