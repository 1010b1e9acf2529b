import {
  type Batch,
  type Context,
  defineExporter,
  duration,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
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
import { resolvedPath, type Target, targetOf } from './connection-string.ts'
import type { DatabaseClient } from './database-client.ts'
import { identifierProblem } from './identifier.ts'
import { layoutProblem } from './layout-problem.ts'
import { SqliteClient } from './sqlite/sqlite-client.ts'
import { type LongPoints, TablePlan } from './table-plan.ts'
import type { TableRows } from './table-shape.ts'

/** Text with which something may be wrong. */
const checked = (problemOf: (value: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = problemOf(value)
    if (message) context.addIssue({ code: 'custom', message })
  })

const config = z
  .strictObject({
    connectionString: checked((value) => {
      const target = targetOf(value)
      return typeof target === 'string' ? target : undefined
    })
      .default('sqlite:waybill.db')
      .describe('Which database: `sqlite:` and a path, made when it is missing. A relative path starts at the data directory.'),
    tableName: checked(identifierProblem)
      .optional()
      .describe('Table for everything that comes. Default: `metrics`, `spans`, `logs`, `alerts`, and rows in the table they name.'),
    columnMapping: z
      .record(z.string().min(1), checked(identifierProblem))
      .optional()
      .describe('Columns of metrics by their names, and by `timestamp`: with it, a row for each time. Metrics not named are left out.'),
    labelColumns: z
      .array(checked(identifierProblem))
      .default([])
      .describe('Labels of metrics to show as columns; with column_mapping they also tell the rows of one time apart.'),
    synchronous: z
      .enum(['normal', 'full'])
      .default('normal')
      .describe('`full`: a batch is on the device when it is acknowledged. `normal`: a loss of power may take the last ones.'),
    busyTimeout: duration()
      .refine((ms) => ms <= 60_000, 'must not be longer than a minute')
      .prefault('100ms')
      .describe('How long to wait while another process writes, with the whole agent waiting, before the batch is tried again later.'),
  })
  .superRefine((layout, context) => {
    const message = layoutProblem(layout)
    if (message) context.addIssue({ code: 'custom', path: [layout.columnMapping ? 'columnMapping' : 'labelColumns'], message })
  })

/** As under `config:`. */
export type DatabaseExporterOptions = z.input<typeof config> & {
  /** Default: `database`. */
  readonly name?: string
  /** Where a relative path starts. Default: the working directory. */
  readonly directory?: string
}

/**
 * Writes records to a database: a batch is one transaction, and one that is repeated makes no second row where its records
 * have an identity. `ok` means that the transaction is committed.
 */
export class DatabaseExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #database: DatabaseClient
  readonly #plan: TablePlan
  #stopped = false
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'database', directory = '.', ...options }: DatabaseExporterOptions = {}) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of DatabaseExporter: ${z.prettifyError(parsed.error)}`)
    const { connectionString, synchronous, busyTimeout: busyTimeoutMs, ...layout } = parsed.data
    const path = resolvedPath(targetOf(connectionString) as Target, directory)
    this.name = name
    this.#database = new SqliteClient({ path, synchronous, busyTimeoutMs, labelColumns: layout.labelColumns })
    this.#plan = new TablePlan(layout)
  }

  get destination(): string {
    return this.#database.location
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when the database cannot be opened and written to. */
  async start(): Promise<void> {
    this.#stopped = false
    await this.#watched(() => this.#database.open())
  }

  async export(_time: Date, batch: Batch, { signal, receipt }: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    let planned: LongPoints | TableRows
    try {
      planned = this.#plan.of(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    try {
      const { rejected, unmapped } = await this.#watched(() => this.#write(planned))
      if (unmapped > 0) receipt?.drop('unmapped', unmapped)
      return rejected.length > 0 ? partial(rejected) : ok
    } catch (thrown) {
      return retry(toError(thrown), { scope: 'destination' })
    }
  }

  /** Puts what was written on the device. */
  async flush(): Promise<void> {
    await this.#database.flush()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#database.close()
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  async #write(planned: LongPoints | TableRows) {
    if ('points' in planned) return { rejected: await this.#database.writePoints(planned.name, planned.points), unmapped: 0 }
    const { table, rows, rejected, unmapped = 0 } = planned
    const refused = rows.length > 0 ? await this.#database.writeRows(table, rows) : []
    return { rejected: [...rejected, ...refused], unmapped }
  }

  /** Remembers for the health whether the database could be used. */
  async #watched<T>(use: () => Promise<T>): Promise<T> {
    try {
      const used = await use()
      this.#failure = undefined
      return used
    } catch (thrown) {
      this.#failure = thrown as WaybillError
      throw thrown
    }
  }
}

/** Writes all signals to a database that needs no server. */
export default defineExporter({
  type: 'database',
  summary: 'Writes records to the tables of a SQLite database.',
  stability: 'stable',
  signals,
  config,
  traits: {
    formats: 'tables',
    compression: 'none',
    authentication: 'none',
    order: 'as given',
    repeats: 'one row, but for logs and rows',
    limits: 'a batch is one transaction',
    tested: 'SQLite, full disks, kills',
  },
  create: ({ name, config, host }) => new DatabaseExporter({ ...config, name, directory: host.dataDir }),
})
