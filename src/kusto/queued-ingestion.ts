import { type Host, type Secret, toError, WaybillError } from '../core/index.ts'

/** The packages that it takes, which are not installed with Waybill: Microsoft's own client. */
export const kustoPackages: Readonly<Record<string, string>> = { 'azure-kusto-ingest': '^7', 'azure-kusto-data': '^7' }

/** How to prove who one is. `az` is whoever has logged in with the Azure CLI. */
export type KustoIdentity =
  | { readonly type: 'az' }
  | { readonly type: 'token'; readonly token: Secret }
  | { readonly type: 'managed-identity'; readonly clientId?: string }
  | { readonly type: 'application'; readonly clientId: string; readonly tenant: string; readonly key: Secret }

export interface QueuedIngestionOptions {
  /** The address of the cluster, with or without `ingest-`. */
  readonly cluster: string
  readonly database: string
  readonly identity: KustoIdentity
}

/** What is in a file, and where it goes. */
export interface FileProperties {
  readonly table: string
  readonly format: 'json' | 'multijson' | 'csv'
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
    const connection = connect(KustoConnectionStringBuilder, options)
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

function connect(builder: ConnectionStringBuilder, { cluster, identity }: QueuedIngestionOptions): unknown {
  switch (identity.type) {
    case 'az':
      return builder.withAzLoginIdentity(cluster)
    case 'token':
      return builder.withAccessToken(cluster, identity.token.reveal())
    case 'managed-identity':
      return identity.clientId === undefined
        ? builder.withSystemManagedIdentity(cluster)
        : builder.withUserManagedIdentity(cluster, identity.clientId)
    case 'application':
      return builder.withAadApplicationKeyAuthentication(cluster, identity.clientId, identity.key.reveal(), identity.tenant)
  }
}

/** What of the client is used, version 7 (https://github.com/Azure/azure-kusto-node). */
interface IngestModule {
  readonly IngestClient: new (connection: unknown, properties: { readonly database: string }) => IngestClient
}
interface IngestClient {
  ingestFromFile(path: string, properties: IngestionProperties): Promise<IngestionResult>
  close(): void
}
interface IngestionProperties {
  readonly table: string
  readonly format: string
  readonly ingestionMappingReference?: string
  readonly ignoreFirstRecord?: boolean
}
interface IngestionResult {
  getIngestionStatusCollection(): Promise<{ readonly IngestionSourceId: string }>
}
interface DataModule {
  readonly KustoConnectionStringBuilder: ConnectionStringBuilder
}
interface ConnectionStringBuilder {
  withAzLoginIdentity(cluster: string): unknown
  withAccessToken(cluster: string, token: string): unknown
  withSystemManagedIdentity(cluster: string): unknown
  withUserManagedIdentity(cluster: string, clientId: string): unknown
  withAadApplicationKeyAuthentication(cluster: string, clientId: string, key: string, tenant: string): unknown
}
