import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** What of an open file is used to write to it. */
export type WritableHandle = Pick<FileHandle, 'write' | 'truncate' | 'datasync' | 'stat' | 'close'>

export interface TailedFileOptions {
  readonly path: string
  readonly handle: WritableHandle
  /** What stands in the file in front of the ending, in bytes. */
  readonly length: number
  /** What the file ends with whatever is appended: nothing, or what closes its format. */
  readonly ending: string
}

/**
 * An open file that grows in front of its ending. A piece and the ending behind it go out in one write over the old ending, so a
 * reader finds a whole file before and after. A piece is there whole or not at all: what a failed write left behind is taken back.
 */
export class TailedFile {
  readonly path: string
  readonly #handle: WritableHandle
  readonly #ending: Buffer
  #length: number
  #torn = false
  #named = false

  constructor({ path, handle, length, ending }: TailedFileOptions) {
    this.path = path
    this.#handle = handle
    this.#length = length
    this.#ending = Buffer.from(ending)
  }

  /** Opens the file at `path`, made where it is missing; with `clean`, without anything behind its length but the ending. */
  static async open(
    path: string,
    { clean, ...options }: Omit<TailedFileOptions, 'path' | 'handle'> & { clean: boolean },
  ): Promise<TailedFile> {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT)
    const file = new TailedFile({ ...options, path, handle })
    try {
      if (clean) await file.#finish()
      return file
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Bytes in front of the ending. */
  get length(): number {
    return this.#length
  }

  /** When it resolves, the piece is with the operating system; with `durable`, on the device. Rejects with the error of the system. */
  async append(piece: string, { durable }: { readonly durable: boolean }): Promise<void> {
    const bytes = Buffer.concat([Buffer.from(piece), this.#ending])
    try {
      await this.#write(bytes)
      if (durable) await this.#makeDurable()
    } catch (error) {
      await this.#takeBack()
      throw error
    }
    this.#length += bytes.length - this.#ending.length
  }

  /** Whether more can go in: it is whole, and still the file at its path, not one that somebody removed or moved away. */
  async isUsable(): Promise<boolean> {
    if (this.#torn) return false
    try {
      const [own, atPath] = await Promise.all([this.#handle.stat(), stat(this.path)])
      return own.ino === atPath.ino && own.dev === atPath.dev
    } catch {
      return false
    }
  }

  sync(): Promise<void> {
    return this.#handle.datasync()
  }

  close(): Promise<void> {
    return this.#handle.close()
  }

  /** Cuts off whatever stands behind the length and puts the ending there. */
  async #finish(): Promise<void> {
    await this.#handle.truncate(this.#length)
    await this.#write(this.#ending)
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#length + done)
      done += bytesWritten
    }
  }

  /** After a failed fsync the system may have forgotten what it could not write, so the file is opened again before it is used. */
  async #makeDurable(): Promise<void> {
    try {
      await this.#handle.datasync()
      if (!this.#named) await syncFolder(dirname(this.path))
      this.#named = true
    } catch (error) {
      this.#torn = true
      throw error
    }
  }

  async #takeBack(): Promise<void> {
    try {
      await this.#finish()
    } catch {
      this.#torn = true
    }
  }
}
