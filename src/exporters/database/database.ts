import { revealed } from '../../http/revealed.ts'
import { packageLoader } from '../../packages/package-loader.ts'
import {
  type Batch,
  type Context,
  createContext,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  type Host,
  healthy,
  ok,
  partial,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { config } from './config.ts'
import { resolvedPath, type Target, targetOf } from './connection-string.ts'
import type { DatabaseClient, WriteCall } from './database-client.ts'
import { pointsTable } from './long-layout.ts'
import type { Driver } from './postgres/driver.ts'
import { PostgresClient } from './postgres/postgres-client.ts'
import { Retention } from './retention.ts'
import { SqliteClient } from './sqlite/sqlite-client.ts'
import { type LongPoints, TablePlan } from './table-plan.ts'
import type { TableRows } from './table-shape.ts'

const packages = { pg: '^8.0.0' }

/** As under `config:`. */
export type DatabaseExporterOptions = z.input<typeof config> & {
  /** Default: `database`. */
  readonly name?: string
  /** Where a relative path starts. Default: the working directory. */
  readonly directory?: string
  /** Loads the package `pg`, which PostgreSQL needs. Default: the one installed beside Waybill or in the working directory. */
  readonly load?: Host['load']
}

/**
 * Writes records to a database: a batch is one transaction, and one that is repeated makes no second row where its records
 * have an identity. `ok` means that the transaction is committed.
 */
export class DatabaseExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #database: DatabaseClient
  readonly #plan: TablePlan
  readonly #retention: Retention | undefined
  #stopped = false
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'database', directory = '.', load = packageLoader(packages), ...options }: DatabaseExporterOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of DatabaseExporter: ${z.prettifyError(parsed.error)}`)
    const target = targetOf(parsed.data.connectionString.reveal()) as Target
    this.name = name
    this.#database = clientOf(target, parsed.data, { directory, load })
    this.#retention = parsed.data.retention && new Retention(parsed.data.retention.maxAge, this.#database)
    this.#plan = new TablePlan({ ...parsed.data, distributions: target.dialect === 'sqlite' ? 'json' : 'reject' })
  }

  get destination(): string {
    return this.#database.location
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when the database cannot be opened and written to. */
  async start(): Promise<void> {
    this.#stopped = false
    await this.#watched(() => this.#database.open())
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    const { signal, receipt, delivery } = context
    if (recordsOf(batch).length === 0) return ok
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    let planned: LongPoints | TableRows
    try {
      planned = this.#plan.of(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    try {
      const { rejected, unmapped } = await this.#watched(() => this.#write(planned, { signal, deliveryId: delivery?.id }), signal)
      if (unmapped > 0) receipt?.drop('unmapped', unmapped)
      this.#removeOld(planned, context)
      return rejected.length > 0 ? partial(rejected) : ok
    } catch (thrown) {
      if (signal.aborted) return retry(new Error(`${this.name}: aborted before it was committed`))
      return retry(toError(thrown), { scope: 'destination' })
    }
  }

  /** Puts what was written on the device. */
  async flush(): Promise<void> {
    await this.#database.flush()
  }

  async stop({ signal }: Pick<Context, 'signal'> = createContext()): Promise<void> {
    this.#stopped = true
    await this.#retention?.stop()
    await this.#database.close(signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  #removeOld(planned: LongPoints | TableRows, context: Context): void {
    const { name, key, time } = 'points' in planned ? pointsTable(planned.name) : planned.table
    if (time !== undefined) this.#retention?.written({ name, key, time }, context)
  }

  async #write(planned: LongPoints | TableRows, call: WriteCall) {
    if ('points' in planned) return { rejected: await this.#database.writePoints(planned.name, planned.points, call), unmapped: 0 }
    const { table, rows, rejected, unmapped = 0 } = planned
    const refused = rows.length > 0 ? await this.#database.writeRows(table, rows, call) : []
    return { rejected: [...rejected, ...refused], unmapped }
  }

  /** Remembers for the health whether the database could be used. Nobody is to blame for what was broken off. */
  async #watched<T>(use: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const used = await use()
      this.#failure = undefined
      return used
    } catch (thrown) {
      if (!signal?.aborted) this.#failure = thrown as WaybillError
      throw thrown
    }
  }
}

function clientOf(target: Target, options: z.output<typeof config>, world: { directory: string; load: Host['load'] }): DatabaseClient {
  const { synchronous, busyTimeout: busyTimeoutMs, connectTimeout: connectTimeoutMs, poolSize, maxOverflow, labelColumns, tls } = options
  if (target.dialect === 'sqlite')
    return new SqliteClient({ path: resolvedPath(target, world.directory), synchronous, busyTimeoutMs, labelColumns })
  const load = async () => driverIn(await world.load('pg'))
  return new PostgresClient({ target, load, poolSize, maxOverflow, connectTimeoutMs, tls, labelColumns })
}

/** CommonJS gives its exports by name or, where these cannot be seen from outside, as the default. */
const driverIn = (module: unknown): Driver => ((module as { default?: Driver }).default ?? module) as Driver

/** Writes all signals to a database: SQLite, which needs no server, or PostgreSQL. */
export default defineExporter({
  type: 'database',
  summary: 'Writes records to the tables of a SQLite or PostgreSQL database.',
  stability: 'stable',
  signals,
  requires: packages,
  config,
  traits: {
    formats: 'rows of tables',
    compression: 'none',
    authentication: 'user and password, client certificate',
    order: 'none',
    repeats: 'one row',
    limits: 'none; refused rows by bisection',
    tested: 'SQLite, PostgreSQL 15',
  },
  create: ({ name, config, host }) => new DatabaseExporter({ ...revealed(config), name, directory: host.dataDir, load: host.load }),
})
