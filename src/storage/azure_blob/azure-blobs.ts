import { Readable } from 'node:stream'
import type { Host } from '../../sdk.ts'
import { keyLengthObjection } from '../object-storage/key-length.ts'
import type { Answer, Call, ObjectInfo, ObjectPage, ObjectStore, PageCall, PutCall } from '../object-storage/object-store.ts'
import type { AzureBlobConfig } from './config.ts'
import { accountUrl, connect } from './connect.ts'
import type { ContainerClient, Call as SdkCall } from './driver.ts'

/** Blocks of a stream that are on their way at once. */
const blocksAtOnce = 4

/** Blobs of a container of Azure. The time of one is told to the second. */
export class AzureBlobs implements ObjectStore {
  readonly type = 'bucket|azure'
  readonly location: string
  readonly secrets: readonly string[]
  readonly #config: AzureBlobConfig
  readonly #load: Host['load']
  #container: Promise<ContainerClient> | undefined
  #isMade = false

  constructor(config: AzureBlobConfig, load: Host['load']) {
    this.location = `${accountUrl(config)}/${config.container}`
    this.secrets = secretsIn(config)
    this.#config = config
    this.#load = load
  }

  objection(key: string): string | undefined {
    return keyLengthObjection(key)
  }

  async get(key: string, { signal }: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { maxRetryRequests } = this.#config.readerConfig
    const blob = (await this.#opened()).getBlockBlobClient(key)
    const download = await orMissing(blob.download(0, undefined, { ...call(signal), maxRetryRequests }))
    return download?.readableStreamBody as AsyncIterable<Uint8Array> | undefined
  }

  async info(key: string, { signal }: Call): Promise<ObjectInfo | undefined> {
    const properties = await orMissing((await this.#opened()).getBlockBlobClient(key).getProperties(call(signal)))
    return properties && { size: properties.contentLength ?? 0, modifiedMs: properties.lastModified?.getTime() ?? 0 }
  }

  async put(key: string, bytes: Uint8Array, { placing, signal }: PutCall): Promise<boolean> {
    const conditions = placing === 'add' ? { conditions: { ifNoneMatch: '*' as const } } : {}
    const container = await this.#made(signal)
    try {
      await container.getBlockBlobClient(key).upload(bytes, bytes.length, { ...call(signal), ...conditions })
      return true
    } catch (thrown) {
      const { status, code } = this.answerIn(thrown as Error)
      if (placing === 'add' && (status === 412 || code === 'BlobAlreadyExists')) return false
      if (code === 'ContainerNotFound') this.#isMade = false
      throw thrown
    }
  }

  async putStream(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: Call): Promise<void> {
    const container = await this.#made(signal)
    const stream = Readable.from(chunks, { objectMode: false })
    await container.getBlockBlobClient(key).uploadStream(stream, this.#config.partSize, blocksAtOnce, call(signal))
  }

  async delete(key: string, { signal }: Call): Promise<void> {
    await (await this.#opened()).getBlockBlobClient(key).deleteIfExists(call(signal))
  }

  async page(prefix: string, { next, signal }: PageCall): Promise<ObjectPage> {
    const pages = (await this.#opened())
      .listBlobsByHierarchy('/', { ...call(signal), prefix })
      .byPage(next === undefined ? {} : { continuationToken: next })
    const page = await orMissing(pages.next())
    if (!page || page.done) return { objects: [], prefixes: [], next: undefined }
    const { segment, continuationToken } = page.value
    return {
      objects: segment.blobItems.map(({ name, properties: { contentLength, lastModified } }) => ({
        key: name,
        size: contentLength ?? 0,
        modifiedMs: lastModified.getTime(),
      })),
      prefixes: (segment.blobPrefixes ?? []).map(({ name }) => name),
      next: continuationToken || undefined,
    }
  }

  answerIn(error: Error): Answer {
    const { statusCode, code = '', response } = error as Partial<RestError> & Error
    // Behind its first line the service tells the request's id and time.
    const [message = ''] = error.message.split('\n')
    return { status: statusCode, code, message, retryAfter: response?.headers?.get('retry-after') }
  }

  hint({ status, code, message }: Answer): string | undefined {
    if (status === undefined && /credential|identity|token|login/i.test(`${code} ${message}`))
      return 'give storage_account_key, storage_connection_string or sas_token, or run where there is a managed identity'
    if (code === 'AuthenticationFailed') return 'check the key or the SAS token, when it ends, and the clock of this machine'
    if (status === 403)
      return 'let this identity have the role Storage Blob Data Contributor, or the SAS token the permissions racwdl; see also the firewall of the account'
    if (code === 'ContainerBeingDeleted') return 'wait until it is gone, within a minute or so, or name another container'
    if (status === 404) return 'check the names of account and container'
    return undefined
  }

  /** With the first write the container is made; whoever may not make it goes on as if it were there. */
  async #made(signal: AbortSignal | undefined): Promise<ContainerClient> {
    const container = await this.#opened()
    if (this.#isMade) return container
    await container.createIfNotExists(call(signal)).catch((thrown: unknown) => {
      if (this.answerIn(thrown as Error).status !== 403) throw thrown
    })
    this.#isMade = true
    return container
  }

  #opened(): Promise<ContainerClient> {
    this.#container ??= connect(this.#config, this.#load).catch((thrown: unknown) => {
      this.#container = undefined
      throw thrown
    })
    return this.#container
  }
}

/** As the client throws what the service said. */
interface RestError {
  readonly statusCode: number
  readonly code: string
  readonly response: { readonly headers?: { get(name: string): string | undefined } }
}

const call = (signal: AbortSignal | undefined): SdkCall => (signal ? { abortSignal: signal } : {})

/** What a request gives; undefined where there is no such blob, or no container, which is made with the first. */
async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (thrown) {
    if ((thrown as Partial<RestError>).statusCode === 404) return undefined
    throw thrown
  }
}

/** The texts that are secret, also those within others. */
function secretsIn({ storageAccountKey, storageConnectionString, sasToken, clientSecret }: AzureBlobConfig): string[] {
  const whole = [storageAccountKey, storageConnectionString, sasToken, clientSecret].flatMap((secret) => (secret ? [secret.reveal()] : []))
  const parts = whole.flatMap((text) => [...text.matchAll(/(?:AccountKey=|\bsig=)([^;&]+)/g)].map(([, secret]) => secret!))
  return [...whole, ...parts]
}
