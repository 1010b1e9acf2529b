import { userAgent } from '../../http/user-agent.ts'
import type { Config } from './config.ts'

/** What is used of the packages `azure-kusto-ingest` and `azure-kusto-data`, version 7 (https://github.com/Azure/azure-kusto-node). */

export const kustoPackages: Readonly<Record<string, string>> = { 'azure-kusto-ingest': '^7.0.0', 'azure-kusto-data': '^7.0.0' }

export interface IngestModule {
  readonly IngestClient: new (connection: Connection, defaults: { readonly database: string }) => IngestClient
  readonly StreamDescriptor: new (bytes: Buffer, sourceId: string, compression: 'gz') => object
  readonly JsonColumnMapping: { withPath(column: string, path: string, type: string): object }
}

export interface IngestClient {
  ingestFromStream(stream: object, properties: IngestionProperties): Promise<unknown>
  close(): void
}

export interface IngestionProperties {
  readonly table: string
  readonly format: 'json'
  readonly ingestionMappingColumns: readonly object[]
  readonly flushImmediately: boolean
  readonly ingestByTags?: readonly string[]
  readonly ingestIfNotExists?: string
}

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

/** A connection to `address` as whoever the configuration says. */
export function connectionTo(address: string, { auth }: Config, builder: ConnectionBuilder): Connection {
  const connection = identified()
  connection.applicationNameForTracing = userAgent
  return connection

  function identified(): Connection {
    switch (auth.type) {
      case 'az':
        return builder.withAzLoginIdentity(address)
      case 'token':
        return builder.withAccessToken(address, auth.token.reveal())
      case 'managed_identity':
        return auth.clientId === undefined
          ? builder.withSystemManagedIdentity(address)
          : builder.withUserManagedIdentity(address, auth.clientId)
      case 'application':
        return builder.withAadApplicationKeyAuthentication(address, auth.clientId, auth.key.reveal(), auth.tenant)
      case 'none':
        return new builder(address)
    }
  }
}
