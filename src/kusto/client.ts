import type { Secret } from '../core/index.ts'

/** What is used of Microsoft's own client, version 7 (https://github.com/Azure/azure-kusto-node), which is not installed with Waybill. */

export const kustoPackages: Readonly<Record<string, string>> = { 'azure-kusto-ingest': '^7.0.0', 'azure-kusto-data': '^7.0.0' }

/** The package `azure-kusto-ingest`. */
export interface IngestModule {
  readonly IngestClient: new (connection: Connection, defaults: { readonly database: string }) => IngestClient
  readonly StreamDescriptor: new (bytes: Buffer, sourceId: string, compression: 'gz') => object
  readonly JsonColumnMapping: { withPath(column: string, path: string, type: string): object }
}

export interface IngestClient {
  ingestFromStream(stream: object, properties: IngestionProperties): Promise<unknown>
  ingestFromFile(path: string, properties: IngestionProperties): Promise<IngestionResult>
  close(): void
}

export interface IngestionProperties {
  readonly table: string
  readonly format: 'json' | 'multijson' | 'csv'
  readonly ingestionMappingReference?: string
  readonly ingestionMappingColumns?: readonly object[]
  readonly ignoreFirstRecord?: boolean
  readonly flushImmediately?: boolean
  readonly ingestByTags?: readonly string[]
  readonly ingestIfNotExists?: string
}

export interface IngestionResult {
  getIngestionStatusCollection(): Promise<{ readonly IngestionSourceId: string }>
}

/** The package `azure-kusto-data`. */
export interface DataModule {
  readonly Client: new (connection: Connection) => CommandClient
  readonly KustoConnectionStringBuilder: ConnectionBuilder
}

export interface CommandClient {
  execute(database: string, command: string): Promise<unknown>
  close(): void
}

export interface Connection {
  applicationNameForTracing: string | null
}

export interface ConnectionBuilder {
  new (address: string): Connection
  withAzLoginIdentity(address: string): Connection
  withAccessToken(address: string, token: string): Connection
  withSystemManagedIdentity(address: string): Connection
  withUserManagedIdentity(address: string, clientId: string): Connection
  withAadApplicationKeyAuthentication(address: string, clientId: string, key: string, tenant: string): Connection
}

/** How to prove who one is. `az` is whoever has logged in with the Azure CLI; `none` proves nothing, as the emulator wants it. */
export type KustoIdentity =
  | { readonly type: 'az' }
  | { readonly type: 'token'; readonly token: Secret }
  | { readonly type: 'managed_identity'; readonly clientId?: string | undefined }
  | { readonly type: 'application'; readonly clientId: string; readonly tenant: string; readonly key: Secret }
  | { readonly type: 'none' }

/** A connection to `address` as that identity. Connects to nothing yet. */
export function connectionTo(address: string, identity: KustoIdentity, builder: ConnectionBuilder): Connection {
  switch (identity.type) {
    case 'az':
      return builder.withAzLoginIdentity(address)
    case 'token':
      return builder.withAccessToken(address, identity.token.reveal())
    case 'managed_identity':
      return identity.clientId === undefined
        ? builder.withSystemManagedIdentity(address)
        : builder.withUserManagedIdentity(address, identity.clientId)
    case 'application':
      return builder.withAadApplicationKeyAuthentication(address, identity.clientId, identity.key.reveal(), identity.tenant)
    case 'none':
      return new builder(address)
  }
}
