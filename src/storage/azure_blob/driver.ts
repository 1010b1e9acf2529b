import type { Readable } from 'node:stream'

/** What is used of the packages `@azure/storage-blob` and `@azure/identity`, which are loaded only where they are needed. */

export const azureBlobPackages: Readonly<Record<string, string>> = { '@azure/storage-blob': '^12.0.0', '@azure/identity': '^4.0.0' }

export interface BlobModule {
  readonly BlobServiceClient: {
    new (url: string, credential: object | undefined, options: object): ServiceClient
    fromConnectionString(connectionString: string, options: object): ServiceClient
  }
  readonly StorageSharedKeyCredential: new (account: string, key: string) => object
}

export interface IdentityModule {
  readonly DefaultAzureCredential: new () => object
  readonly ManagedIdentityCredential: new (options: { readonly clientId: string }) => object
  readonly ClientSecretCredential: new (tenant: string, client: string, secret: string) => object
}

export interface ServiceClient {
  getContainerClient(container: string): ContainerClient
}

export interface ContainerClient {
  createIfNotExists(options: Call): Promise<unknown>
  getBlockBlobClient(name: string): BlobClient
  listBlobsByHierarchy(
    delimiter: string,
    options: Call & { prefix: string },
  ): { byPage(settings: { continuationToken?: string }): AsyncIterator<{ segment: Segment; continuationToken?: string }> }
}

export interface Segment {
  readonly blobItems: readonly {
    readonly name: string
    readonly properties: { readonly contentLength?: number; readonly lastModified: Date }
  }[]
  readonly blobPrefixes?: readonly { readonly name: string }[]
}

export interface BlobClient {
  download(offset: number, count: undefined, options: Call & { maxRetryRequests: number }): Promise<{ readableStreamBody?: unknown }>
  getProperties(options: Call): Promise<{ readonly contentLength?: number; readonly lastModified?: Date }>
  upload(bytes: Uint8Array, length: number, options: Call & { conditions?: { ifNoneMatch: '*' } }): Promise<unknown>
  uploadStream(chunks: Readable, blockBytes: number, atOnce: number, options: Call): Promise<unknown>
  deleteIfExists(options: Call): Promise<unknown>
}

export interface Call {
  readonly abortSignal?: AbortSignal
}
