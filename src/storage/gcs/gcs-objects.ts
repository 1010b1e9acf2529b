import type { Host } from '../../sdk.ts'
import { keyLengthObjection } from '../object-storage/key-length.ts'
import type { Answer, Call, ObjectInfo, ObjectPage, ObjectStore, PageCall, PutCall } from '../object-storage/object-store.ts'
import { accountIn, type GcsConfig } from './config.ts'
import { ApiError, JsonApi } from './json-api.ts'
import { resumableUpload } from './resumable-upload.ts'

/** Objects of a bucket of Google Cloud Storage. */
export class GcsObjects implements ObjectStore {
  readonly type = 'bucket|gcs'
  readonly location: string
  readonly secrets: readonly string[]
  readonly #config: GcsConfig
  readonly #api: JsonApi
  readonly #objects: string

  constructor(config: GcsConfig, host: Pick<Host, 'load' | 'fetch'>) {
    const { bucket, endpoint, serviceAccount } = config
    this.location = endpoint === undefined ? `gs://${bucket}` : `${new URL(endpoint).origin}/${bucket}`
    this.secrets = serviceAccount ? [serviceAccount.reveal(), accountIn(serviceAccount.reveal())?.private_key ?? ''] : []
    this.#config = config
    this.#api = new JsonApi(config, host)
    this.#objects = `storage/v1/b/${encodeURIComponent(bucket)}/o`
  }

  objection(key: string): string | undefined {
    if (/[\r\n]/.test(key)) return 'it holds the end of a line'
    if (key.startsWith('.well-known/acme-challenge/')) return 'Google has a use of its own for what begins so'
    return keyLengthObjection(key)
  }

  async get(key: string, { signal }: Call): Promise<AsyncIterable<Uint8Array> | undefined> {
    const response = await orMissing(this.#api.ask(this.#path(key), { query: { alt: 'media' }, signal }))
    return response && (response.body ?? none())
  }

  async info(key: string, { signal }: Call): Promise<ObjectInfo | undefined> {
    const response = await orMissing(this.#api.ask(this.#path(key), { query: { fields: 'size,updated' }, signal }))
    return response && infoOf((await response.json()) as Resource)
  }

  async put(key: string, bytes: Uint8Array, { placing, signal }: PutCall): Promise<boolean> {
    const query = { uploadType: 'media', name: key, fields: 'name', ...(placing === 'add' && { ifGenerationMatch: '0' }) }
    const headers = { 'content-type': 'application/octet-stream' }
    try {
      const response = await this.#api.ask(`upload/${this.#objects}`, { method: 'POST', query, headers, body: bytes, signal })
      await response.text()
      return true
    } catch (thrown) {
      if (placing === 'add' && this.answerIn(thrown as Error).status === 412) return false
      throw thrown
    }
  }

  async putStream(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: Call): Promise<void> {
    const path = `upload/${this.#objects}`
    await resumableUpload(this.#api, { path, name: key, chunks, chunkBytes: this.#config.chunkSizeBytes, signal })
  }

  async delete(key: string, { signal }: Call): Promise<void> {
    await orMissing(this.#api.ask(this.#path(key), { method: 'DELETE', signal }))
  }

  async page(prefix: string, { next, signal }: PageCall): Promise<ObjectPage> {
    const query = {
      prefix,
      delimiter: '/',
      fields: 'items(name,size,updated),prefixes,nextPageToken',
      ...(next !== undefined && { pageToken: next }),
    }
    const response = await this.#api.ask(this.#objects, { query, signal })
    const { items = [], prefixes = [], nextPageToken } = (await response.json()) as Listing
    return { objects: items.map((item) => ({ key: item.name, ...infoOf(item) })), prefixes, next: nextPageToken }
  }

  answerIn(error: Error): Answer {
    if (error instanceof ApiError) {
      const { status, reason, message, retryAfter } = error
      return { status, code: reason, message, retryAfter: retryAfter ?? undefined }
    }
    // What fetch throws tells why in its cause.
    const cause = error.cause instanceof Error ? error.cause : error
    const { code = '' } = cause as { code?: unknown }
    return { status: undefined, code: String(code), message: cause.message }
  }

  hint({ status, message }: Answer): string | undefined {
    const { bucket } = this.#config
    if (/default credentials|invalid_grant|metadata/i.test(message))
      return 'give the key of a service account as service_account, or run where there are credentials; see also the clock of this machine'
    if (status === 403) return `let this service account have the role Storage Object User in the bucket ${bucket}`
    if (status === 404) return `create the bucket ${bucket}, or check its name`
    return undefined
  }

  #path(key: string): string {
    return `${this.#objects}/${encodeURIComponent(key)}`
  }
}

interface Resource {
  readonly size?: string
  /** RFC 3339. */
  readonly updated?: string
}

interface Listing {
  readonly items?: readonly (Resource & { readonly name: string })[]
  readonly prefixes?: readonly string[]
  readonly nextPageToken?: string
}

const infoOf = ({ size, updated }: Resource): ObjectInfo => ({ size: Number(size ?? 0), modifiedMs: Date.parse(updated ?? '') })

async function* none(): AsyncIterable<Uint8Array> {}

/** What a request gives; undefined where there is no such object. That there is no such bucket is a failure. */
async function orMissing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request
  } catch (thrown) {
    if (thrown instanceof ApiError && thrown.status === 404 && !/bucket does not exist/i.test(thrown.message)) return undefined
    throw thrown
  }
}
