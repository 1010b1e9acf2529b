import { type FileHandle, open, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What of an open file is used to append to it. */
export type Appendable = Pick<FileHandle, 'write' | 'truncate' | 'datasync' | 'stat' | 'close'>

/**
 * A file that this process created and alone appends to, all of a piece of bytes or nothing of it: what a failed write left
 * behind is cut off again. A file of which that failed is not usable any more, so nothing ever follows half a piece.
 */
export class AppendFile {
  readonly path: string
  readonly openedMs: number
  readonly #handle: Appendable
  #length = 0
  #torn = false
  #named = false

  constructor(path: string, handle: Appendable, openedMs: number) {
    this.path = path
    this.#handle = handle
    this.openedMs = openedMs
  }

  /** Creates the first of `paths` that does not exist. */
  static async create(paths: Iterable<string>, openedMs: number): Promise<AppendFile> {
    for (const path of paths) {
      try {
        return new AppendFile(path, await open(path, 'wx'), openedMs)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
    }
    throw new Error('every name is taken')
  }

  /** Bytes appended so far. */
  get length(): number {
    return this.#length
  }

  /** When it resolves, the bytes are with the operating system; with `durable`, on the device. Rejects with the error of the system. */
  async append(bytes: Uint8Array, { durable }: { readonly durable: boolean }): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length + done)
        done += bytesWritten
      }
    } catch (error) {
      await this.#takeBack()
      throw error
    }
    if (durable) await this.#makeDurable()
    this.#length += bytes.length
  }

  /** Whether more can go in: it is whole, and still the file at its path, not one that somebody removed or moved away. */
  async isUsable(): Promise<boolean> {
    return !this.#torn && (await this.#isInPlace())
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  /** Closes it, and removes it when nothing was ever appended. */
  async close(): Promise<void> {
    const superfluous = this.#length === 0 && (await this.#isInPlace())
    await this.#handle.close()
    if (superfluous) await unlink(this.path)
  }

  async #isInPlace(): Promise<boolean> {
    try {
      const [own, atPath] = await Promise.all([this.#handle.stat(), stat(this.path)])
      return own.ino === atPath.ino && own.dev === atPath.dev
    } catch {
      return false
    }
  }

  /** After a failed fsync the system may have forgotten what it could not write, so the file is given up. */
  async #makeDurable(): Promise<void> {
    try {
      await this.#handle.datasync()
      if (!this.#named) await syncDirectory(dirname(this.path))
      this.#named = true
    } catch (error) {
      await this.#takeBack()
      this.#torn = true
      throw error
    }
  }

  async #takeBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#length)
    } catch {
      this.#torn = true
    }
  }
}

/** Makes the names in it durable. Windows cannot open a directory, and needs no such thing. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
