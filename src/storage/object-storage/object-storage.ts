import { directoryPath, filePath, type Storage, type StorageInfo, type StorageOptions, toError, WaybillError } from '../../sdk.ts'
import type { ObjectPage, ObjectStore, PutCall } from './object-store.ts'
import { storageFailure } from './storage-failure.ts'

export type * from './object-store.ts'

/**
 * A bucket as a storage: files are objects, directories the parts of their keys. Rejects with WaybillError
 * `DESTINATION_UNAVAILABLE` when the service does not do what it is asked, with what it said and what to do about it.
 */
export abstract class ObjectStorage implements Storage {
  readonly #store: ObjectStore

  protected constructor(store: ObjectStore) {
    this.#store = store
  }

  get type(): string {
    return this.#store.type
  }

  get location(): string {
    return this.#store.location
  }

  /** The key of the object. */
  fullPath(path: string): string {
    const key = filePath(path)
    const objection = this.#store.objection(key)
    if (objection !== undefined)
      throw new WaybillError('INVALID_OPTION', `${JSON.stringify(key)} cannot be the key of an object in ${this.location}: ${objection}`, {
        hint: 'choose another path',
      })
    return key
  }

  async read(path: string, { signal }: StorageOptions = {}): Promise<Uint8Array | undefined> {
    const key = this.fullPath(path)
    return this.#tried(signal, async () => {
      const chunks = await this.#store.get(key, { signal })
      return chunks && collected(chunks)
    })
  }

  /** The connection is kept until the stream is read to its end, or left. */
  async readStream(path: string, { signal }: StorageOptions = {}): Promise<AsyncIterable<Uint8Array> | undefined> {
    const key = this.fullPath(path)
    const chunks = await this.#tried(signal, () => this.#store.get(key, { signal }))
    return chunks && this.#streamed(chunks, signal)
  }

  async write(path: string, bytes: Uint8Array, { signal }: StorageOptions = {}): Promise<void> {
    await this.#put(path, bytes, { placing: 'replace', signal })
  }

  async create(path: string, bytes: Uint8Array, { signal }: StorageOptions = {}): Promise<boolean> {
    return this.#put(path, bytes, { placing: 'add', signal })
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, { signal }: StorageOptions = {}): Promise<void> {
    const key = this.fullPath(path)
    let broken: { readonly thrown: unknown } | undefined
    async function* watched(): AsyncIterable<Uint8Array> {
      try {
        yield* chunks
        // What ends the stream may be what the caller left for.
        signal?.throwIfAborted()
      } catch (thrown) {
        broken = { thrown }
        throw thrown
      }
    }
    await this.#tried(signal, () =>
      this.#store.putStream(key, watched(), { signal }).catch((thrown: unknown) => {
        throw broken ? new Broken(broken.thrown) : thrown
      }),
    )
  }

  async remove(path: string, options: StorageOptions = {}): Promise<boolean> {
    // The services do not tell whether there was something to delete.
    if (!(await this.exists(path, options))) return false
    await this.#tried(options.signal, () => this.#store.delete(this.fullPath(path), { signal: options.signal }))
    return true
  }

  async exists(path: string, options?: StorageOptions): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined
  }

  async stat(path: string, { signal }: StorageOptions = {}): Promise<StorageInfo | undefined> {
    const name = this.fullPath(path)
    const info = await this.#tried(signal, () => this.#store.info(name, { signal }))
    return info && { name, ...info }
  }

  async list(directory: string, options: StorageOptions = {}): Promise<readonly StorageInfo[]> {
    const pages = await this.#pages(directory, options)
    const infos = pages.flatMap(({ objects }) => objects.map(({ key: name, ...info }) => ({ name, ...info })))
    return infos.filter(({ name }) => isPath(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async listDirectories(directory: string, options: StorageOptions = {}): Promise<readonly string[]> {
    const pages = await this.#pages(directory, options)
    const names = pages.flatMap(({ prefixes }) => prefixes.map((prefix) => prefix.slice(0, -1)))
    return [...new Set(names)].filter(isPath).sort()
  }

  async #pages(directory: string, { signal }: StorageOptions): Promise<readonly ObjectPage[]> {
    const path = directoryPath(directory)
    const prefix = path === '' ? '' : `${path}/`
    return this.#tried(signal, async () => {
      const pages: ObjectPage[] = []
      for (let next: string | undefined; pages.length === 0 || next !== undefined; next = pages.at(-1)?.next)
        pages.push(await this.#store.page(prefix, { next, signal }))
      return pages
    })
  }

  async #put(path: string, bytes: Uint8Array, call: PutCall): Promise<boolean> {
    const key = this.fullPath(path)
    return this.#tried(call.signal, () => this.#store.put(key, bytes, call))
  }

  async *#streamed(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
    try {
      yield* chunks
    } catch (thrown) {
      throw this.#failure(thrown, signal)
    }
  }

  async #tried<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
    signal?.throwIfAborted()
    try {
      return await call()
    } catch (thrown) {
      throw this.#failure(thrown, signal)
    }
  }

  #failure(thrown: unknown, signal: AbortSignal | undefined): unknown {
    if (thrown instanceof Broken) return thrown.cause
    if (signal?.aborted) return signal.reason
    return thrown instanceof WaybillError ? thrown : storageFailure(this.#store, toError(thrown))
  }
}

/** The stream that was to be written threw `cause`, which is the caller's own. */
class Broken extends Error {
  constructor(cause: unknown) {
    super('the stream broke off', { cause })
  }
}

/** Others may put objects there whose keys are no paths, such as one that ends with a slash. */
function isPath(key: string): boolean {
  try {
    return filePath(key) === key
  } catch {
    return false
  }
}

async function collected(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}
