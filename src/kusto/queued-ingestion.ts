import { type Host, toError, WaybillError } from '../core/index.ts'
import {
  connectionTo,
  type DataModule,
  type IngestClient,
  type IngestionProperties,
  type IngestModule,
  type KustoIdentity,
} from './client.ts'

export interface QueuedIngestionOptions {
  /** The address of the cluster, with or without `ingest-`. */
  readonly cluster: string
  readonly database: string
  readonly identity: KustoIdentity
}

/** What is in a file, and where it goes. */
export interface FileProperties {
  readonly table: string
  readonly format: IngestionProperties['format']
  /** The mapping of the table that says which field is which column; of no use with CSV. */
  readonly mapping?: string
}

/** Queues files for a cluster of Kusto: each is uploaded to the cluster's own storage, and taken in within minutes. */
export class QueuedIngestion {
  readonly #client: IngestClient
  readonly #options: QueuedIngestionOptions

  private constructor(client: IngestClient, options: QueuedIngestionOptions) {
    this.#client = client
    this.#options = options
  }

  /** Connects to nothing yet. Rejects with WaybillError `PACKAGE_MISSING` or `PACKAGE_VERSION`. */
  static async open(load: Host['load'], options: QueuedIngestionOptions): Promise<QueuedIngestion> {
    const { IngestClient } = await load<IngestModule>('azure-kusto-ingest')
    const { KustoConnectionStringBuilder } = await load<DataModule>('azure-kusto-data')
    const connection = connectionTo(options.cluster, options.identity, KustoConnectionStringBuilder)
    return new QueuedIngestion(new IngestClient(connection, { database: options.database }), options)
  }

  /** Resolves with the id that Kusto knows the file by once it is queued. Rejects with WaybillError `DESTINATION_UNAVAILABLE`. */
  async queue(path: string, { table, format, mapping }: FileProperties): Promise<string> {
    const properties: IngestionProperties = {
      table,
      format,
      ...(mapping !== undefined && { ingestionMappingReference: mapping }),
      ...(format === 'csv' && { ignoreFirstRecord: true }),
    }
    try {
      const result = await this.#client.ingestFromFile(path, properties)
      return (await result.getIngestionStatusCollection()).IngestionSourceId
    } catch (thrown) {
      const { cluster, database } = this.#options
      // The client puts the call stack behind its message.
      const [why = ''] = toError(thrown).message.split('\n')
      throw new WaybillError('DESTINATION_UNAVAILABLE', `cannot queue ${path} for ${table} of ${database} at ${cluster}: ${why.trim()}`, {
        hint: 'check the cluster, and that this identity may ingest into the database (role Database Ingestor)',
        cause: thrown,
      })
    }
  }

  close(): void {
    this.#client.close()
  }
}
