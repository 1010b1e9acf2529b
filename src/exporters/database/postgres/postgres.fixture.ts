/** A database that understands what the exporter says, and no more: tables of lines, with transactions and keys. */
import type { Answer, Conversation } from './wire.fixture.ts'
import { startWireServer, type WireServer } from './wire.fixture.ts'

export interface FakePostgres extends WireServer {
  readonly connectionString: string
  /** What the lines of a table hold that are committed, by column. */
  rows(table: string): readonly Readonly<Record<string, string>>[]
  /** Every statement so far. */
  readonly statements: readonly string[]
  /** Looks at a row before it is written: gives the code and message with which it is refused. */
  check: ((table: string, row: Readonly<Record<string, string>>) => readonly [code: string, message: string] | undefined) | undefined
  /** Comes again after a close, at the same port and with what it has. */
  restart(): Promise<void>
}

interface Table {
  /** The type of each column. */
  readonly columns: ReadonlyMap<string, string>
  readonly key: readonly string[]
  readonly rows: Map<string, Readonly<Record<string, string>>>
}

type Write = readonly [table: string, row: Readonly<Record<string, string>>]

export async function startFakePostgres(): Promise<FakePostgres> {
  const tables = new Map<string, Table>()
  const statements: string[] = []
  let unkeyed = 0

  function begin(): Conversation {
    let written: Write[] = []
    let saved = 0
    let into = { table: '', columns: [] as readonly string[] }
    let staged: readonly Write[1][] = []

    const put = (table: string, rows: readonly Write[1][]): Answer => {
      for (const row of rows) {
        const [code, message] = fake.check?.(table, row) ?? []
        if (code !== undefined) return { error: { code, message: message! } }
      }
      written.push(...rows.map((row): Write => [table, row]))
      return { tag: `INSERT 0 ${rows.length}` }
    }

    return {
      query(statement): Answer {
        statements.push(statement)
        const created = /^CREATE TABLE (?:IF NOT EXISTS )?"(\w+)"/.exec(statement)
        if (created) {
          const columns = new Map([...statement.matchAll(/^ {2}"(\w+)" ([a-z ]+)/gm)].map(([, name, type]) => [name!, type!]))
          const key = /PRIMARY KEY \(([^)]*)\)/.exec(statement)?.[1]?.split(', ') ?? []
          const table = { columns, key: key.map((name) => name.slice(1, -1)), rows: new Map() }
          if (!tables.has(created[1]!)) tables.set(created[1]!, table)
        } else if (statement.startsWith('SELECT relkind')) {
          const known = tables.has(/"(\w+)"/.exec(statement)![1]!)
          return { rows: known ? [{ relkind: 'r' }] : [] }
        } else if (statement.startsWith('SELECT attname')) {
          const { columns } = tables.get(/"(\w+)"/.exec(statement)![1]!)!
          return { rows: [...columns].map(([name, type]) => ({ name, type, generated: null, required: null })) }
        } else if (statement.startsWith('SELECT')) return { rows: [] }
        else if (statement.startsWith('SAVEPOINT')) saved = written.length
        else if (statement.startsWith('ROLLBACK TO')) written = written.slice(0, saved)
        else if (statement === 'BEGIN') written = []
        else if (statement === 'COMMIT') {
          for (const [name, row] of written) {
            const { key, rows } = tables.get(name)!
            rows.set(key.length > 0 ? key.map((column) => row[column]).join('\t') : String(++unkeyed), row)
          }
          written = []
        } else if (statement.startsWith('COPY')) {
          const [, table, columns] = /^COPY "(\w+)" \(([^)]*)\)/.exec(statement)!
          into = { table: table!, columns: columns!.split(', ').map((name) => name.slice(1, -1)) }
          return { copy: true }
        } else if (statement.includes('SELECT * FROM "waybill_stage"')) return put(/^INSERT INTO "(\w+)"/.exec(statement)![1]!, staged)
        return { tag: 'OK' }
      },
      lines(lines): Answer {
        const rows = lines.map((line) => {
          const cells = line.split('\t')
          return Object.fromEntries(into.columns.map((column, index) => [column, cells[index]!]))
        })
        if (into.table !== 'waybill_stage') return put(into.table, rows)
        staged = rows
        return { tag: `COPY ${rows.length}` }
      },
    }
  }

  let server = await startWireServer(begin)
  const { port } = server
  const fake: FakePostgres = {
    port,
    statements,
    check: undefined,
    connectionString: `postgresql://me:very-secret@127.0.0.1:${port}/telemetry`,
    rows: (table) => [...(tables.get(table)?.rows.values() ?? [])],
    get manner() {
      return server.manner
    },
    set manner(manner) {
      server.manner = manner
    },
    close: () => server.close(),
    async restart() {
      server = await startWireServer(begin, port)
    },
  }
  return fake
}
