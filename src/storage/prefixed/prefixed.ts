import { directoryPath, filePath, type Storage, type StorageInfo, type StorageOptions, WaybillError } from '../../sdk.ts'

/** A directory of another storage, as a storage of its own: no path leads out of it. */
export class PrefixedStorage implements Storage {
  readonly #storage: Storage
  readonly #prefix: string

  /** `prefix` is a path in `storage`. Throws WaybillError `INVALID_OPTION` for one that is none, or the root. */
  constructor(storage: Storage, prefix: string) {
    this.#storage = storage
    this.#prefix = directoryPath(prefix)
    if (this.#prefix === '')
      throw new WaybillError('INVALID_OPTION', `${JSON.stringify(prefix)} is not a prefix`, {
        hint: 'name a directory, or use the storage itself',
      })
  }

  get type(): string {
    return this.#storage.type
  }

  get location(): string {
    return `${this.#storage.location}/${this.#prefix}`
  }

  fullPath(path: string): string {
    return this.#storage.fullPath(this.#inside(path))
  }

  async read(path: string, options?: StorageOptions): Promise<Uint8Array | undefined> {
    return this.#storage.read(this.#inside(path), options)
  }

  async readStream(path: string, options?: StorageOptions): Promise<AsyncIterable<Uint8Array> | undefined> {
    return this.#storage.readStream(this.#inside(path), options)
  }

  async write(path: string, bytes: Uint8Array, options?: StorageOptions): Promise<void> {
    return this.#storage.write(this.#inside(path), bytes, options)
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, options?: StorageOptions): Promise<void> {
    return this.#storage.writeStream(this.#inside(path), chunks, options)
  }

  async create(path: string, bytes: Uint8Array, options?: StorageOptions): Promise<boolean> {
    return this.#storage.create(this.#inside(path), bytes, options)
  }

  async remove(path: string, options?: StorageOptions): Promise<boolean> {
    return this.#storage.remove(this.#inside(path), options)
  }

  async exists(path: string, options?: StorageOptions): Promise<boolean> {
    return this.#storage.exists(this.#inside(path), options)
  }

  async stat(path: string, options?: StorageOptions): Promise<StorageInfo | undefined> {
    const info = await this.#storage.stat(this.#inside(path), options)
    return info && this.#seen(info)
  }

  async list(directory: string, options?: StorageOptions): Promise<readonly StorageInfo[]> {
    const infos = await this.#storage.list(`${this.#prefix}/${directoryPath(directory)}`, options)
    return infos.map((info) => this.#seen(info))
  }

  async listDirectories(directory: string, options?: StorageOptions): Promise<readonly string[]> {
    const names = await this.#storage.listDirectories(`${this.#prefix}/${directoryPath(directory)}`, options)
    return names.map((name) => this.#outside(name))
  }

  #inside(path: string): string {
    return `${this.#prefix}/${filePath(path)}`
  }

  #outside(name: string): string {
    return name.slice(this.#prefix.length + 1)
  }

  #seen(info: StorageInfo): StorageInfo {
    return { ...info, name: this.#outside(info.name) }
  }
}
