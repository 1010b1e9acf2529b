import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ParquetOptions } from '../../codecs/parquet/parquet.ts'
import { type Lock, takeLock } from '../../files/lock.ts'
import { type Log, toError, WaybillError } from '../../sdk.ts'
import { AppendFile } from './append-file.ts'
import { finishCollection } from './finish-collection.ts'
import type { OpenFile } from './rotating-files.ts'
import { unavailable } from './unavailable.ts'

/** What the name of a collection ends in, behind that of the file that it becomes. */
const suffix = '.collecting'

/**
 * Batches that become a Parquet file when this is closed, which then appears whole under its name. Until then they are in a collection
 * beside it, where they outlive the process: `finishCollections` makes files of those that dead ones left behind.
 */
export class CollectedFile implements OpenFile {
  readonly #collection: AppendFile
  readonly #finalPath: string
  readonly #lock: Lock
  readonly #options: ParquetOptions

  private constructor({
    collection,
    finalPath,
    lock,
    options,
  }: { collection: AppendFile; finalPath: string; lock: Lock; options: ParquetOptions }) {
    this.#collection = collection
    this.#finalPath = finalPath
    this.#lock = lock
    this.#options = options
  }

  /** For the first of `paths` where there is no file, nor is one collected. */
  static async create(paths: Iterable<string>, openedMs: number, options: ParquetOptions): Promise<CollectedFile> {
    for (const finalPath of paths) {
      const lock = isTaken(finalPath) ? undefined : await lockOf(finalPath)
      if (!lock) continue
      try {
        if (!isTaken(finalPath)) {
          const collection = await AppendFile.create([finalPath + suffix], openedMs)
          return new CollectedFile({ collection, finalPath, lock, options })
        }
      } catch (thrown) {
        lock.release()
        throw thrown
      }
      lock.release()
    }
    throw new Error('every name is taken')
  }

  get path(): string {
    return this.#collection.path
  }

  get openedMs(): number {
    return this.#collection.openedMs
  }

  get length(): number {
    return this.#collection.length
  }

  append(bytes: Uint8Array, durability: { readonly durable: boolean }): Promise<void> {
    return this.#collection.append(bytes, durability)
  }

  isUsable(): Promise<boolean> {
    return this.#collection.isUsable()
  }

  sync(): Promise<void> {
    return this.#collection.sync()
  }

  async close(): Promise<void> {
    try {
      await this.#collection.close()
      if (this.length > 0) await finishCollection(this.path, this.#finalPath, this.#options)
    } finally {
      this.#lock.release()
    }
  }
}

export interface LeftBehind {
  readonly directory: string
  /** Whether a file of that name is the exporter's. */
  readonly owns: (fileName: string) => boolean
  readonly log: Log
}

/** Makes files of the collections in which nobody collects any more. One that cannot be finished stays, and is told. */
export async function finishCollections({ directory, owns, log }: LeftBehind, options: ParquetOptions): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const finalPath = join(directory, name.slice(0, -suffix.length))
    if (!name.endsWith(suffix) || !owns(name.slice(0, -suffix.length))) continue
    const path = finalPath + suffix
    try {
      const lock = await lockOf(finalPath)
      if (!lock) continue
      try {
        if (existsSync(path))
          log.info('a file was finished that an earlier run had begun', { path: await finishCollection(path, finalPath, options) })
      } finally {
        lock.release()
      }
    } catch (thrown) {
      log.error('a file could not be finished that an earlier run had begun', { error: unavailable(path, toError(thrown)) })
    }
  }
}

const isTaken = (finalPath: string): boolean => existsSync(finalPath) || existsSync(finalPath + suffix)

/** Of a collection; undefined where a live process has it. */
async function lockOf(finalPath: string): Promise<Lock | undefined> {
  const code = 'DESTINATION_UNAVAILABLE'
  try {
    return await takeLock(`${finalPath}${suffix}.lock`, {
      code,
      message: (pid) => `process ${pid} collects for ${finalPath}`,
      hint: 'wait for it',
    })
  } catch (thrown) {
    if (thrown instanceof WaybillError && thrown.code === code) return undefined
    throw thrown
  }
}
