import type { PathFormatter } from '../../paths/index.ts'
import {
  type Context,
  type Encoder,
  type Exporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  ok,
  orAborted,
  reject,
  retry,
  type Storage,
  toError,
  unhealthy,
  WaybillError,
} from '../../sdk.ts'

export interface StorageExporterOptions<Time, T> {
  /** Default: `storage`. */
  readonly name?: string
  /** Where the files lie: the same for all, or by the data. */
  readonly paths: PathFormatter<Time> | ((data: T) => PathFormatter<Time>)
  readonly encoder: Encoder<T>
  readonly storage: Storage
}

/** Data as it is to be stored. */
export interface EncodedFile<T> {
  readonly path: string
  readonly bytes: Uint8Array
  readonly data: T
}

/**
 * Encodes data and stores it under the path of its time, a file each. `ok` means that it is stored durably. What cannot be
 * encoded or has no path is rejected; a failure of the storage is `retry`, scope `destination`.
 */
export abstract class StorageExporter<Time, T> implements Exporter<Time, T> {
  readonly name: string
  protected readonly storage: Storage
  protected readonly extension: string
  readonly #pathsOf: (data: T) => PathFormatter<Time>
  readonly #directory: string
  readonly #encoder: Encoder<T>
  readonly #underWay = new Set<Promise<unknown>>()
  #stopped = false
  #failure: Error | undefined

  constructor({ name = 'storage', paths, encoder, storage }: StorageExporterOptions<Time, T>) {
    this.name = name
    this.storage = storage
    this.extension = encoder.extension
    this.#pathsOf = typeof paths === 'function' ? paths : () => paths
    this.#directory = typeof paths === 'function' ? '' : paths.dir()
    this.#encoder = encoder
  }

  get destination(): string {
    return this.#directory === '' ? this.storage.location : `${this.storage.location}/${this.#directory}`
  }

  async start(): Promise<void> {
    this.#stopped = false
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    const { signal } = context
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was stored`))
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    let file: EncodedFile<T>
    try {
      this.check(time, data)
      file = { path: this.#pathsOf(data).toFullPath('', time, this.extension), bytes: this.#encoder.encode(data), data }
    } catch (thrown) {
      return reject(toError(thrown))
    }
    const storing = this.#stored(file, context)
    this.#underWay.add(storing)
    void storing.finally(() => this.#underWay.delete(storing))
    return (await orAborted(storing, signal)) ?? retry(new Error(`${this.name}: aborted before ${file.path} was stored`))
  }

  /** Waits for what is being stored. */
  async stop({ signal }: Context): Promise<void> {
    this.#stopped = true
    await orAborted(Promise.all(this.#underWay), signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    if (!this.#failure) return healthy
    return unhealthy(this.#failure instanceof WaybillError ? this.#failure.explain() : this.#failure.message)
  }

  /** Throws what is wrong with the data, if anything is. */
  protected check(_time: Time, _data: T): void {}

  /** Resolves when the file is stored, or need not be. */
  protected abstract store(file: EncodedFile<T>, context: Context): Promise<void>

  /** Never rejects. */
  async #stored(file: EncodedFile<T>, context: Context): Promise<ExportResult> {
    try {
      await this.store(file, context)
      this.#failure = undefined
      return ok
    } catch (thrown) {
      const error = toError(thrown)
      if ('code' in error && error.code === 'INVALID_OPTION') return reject(error)
      if (!context.signal.aborted) this.#failure = error
      return retry(error, { scope: 'destination' })
    }
  }
}
