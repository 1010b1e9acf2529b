import { type Clock, directoryPath, filePath, type Storage, type StorageInfo, type StorageOptions, systemClock } from '../../sdk.ts'

export interface MemoryStorageOptions {
  /** Tells when a file was modified. Default: the system's. */
  readonly clock?: Clock
}

interface Stored {
  readonly bytes: Uint8Array
  readonly modifiedMs: number
}

/** Files in the memory of this process, gone when it ends: for tests, and to try things out. */
export class MemoryStorage implements Storage {
  readonly type = 'memory'
  readonly location = 'memory'
  readonly #files = new Map<string, Stored>()
  readonly #clock: Clock

  constructor({ clock = systemClock }: MemoryStorageOptions = {}) {
    this.#clock = clock
  }

  fullPath(path: string): string {
    return filePath(path)
  }

  async read(path: string, { signal }: StorageOptions = {}): Promise<Uint8Array | undefined> {
    signal?.throwIfAborted()
    const stored = this.#files.get(filePath(path))
    return stored && copy(stored.bytes)
  }

  async readStream(path: string, options?: StorageOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    const bytes = await this.read(path, options)
    return bytes && once(bytes)
  }

  async write(path: string, bytes: Uint8Array, { signal }: StorageOptions = {}): Promise<void> {
    signal?.throwIfAborted()
    this.#files.set(filePath(path), { bytes: copy(bytes), modifiedMs: this.#clock.now() })
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, options?: StorageOptions): Promise<void> {
    filePath(path)
    const all: Uint8Array[] = []
    for await (const chunk of chunks) all.push(copy(chunk))
    await this.write(path, Buffer.concat(all), options)
  }

  async create(path: string, bytes: Uint8Array, options?: StorageOptions): Promise<boolean> {
    if (this.#files.has(filePath(path))) return false
    await this.write(path, bytes, options)
    return true
  }

  async remove(path: string, { signal }: StorageOptions = {}): Promise<boolean> {
    signal?.throwIfAborted()
    return this.#files.delete(filePath(path))
  }

  async exists(path: string, options?: StorageOptions): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined
  }

  async stat(path: string, { signal }: StorageOptions = {}): Promise<StorageInfo | undefined> {
    signal?.throwIfAborted()
    const name = filePath(path)
    const stored = this.#files.get(name)
    return stored && { name, size: stored.bytes.length, modifiedMs: stored.modifiedMs }
  }

  async list(directory: string, { signal }: StorageOptions = {}): Promise<readonly StorageInfo[]> {
    signal?.throwIfAborted()
    const names = this.#below(directory).filter(({ rest }) => !rest.includes('/'))
    return names.map(({ name }) => {
      const { bytes, modifiedMs } = this.#files.get(name)!
      return { name, size: bytes.length, modifiedMs }
    })
  }

  async listDirectories(directory: string, { signal }: StorageOptions = {}): Promise<readonly string[]> {
    signal?.throwIfAborted()
    const deeper = this.#below(directory).filter(({ rest }) => rest.includes('/'))
    const names = deeper.map(({ name, rest }) => name.slice(0, name.length - rest.length + rest.indexOf('/')))
    return [...new Set(names)].sort()
  }

  /** All files below a directory by name, with the rest of each name behind the directory's. */
  #below(directory: string): readonly { readonly name: string; readonly rest: string }[] {
    const path = directoryPath(directory)
    const prefix = path === '' ? '' : `${path}/`
    const names = [...this.#files.keys()].filter((name) => name.startsWith(prefix))
    return names.sort().map((name) => ({ name, rest: name.slice(prefix.length) }))
  }
}

/** Bytes of their own: a Buffer's slice would share them. */
const copy = (bytes: Uint8Array): Uint8Array => Uint8Array.prototype.slice.call(bytes)

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes
}
