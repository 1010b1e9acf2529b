import { createHash, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import { revealed } from '../../http/revealed.ts'
import { userAgent } from '../../http/user-agent.ts'
import {
  type CommandClient,
  connectionTo,
  type DataModule,
  type IngestClient,
  type IngestModule,
  kustoPackages,
} from '../../kusto/client.ts'
import { createTable, kustoTypes } from '../../kusto/table-commands.ts'
import { packageLoader } from '../../packages/package-loader.ts'
import {
  type Batch,
  type Context,
  createContext,
  defineExporter,
  type EventExporter,
  type ExportResult,
  errorOf,
  type HealthStatus,
  type Host,
  healthy,
  ok,
  orAborted,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  tooLarge,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, config } from './config.ts'
import { failureOf } from './failure.ts'
import { type MappedTable, pathOf, tableOf } from './tables.ts'

const gzipped = promisify(gzip)

/** As under `config:`. */
export type KustoExporterOptions = z.input<typeof config> & {
  /** Default: `kusto`. */
  readonly name?: string
  /** Loads the packages `azure-kusto-ingest` and `azure-kusto-data`. Default: from beside Waybill or the working directory. */
  readonly load?: Host['load']
}

interface Clients {
  readonly ingest: IngestClient
  readonly commands: CommandClient
  readonly module: IngestModule
}

/**
 * Queues batches for Azure Data Explorer, each as a file of JSON lines. `ok` means that the file lies in the storage of the cluster
 * and its address in the queue: the cluster takes it in within minutes, and keeps what it could not take in as `.show ingestion failures`.
 */
export class KustoExporter implements EventExporter<Batch> {
  readonly name: string
  readonly destination: string
  readonly #config: Config
  readonly #load: Host['load']
  readonly #encoder = new JsonLinesEncoder()
  readonly #made = new Set<string>()
  #clients: Promise<Clients> | undefined
  #stopped = false
  #failure: Error | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'kusto', load = packageLoader(kustoPackages), ...options }: KustoExporterOptions) {
    const parsed = config.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of KustoExporter: ${z.prettifyError(parsed.error)}`)
    this.name = name
    this.#config = parsed.data
    this.#load = load
    this.destination = `${parsed.data.cluster.replace(/\/+$/, '')}/${parsed.data.database}`
  }

  /** Rejects with WaybillError `PACKAGE_MISSING` or `PACKAGE_VERSION`. */
  async start(): Promise<void> {
    this.#stopped = false
    await this.#opened()
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    const { signal } = context
    const count = recordsOf(batch).length
    if (count === 0) return ok
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was queued`))
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    let body: Uint8Array
    try {
      body = this.#encoder.encode(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    const { maxBytes } = this.#config
    if (body.length > maxBytes && count > 1) return tooLarge(new Error(`${body.length} bytes of JSON are more than ${maxBytes}`))
    const queued = await orAborted(this.#watched(this.#queued(tableOf(batch, this.#config.tables), body, context)), signal)
    if (queued) return queued
    // The client cannot be aborted, and would try for a minute yet; closed, it puts nothing into the queue any more.
    void this.#close()
    return retry(new Error(`${this.name}: aborted before the batch was known to be queued`))
  }

  async stop(_context: Pick<Context, 'signal'> = createContext()): Promise<void> {
    this.#stopped = true
    await this.#close()
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (!this.#failure) return healthy
    return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
  }

  /** Never rejects. */
  async #queued(table: MappedTable, body: Uint8Array, context: Context): Promise<ExportResult> {
    try {
      const { ingest, commands, module } = await this.#opened()
      await this.#make(table, commands)
      const stream = new module.StreamDescriptor(await gzipped(body), randomUUID(), 'gz')
      await ingest.ingestFromStream(stream, {
        table: table.name,
        format: 'json',
        ingestionMappingColumns: table.columns.map(({ name, type, field }) =>
          module.JsonColumnMapping.withPath(name, pathOf(field), kustoTypes[type]),
        ),
        flushImmediately: this.#config.flushImmediately,
        ...this.#tags(body, context),
      })
      return ok
    } catch (thrown) {
      if (thrown instanceof WaybillError) return retry(thrown, { scope: 'destination' })
      return failureOf(thrown, { address: this.destination, secrets: secretsIn(this.#config), nowMs: context.clock.now() })
    }
  }

  /** Makes a table that is missing and columns that it lacks, once for each shape of it. */
  async #make(table: MappedTable, commands: CommandClient): Promise<void> {
    const command = createTable(table)
    if (!this.#config.createTables || this.#made.has(command)) return
    await commands.execute(this.#config.database, command)
    this.#made.add(command)
  }

  /** Parts of a delivery share its id, so their bytes are told too. */
  #tags(body: Uint8Array, { delivery }: Context): { ingestByTags?: readonly string[]; ingestIfNotExists?: string } {
    if (!this.#config.skipRepeated || !delivery) return {}
    const tag = `waybill:${delivery.id}:${createHash('sha256').update(body).digest('hex')}`
    return { ingestByTags: [tag], ingestIfNotExists: JSON.stringify([tag]) }
  }

  /** Remembers for the health whether the cluster could be used. */
  async #watched(exporting: Promise<ExportResult>): Promise<ExportResult> {
    const result = await exporting
    if (result.status !== 'reject') this.#failure = errorOf(result)
    return result
  }

  async #close(): Promise<void> {
    const opened = this.#clients
    this.#clients = undefined
    const clients = await opened?.catch(() => undefined)
    clients?.ingest.close()
    clients?.commands.close()
  }

  #opened(): Promise<Clients> {
    this.#clients ??= this.#open().catch((thrown: unknown) => {
      this.#clients = undefined
      throw thrown
    })
    return this.#clients
  }

  async #open(): Promise<Clients> {
    const module = await this.#load<IngestModule>('azure-kusto-ingest')
    const { Client, KustoConnectionStringBuilder } = await this.#load<DataModule>('azure-kusto-data')
    const { cluster, database, auth } = this.#config
    const connection = (address: string) =>
      Object.assign(connectionTo(address, auth, KustoConnectionStringBuilder), { applicationNameForTracing: userAgent })
    // The client puts `ingest-` where it belongs by itself; commands go to the address without it.
    const ingest = new module.IngestClient(connection(cluster), { database })
    return { module, ingest, commands: new Client(connection(cluster.replace('://ingest-', '://'))) }
  }
}

function secretsIn({ auth }: Config): string[] {
  return 'token' in auth ? [auth.token.reveal()] : 'key' in auth ? [auth.key.reveal()] : []
}

/** Queues all signals for Kusto. */
export default defineExporter({
  type: 'kusto',
  summary: 'Queues records for tables of Azure Data Explorer, which is also Microsoft Fabric’s and known as Kusto.',
  stability: 'beta',
  signals,
  requires: kustoPackages,
  config,
  traits: {
    formats: 'JSON lines with a mapping',
    compression: 'gzip',
    authentication: 'Azure CLI, managed identity, application, token',
    order: 'none: Kusto takes in files in any order',
    repeats: 'taken in twice, or once with skip_repeated',
    limits: '64 MiB of JSON; larger batches are split',
    tested: 'the official client against a local server built after its protocol, with azurite for blobs and queues',
  },
  create: ({ name, config, host }) => new KustoExporter({ ...revealed(config), name, load: host.load }),
})
