import { WaybillError } from './errors.ts'

/** What is known of a stored file without reading it. */
export interface StorageInfo {
  /** Its path from the root of the storage. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number
}

export interface StorageOptions {
  /** Aborted when the caller no longer waits. What is being written then is there whole, or not at all. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Files by path: a folder, a bucket, memory. Paths have `/` between their parts and are equal when `filePath` makes them equal.
 * What is missing is `undefined`, `false` or an empty list. What is written is there whole or not at all, for every reader and
 * whenever the process dies, and is durable when the call resolves. Every call rejects with WaybillError `INVALID_OPTION` for a
 * path that is none, and with any other error when the storage cannot do it now.
 */
export interface Storage {
  /** `memory`, `file`, `bucket|s3`, `bucket|azure`, `bucket|gcs`. */
  readonly type: string
  /** Where it is, for people, without a secret. */
  readonly location: string
  /** The path as the system below knows it. */
  fullPath(path: string): string
  /** The content, the caller's to keep. */
  read(path: string, options?: StorageOptions): Promise<Uint8Array | undefined>
  readStream(path: string, options?: StorageOptions): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Writes in place of whatever is there. */
  write(path: string, bytes: Uint8Array, options?: StorageOptions): Promise<void>
  /** The same of what need not be in memory at once. When `chunks` throws, everything stays as it was. */
  writeStream(path: string, chunks: AsyncIterable<Uint8Array>, options?: StorageOptions): Promise<void>
  /** Writes where nothing is. False when something is there, which stays as it was; of several at once one writes. */
  create(path: string, bytes: Uint8Array, options?: StorageOptions): Promise<boolean>
  /** Whether there was something to remove. */
  remove(path: string, options?: StorageOptions): Promise<boolean>
  exists(path: string, options?: StorageOptions): Promise<boolean>
  stat(path: string, options?: StorageOptions): Promise<StorageInfo | undefined>
  /** The files directly in a directory, by name; `''` is the root. */
  list(directory: string, options?: StorageOptions): Promise<readonly StorageInfo[]>
  /** The directories directly in a directory, as paths from the root without a `/` at the end, sorted. One without files is none. */
  listDirectories(directory: string, options?: StorageOptions): Promise<readonly string[]>
}

/**
 * The one way to write the path of a file from the root: `./p`, `/p`, `d//p` and `x/../p` without `.`, `..` and empty parts.
 * Throws WaybillError `INVALID_OPTION` for one that leaves the root, is empty, or holds a NUL or half a surrogate pair.
 */
export function filePath(path: string): string {
  const normal = directoryPath(path)
  if (normal === '') throw notAPath(path, 'it names no file')
  return normal
}

/** The same for a directory, which may be the root: `''`. */
export function directoryPath(path: string): string {
  if (path.includes('\0')) throw notAPath(path, 'it holds a NUL')
  if (!path.isWellFormed()) throw notAPath(path, 'it is not well-formed Unicode')
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) throw notAPath(path, 'it leaves the root')
    if (part !== '' && part !== '.' && part !== '..') parts.push(part)
  }
  return parts.join('/')
}

const notAPath = (path: string, why: string): WaybillError =>
  new WaybillError('INVALID_OPTION', `${JSON.stringify(path)} is not a path in a storage: ${why}`, {
    hint: 'write a path from the root of the storage, such as costs/2026/january.json',
  })
