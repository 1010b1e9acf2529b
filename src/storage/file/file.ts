import { createReadStream } from 'node:fs'
import { readdir, readFile, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { syncFolder, unwritable } from '../../files/index.ts'
import {
  type Clock,
  directoryPath,
  filePath,
  type Storage,
  type StorageInfo,
  type StorageOptions,
  systemClock,
  toError,
  WaybillError,
} from '../../sdk.ts'
import { isTemporary, type Placing, removeLeftovers, writeWhole } from './atomic-file.ts'

export interface FileStorageOptions {
  /** Tells how old what a killed writer left is. Default: the system's. */
  readonly clock?: Clock
}

type Content = Uint8Array | AsyncIterable<Uint8Array>

/** A file that nobody has written to for so long is nobody's. */
const leftoverMs = 3_600_000

/**
 * Files in a folder of this machine, which is made with the first of them. Folders that have become empty are removed; one in
 * which the first file is being written is listed. What cannot be written rejects with WaybillError `DESTINATION_UNAVAILABLE`.
 * Links, and files of other kinds, are neither listed nor made.
 */
export class FileStorage implements Storage {
  readonly type = 'file'
  /** The folder, absolute. */
  readonly location: string
  readonly #clock: Clock
  readonly #preparedMs = new Map<string, number>()

  constructor(directory: string, { clock = systemClock }: FileStorageOptions = {}) {
    if (directory === '') throw new WaybillError('INVALID_OPTION', 'a folder has to be named', { hint: 'write . for the current one' })
    this.location = resolve(directory)
    this.#clock = clock
  }

  fullPath(path: string): string {
    return this.#below(filePath(path))
  }

  async read(path: string, { signal }: StorageOptions = {}): Promise<Uint8Array | undefined> {
    const name = this.fullPath(path)
    return found(name, readFile(name, { signal }))
  }

  async readStream(path: string, options: StorageOptions = {}): Promise<AsyncIterable<Uint8Array> | undefined> {
    return (await this.exists(path, options)) ? chunksOf(this.fullPath(path), options) : undefined
  }

  async write(path: string, bytes: Uint8Array, { signal }: StorageOptions = {}): Promise<void> {
    await this.#put(path, bytes, { placing: 'replace', signal })
  }

  async writeStream(path: string, chunks: AsyncIterable<Uint8Array>, { signal }: StorageOptions = {}): Promise<void> {
    await this.#put(path, chunks, { placing: 'replace', signal })
  }

  async create(path: string, bytes: Uint8Array, options: StorageOptions = {}): Promise<boolean> {
    if (await this.exists(path, options)) return false
    return this.#put(path, bytes, { placing: 'add', signal: options.signal })
  }

  async remove(path: string, { signal }: StorageOptions = {}): Promise<boolean> {
    signal?.throwIfAborted()
    if (!(await this.exists(path))) return false
    const name = this.fullPath(path)
    const removing = unlink(name).then(() => true)
    const removed = await found(name, removing)
    if (removed) await this.#removeEmpty(dirname(name))
    return removed ?? false
  }

  async exists(path: string, options?: StorageOptions): Promise<boolean> {
    return (await this.stat(path, options)) !== undefined
  }

  async stat(path: string, { signal }: StorageOptions = {}): Promise<StorageInfo | undefined> {
    signal?.throwIfAborted()
    const name = filePath(path)
    const full = this.#below(name)
    const info = await found(full, stat(full))
    return info?.isFile() ? { name, size: info.size, modifiedMs: info.mtimeMs } : undefined
  }

  async list(directory: string, options: StorageOptions = {}): Promise<readonly StorageInfo[]> {
    const names = await this.#entries(directory, 'file', options)
    const infos = await Promise.all(names.map((name) => this.stat(name, options)))
    return infos.filter((info) => info !== undefined)
  }

  async listDirectories(directory: string, options: StorageOptions = {}): Promise<readonly string[]> {
    return this.#entries(directory, 'directory', options)
  }

  /** Paths of what lies directly in a directory, sorted. */
  async #entries(directory: string, kind: 'file' | 'directory', { signal }: StorageOptions): Promise<readonly string[]> {
    signal?.throwIfAborted()
    const path = directoryPath(directory)
    const full = this.#below(path)
    const entries = (await found(full, readdir(full, { withFileTypes: true }))) ?? []
    const wanted = entries.filter((entry) => (kind === 'file' ? entry.isFile() && !isTemporary(entry.name) : entry.isDirectory()))
    return wanted.map(({ name }) => (path === '' ? name : `${path}/${name}`)).sort()
  }

  async #put(path: string, content: Content, { placing, signal }: StorageOptions & { placing: Placing }): Promise<boolean> {
    const name = this.fullPath(path)
    const folder = dirname(name)
    try {
      const placed = await writeWhole(name, {
        placing,
        fill: async (handle) => {
          await handle.writeFile(content, { signal })
          signal?.throwIfAborted()
        },
        onNewFolder: () => this.#preparedMs.delete(folder),
      })
      await this.#prepare(folder)
      return placed
    } catch (thrown) {
      await this.#removeEmpty(folder)
      throw isSystemError(thrown) ? refusal(name, thrown) : thrown
    }
  }

  /**
   * Puts on the device that the folder and those above it are there, and removes what killed writers left in it. Once for each
   * folder that is made or found, and again when what was too young to be removed no longer is.
   */
  async #prepare(folder: string): Promise<void> {
    const nowMs = this.#clock.now()
    const preparedMs = this.#preparedMs.get(folder)
    if (preparedMs !== undefined && nowMs - preparedMs < leftoverMs) return
    for (let above = folder; above !== this.location; ) {
      above = dirname(above)
      await syncFolder(above)
    }
    // What is above the storage may be nobody's to open.
    await syncFolder(dirname(this.location)).catch(() => {})
    await removeLeftovers(folder, nowMs - leftoverMs)
    this.#preparedMs.set(folder, nowMs)
  }

  /** Removes the folder and those above it, up to the first that is not empty. */
  async #removeEmpty(folder: string): Promise<void> {
    for (let empty = folder; empty !== this.location; empty = dirname(empty)) {
      const code = await rmdir(empty).then(
        () => undefined,
        (thrown: NodeJS.ErrnoException) => thrown.code,
      )
      if (code === 'ENOTEMPTY' || code === 'EEXIST') return
    }
  }

  /** Throws where the system would take a part of the path for more than a name. */
  #below(path: string): string {
    const full = join(this.location, path)
    if (path.split('/').some(isTemporary) || relative(this.location, full).replaceAll(sep, '/') !== path)
      throw new WaybillError('INVALID_OPTION', `${JSON.stringify(path)} cannot be the name of a file here`, { hint: 'choose another name' })
    return full
  }
}

const missing = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])

/** Opens the file when the first chunk is asked for, so that nothing is open which nobody reads. */
async function* chunksOf(name: string, { signal }: StorageOptions): AsyncIterable<Uint8Array> {
  yield* createReadStream(name, signal ? { signal } : {})
}

/** What a call to the file system about that name gives; undefined where there is no such file. */
async function found<T>(name: string, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (thrown) {
    const error = thrown as NodeJS.ErrnoException
    if (missing.has(error.code ?? '')) return undefined
    throw error.code === 'ENAMETOOLONG' ? tooLong(name) : error
  }
}

/** A name that no file here can have is for nobody to try again; everything else may be mended. */
const refusal = (name: string, error: NodeJS.ErrnoException): WaybillError =>
  error.code === 'ENAMETOOLONG' ? tooLong(name) : unwritable(name, error)

const tooLong = (name: string): WaybillError =>
  new WaybillError('INVALID_OPTION', `${name} is too long for the file system`, {
    hint: 'choose a shorter path, in most file systems of parts of up to 255 bytes',
  })

const isSystemError = (thrown: unknown): thrown is NodeJS.ErrnoException => 'syscall' in toError(thrown)
