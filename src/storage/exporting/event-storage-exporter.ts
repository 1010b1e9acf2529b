import type { Context, EventExporter, Storage } from '../../sdk.ts'
import { type EncodedFile, StorageExporter, type StorageExporterOptions } from './storage-exporter.ts'

export interface EventStorageExporterOptions<T> extends StorageExporterOptions<Date, T> {
  /** Whether an event replaces one of the same path, such as one of the same second. Default: false, it gets a path of its own. */
  readonly overwrite?: boolean
}

/** Of how many deliveries it is remembered that they were tried, and of how many files whose they are. */
const remembered = 1000

/**
 * Stores each event in a file of its own. Where the path is taken, `-1`, `-2` … is put before the extension. A delivery that is
 * tried again is stored once, even when the first try had stored it and nobody had heard.
 */
export class EventStorageExporter<T> extends StorageExporter<Date, T> implements EventExporter<T> {
  readonly replaces: boolean
  readonly #tried = new Set<string>()
  /** By path, the delivery that it stored there. */
  readonly #stored = new Map<string, string>()
  #sinceMs: number | undefined
  #last: { readonly path: string; readonly number: number } | undefined

  constructor({ overwrite = false, ...options }: EventStorageExporterOptions<T>) {
    super(options)
    this.replaces = overwrite
  }

  protected async store({ path, bytes }: EncodedFile<T>, context: Context): Promise<void> {
    if (this.replaces) return this.storage.write(path, bytes, { signal: context.signal })
    const again = this.#isTriedAgain(context)
    const id = context.delivery?.id
    let number = !again && this.#last?.path === path ? this.#last.number + 1 : 0
    for (; ; number++) {
      const candidate = numbered(path, number, this.extension)
      if (await this.storage.create(candidate, bytes, { signal: context.signal })) {
        if (id !== undefined) forgetOldest(this.#stored.set(candidate, id))
        break
      }
      const isOfAnother = (this.#stored.get(candidate) ?? id) !== id
      if (again && !isOfAnother && (await holds(this.storage, candidate, bytes, context))) return
    }
    this.#last = { path, number }
  }

  /**
   * Whether the delivery may have been stored by an earlier try, or by an earlier run, whose tries nobody has counted. What it
   * stored is known by its bytes, since parts share an id.
   */
  #isTriedAgain({ delivery, clock }: Context): boolean {
    this.#sinceMs ??= clock.now()
    if (!delivery) return false
    const again = delivery.attempt > 1 || delivery.firstAcceptedMs < this.#sinceMs || this.#tried.has(delivery.id)
    forgetOldest(this.#tried.add(delivery.id))
    return again
  }
}

function forgetOldest(known: Set<string> | Map<string, unknown>): void {
  if (known.size > remembered) known.delete(known.keys().next().value!)
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
