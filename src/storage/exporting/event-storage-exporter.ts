import type { Context, EventExporter, Storage } from '../../sdk.ts'
import { type EncodedFile, StorageExporter, type StorageExporterOptions } from './storage-exporter.ts'

export interface EventStorageExporterOptions<T> extends StorageExporterOptions<Date, T> {
  /** Whether an event replaces one of the same path, such as one of the same second. Default: false, it gets a path of its own. */
  readonly overwrite?: boolean
}

/** Of how many deliveries it is remembered that they were tried. */
const remembered = 1000

/**
 * Stores each event in a file of its own. Where the path is taken, `-1`, `-2` … is put before the extension. A delivery that is
 * tried again is stored once, even when the first try had stored it and nobody had heard.
 */
export class EventStorageExporter<T> extends StorageExporter<Date, T> implements EventExporter<T> {
  readonly replaces: boolean
  readonly #tried = new Set<string>()
  #last: { readonly path: string; readonly number: number } | undefined

  constructor({ overwrite = false, ...options }: EventStorageExporterOptions<T>) {
    super(options)
    this.replaces = overwrite
  }

  protected async store({ path, bytes }: EncodedFile<T>, context: Context): Promise<void> {
    if (this.replaces) return this.storage.write(path, bytes, { signal: context.signal })
    const again = this.#isTriedAgain(context)
    let number = !again && this.#last?.path === path ? this.#last.number + 1 : 0
    for (; ; number++) {
      const candidate = numbered(path, number, this.extension)
      if (await this.storage.create(candidate, bytes, { signal: context.signal })) break
      if (again && (await holds(this.storage, candidate, bytes, context))) return
    }
    this.#last = { path, number }
  }

  /** Whether the delivery may have been stored by an earlier try. What it stored is known by its bytes, since parts share an id. */
  #isTriedAgain({ delivery }: Context): boolean {
    if (!delivery) return false
    const again = delivery.attempt > 1 || this.#tried.has(delivery.id)
    this.#tried.add(delivery.id)
    if (this.#tried.size > remembered) this.#tried.delete(this.#tried.values().next().value!)
    return again
  }
}

function numbered(path: string, number: number, extension: string): string {
  if (number === 0) return path
  const ending = extension === '' ? '' : `.${extension}`
  return `${path.slice(0, path.length - ending.length)}-${number}${ending}`
}

async function holds(storage: Storage, path: string, bytes: Uint8Array, { signal }: Context): Promise<boolean> {
  const stored = await storage.read(path, { signal })
  return stored !== undefined && Buffer.compare(stored, bytes) === 0
}
