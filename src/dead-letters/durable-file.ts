import { constants, type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFolder } from '../files/sync-folder.ts'

/** A file that only grows: what was appended is on the device whole, or not in it at all. One append at a time. */
export class DurableFile {
  readonly path: string
  #file: FileHandle | undefined
  #isNew: boolean
  #bytes: number
  /** Whether something may stand behind `bytes` that is to be taken away. */
  #torn = true

  /** What stands behind the first so many bytes is taken away. Without a number the file must not be there yet: it is never written over. */
  constructor(path: string, bytes?: number) {
    this.path = path
    this.#isNew = bytes === undefined
    this.#bytes = bytes ?? 0
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Resolves when it is on the device. Rejects with what the file system says, with the file as it was. */
  async append(bytes: Uint8Array): Promise<void> {
    this.#file ??= await this.#open()
    const file = this.#file
    await this.#mend(file)
    this.#torn = true
    try {
      for (let done = 0; done < bytes.length; )
        done += (await file.write(bytes, done, bytes.length - done, this.#bytes + done)).bytesWritten
      await file.datasync()
      this.#bytes += bytes.length
      this.#torn = false
    } catch (thrown) {
      await this.#mend(file).catch(() => {})
      throw thrown
    }
  }

  async close(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    await file?.close()
  }

  async #open(): Promise<FileHandle> {
    const file = await open(this.path, constants.O_CREAT | constants.O_RDWR | (this.#isNew ? constants.O_EXCL : 0))
    this.#isNew = false
    try {
      await syncFolder(dirname(this.path))
    } catch (thrown) {
      await file.close()
      throw thrown
    }
    return file
  }

  async #mend(file: FileHandle): Promise<void> {
    if (this.#torn) await file.truncate(this.#bytes)
    this.#torn = false
  }
}
