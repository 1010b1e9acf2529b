import { Readable } from 'node:stream'
import type { Host } from '../../sdk.ts'
import { keyLengthObjection } from '../object-storage/key-length.ts'
import type { Answer, Call, ObjectInfo, ObjectPage, ObjectStore, PageCall, PutCall } from '../object-storage/object-store.ts'
import { clientOptions, endpointOf, isElsewhere } from './client-options.ts'
import type { S3Config } from './config.ts'
import type { ListInput, OfObject, S3Client, S3Module, UploadModule } from './driver.ts'
import { type Encryption, encryptionOf } from './encryption.ts'

interface Connection {
  readonly client: S3Client
  readonly s3: S3Module
  readonly encryption: Encryption
}

/** Of a create that met another: as often as this it is tried again, as S3 asks. */
const mostConflicts = 5

/** Objects of a bucket of S3. The time of an object is told to the second. */
export class S3Objects implements ObjectStore {
  readonly type = 'bucket|s3'
  readonly location: string
  readonly secrets: readonly string[]
  readonly #config: S3Config
  readonly #load: Host['load']
  readonly #maybeUnconditional: boolean
  #connection: Promise<Connection> | undefined

  constructor(config: S3Config, load: Host['load']) {
    const endpoint = endpointOf(config)
    this.location = endpoint ? `${endpoint.origin}/${config.bucket}` : `s3://${config.bucket}`
    const { accessKey = '', secretKey, sessionToken } = config
    this.secrets = [accessKey, secretKey?.reveal() ?? '', sessionToken?.reveal() ?? '']
    this.#config = config
    this.#load = load
    this.#maybeUnconditional = isElsewhere(endpoint)
  }

  objection(key: string): string | undefined {
    return keyLengthObjection(key)
  }

  async get(key: string, { signal }: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const { client, s3, encryption } = await this.#connected()
    const getting = client.send(new s3.GetObjectCommand({ ...this.#of(key), ...encryption.get }), options(signal))
    return (await orMissing(getting))?.Body
  }

  async info(key: string, { signal }: Call): Promise<ObjectInfo | undefined> {
    const { client, s3, encryption } = await this.#connected()
    const head = await orMissing(client.send(new s3.HeadObjectCommand({ ...this.#of(key), ...encryption.get }), options(signal)))
    return head && { size: head.ContentLength ?? 0, modifiedMs: seconds(head.LastModified) }
  }

  async put(key: string, bytes: Uint8Array, { placing, signal }: PutCall): Promise<boolean> {
    const { client, s3, encryption } = await this.#connected()
    if (placing === 'add' && this.#maybeUnconditional && (await this.#isThere(key, signal))) return false
    const input = { ...this.#written(key, encryption), Body: bytes, ...(placing === 'add' && { IfNoneMatch: '*' as const }) }
    for (let conflicts = 0; ; conflicts++) {
      try {
        await client.send(new s3.PutObjectCommand(input), options(signal))
        return true
      } catch (thrown) {
        const { status } = this.answerIn(thrown as Error)
        if (placing === 'add' && status === 412) return false
        if (placing !== 'add' || status !== 409 || conflicts === mostConflicts) throw thrown
      }
    }
  }

  async putStream(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: Call): Promise<void> {
    const { client, encryption } = await this.#connected()
    const { Upload } = await this.#load<UploadModule>('@aws-sdk/lib-storage')
    const abortController = new AbortController()
    const abort = () => abortController.abort()
    signal?.addEventListener('abort', abort)
    try {
      const params = { ...this.#written(key, encryption), Body: Readable.from(chunks, { objectMode: false }) }
      await new Upload({ client, params, partSize: this.#config.partSize, abortController }).done()
    } finally {
      signal?.removeEventListener('abort', abort)
    }
  }

  async delete(key: string, { signal }: Call): Promise<void> {
    const { client, s3 } = await this.#connected()
    await client.send(new s3.DeleteObjectCommand(this.#of(key)), options(signal))
  }

  async page(prefix: string, { next, signal }: PageCall): Promise<ObjectPage> {
    const { client, s3 } = await this.#connected()
    const input: ListInput = { Bucket: this.#config.bucket, Prefix: prefix, Delimiter: '/', EncodingType: 'url' }
    const listing =
      this.#config.listObjectsVersion === 'v1'
        ? await client.send(new s3.ListObjectsCommand({ ...input, ...(next !== undefined && { Marker: next }) }), options(signal))
        : await client.send(
            new s3.ListObjectsV2Command({ ...input, ...(next !== undefined && { ContinuationToken: next }) }),
            options(signal),
          )
    // Not every service encodes because it is asked to.
    const text = listing.EncodingType === 'url' ? decoded : (given: string) => given
    return {
      objects: (listing.Contents ?? []).map(({ Key = '', Size = 0, LastModified }) => ({
        key: text(Key),
        size: Size,
        modifiedMs: seconds(LastModified),
      })),
      prefixes: (listing.CommonPrefixes ?? []).map(({ Prefix = '' }) => text(Prefix)),
      next: 'NextMarker' in listing ? text(listing.NextMarker ?? '') || undefined : nextToken(listing),
    }
  }

  answerIn(error: Error): Answer {
    const { name, $metadata, $response, code } = error as Partial<ServiceError> & Error
    const status = $metadata?.httpStatusCode
    return {
      status,
      // An answer without a body has neither, and the SDK makes up names for them.
      code: status === undefined ? (code ?? '') : /^(Error|Unknown|UnknownError|\d+)$/.test(name) ? '' : name,
      message: /^(Unknown|UnknownError)$/.test(error.message) || error.message === name ? '' : error.message,
      retryAfter: $response?.headers?.['retry-after'],
    }
  }

  hint({ status, code, message }: Answer): string | undefined {
    const { bucket } = this.#config
    if (status === undefined) {
      if (/region is missing/i.test(message)) return 'set region'
      return /credential/i.test(message)
        ? 'give access_key and secret_key, or let the environment, a profile or the role of this machine have them'
        : undefined
    }
    if (status === 301) return 'the bucket is in another region: set region'
    if (code === 'RequestTimeTooSkewed') return 'set the clock of this machine'
    if (code === 'SignatureDoesNotMatch' || code === 'InvalidAccessKeyId') return 'check access_key and secret_key'
    if (code === 'ExpiredToken') return 'the credentials were for a while: get new ones'
    if (status === 403)
      return `let these credentials s3:GetObject, s3:PutObject and s3:DeleteObject in ${bucket}/* and s3:ListBucket in ${bucket}`
    if (status === 404) return `create the bucket ${bucket}, or check its name and the endpoint`
    return undefined
  }

  /** Services that know no condition would put it in place of what is there. What may not be looked at, the put tells more of. */
  async #isThere(key: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      return (await this.info(key, { signal })) !== undefined
    } catch (thrown) {
      if (this.answerIn(thrown as Error).status === 403) return false
      throw thrown
    }
  }

  #connected(): Promise<Connection> {
    this.#connection ??= this.#connect().catch((thrown: unknown) => {
      this.#connection = undefined
      throw thrown
    })
    return this.#connection
  }

  async #connect(): Promise<Connection> {
    const s3 = await this.#load<S3Module>('@aws-sdk/client-s3')
    const encryption = await encryptionOf(this.#config.sseConfig)
    return { s3, encryption, client: new s3.S3Client(await clientOptions(this.#config)) }
  }

  #of(key: string): OfObject {
    return { Bucket: this.#config.bucket, Key: key }
  }

  #written(key: string, { put }: Encryption): OfObject {
    return { ...this.#of(key), Metadata: this.#config.putUserMetadata, ...put } as OfObject
  }
}

/** As the SDK throws what the service said. */
interface ServiceError {
  readonly $metadata: { readonly httpStatusCode?: number }
  readonly $response: { readonly headers?: Readonly<Record<string, string>> }
  readonly code: string
}

const options = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {})

/** What a request gives; undefined where there is no such object. That there is no such bucket is a failure. */
async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (thrown) {
    // An answer to HEAD has no body that would tell which of them is missing.
    if (['NoSuchKey', 'NotFound'].includes((thrown as Error).name)) return undefined
    throw thrown
  }
}

const nextToken = (listing: object): string | undefined => (listing as { NextContinuationToken?: string }).NextContinuationToken

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

/** A list tells milliseconds and a header does not. */
const seconds = (date: Date | undefined): number => Math.floor((date?.getTime() ?? 0) / 1000) * 1000
