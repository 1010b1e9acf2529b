import * as fs from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { type LockOptions, takeLock } from '../../files/lock.ts'

/** What the disk buffer asks of the system: little, so that a test can put one that fails in its place. Rejects with the system's errors. */
export interface FileLayer {
  /** With those above it; where it is there already, nothing happens. */
  makeFolder(path: string): Promise<void>
  /** The names of the files in a folder, folders left out. */
  list(folder: string): Promise<readonly string[]>
  /** `write` makes a file where there is none; with `commit` too, and there all that was written is on the device when `write` resolves. */
  open(path: string, mode: FileMode): Promise<OpenFile>
  rename(from: string, to: string): Promise<void>
  /** Of a file that is not there: nothing happens. */
  remove(path: string): Promise<void>
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>
  /** Takes a lock file for this process; the function that it gives lets go of it. */
  lock(path: string, options: LockOptions): Promise<() => void>
  /** With zstd, while others go on. */
  compress(bytes: Uint8Array): Promise<Uint8Array>
}

export type FileMode = 'read' | 'write' | 'commit'

export interface OpenFile {
  size(): Promise<number>
  /** Fewer bytes than asked for only at the end of the file. */
  read(offset: number, length: number): Promise<Buffer>
  /** All of the bytes, one piece after another, or it rejects; some of them may be there then. */
  write(pieces: readonly Uint8Array[], offset: number): Promise<void>
  truncate(length: number): Promise<void>
  /** When it resolves, what was written is on the device. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** The real one. Calls with callbacks: a FileHandle costs a fifth more at each write. */
export const realFiles: FileLayer = {
  makeFolder: async (path) => {
    await mkdir(path, { recursive: true })
  },
  list: async (folder) => (await readdir(folder, { withFileTypes: true })).filter((it) => it.isFile()).map(({ name }) => name),
  open: async (path, mode) => {
    const fd = await open(path, flags[mode], 0o600)
    return mode === 'commit' && !writesThrough ? new CommittedFile(fd) : new RealFile(fd)
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncFolder(path) {
    if (process.platform === 'win32') return
    const folder = await open(path, 'r')
    await sync(folder).finally(() => close(folder))
  },
  async lock(path, options) {
    const lock = await takeLock(path, options)
    return () => lock.release()
  },
  compress: promisify(zstdCompress),
}

const { O_CREAT, O_DSYNC, O_RDONLY, O_RDWR } = fs.constants
/** There a write is one call with its sync, and so one wait less. Elsewhere it would mean less than a sync, or nothing. */
const writesThrough = process.platform === 'linux'
const flags = { read: O_RDONLY, write: O_RDWR | O_CREAT, commit: O_RDWR | O_CREAT | (writesThrough ? O_DSYNC : 0) }
const [open, read, write, close] = [promisify(fs.open), promisify(fs.read), promisify(fs.writev), promisify(fs.close)]
const [stat, truncate, sync, dataSync] = [promisify(fs.fstat), promisify(fs.ftruncate), promisify(fs.fsync), promisify(fs.fdatasync)]

class RealFile implements OpenFile {
  readonly #fd: number

  constructor(fd: number) {
    this.#fd = fd
  }

  async size(): Promise<number> {
    return (await stat(this.#fd)).size
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length)
    for (let done = 0; done < length; ) {
      const { bytesRead } = await read(this.#fd, buffer, done, length - done, offset + done)
      if (bytesRead === 0) return buffer.subarray(0, done)
      done += bytesRead
    }
    return buffer
  }

  async write(pieces: readonly Uint8Array[], offset: number): Promise<void> {
    let left = pieces
    for (let at = offset; left.length > 0; ) {
      const { bytesWritten } = await write(this.#fd, left, at)
      at += bytesWritten
      left = after(left, bytesWritten)
    }
  }

  truncate(length: number): Promise<void> {
    return truncate(this.#fd, length)
  }

  sync(): Promise<void> {
    return dataSync(this.#fd)
  }

  close(): Promise<void> {
    return close(this.#fd)
  }
}

/** Syncs after each write. */
class CommittedFile extends RealFile {
  override async write(pieces: readonly Uint8Array[], offset: number): Promise<void> {
    await super.write(pieces, offset)
    await this.sync()
  }
}

/** What is left of the pieces behind so many bytes. */
function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let passed = bytes
  for (const [index, piece] of pieces.entries()) {
    if (passed < piece.length) return [piece.subarray(passed), ...pieces.slice(index + 1)]
    passed -= piece.length
  }
  return []
}
