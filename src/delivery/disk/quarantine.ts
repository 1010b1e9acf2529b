import { join } from 'node:path'
import type { Log } from '../../core/log.ts'
import { toError } from '../../core/result.ts'
import type { FileLayer } from './file-layer.ts'
import type { Damage } from './segment-reader.ts'

/** The folder, in a buffer's, of bytes that could not be read. */
export const quarantineName = 'quarantine'

/** Puts bytes that could not be read aside, in a folder of their own, and says so. Nothing waits for it, or fails with it. */
export class Quarantine {
  readonly #files: FileLayer
  readonly #folder: string
  readonly #log: Log
  #last: Promise<void> = Promise.resolve()

  /** `folder`: of the buffer. */
  constructor(files: FileLayer, folder: string, log: Log) {
    this.#files = files
    this.#folder = join(folder, quarantineName)
    this.#log = log
  }

  put({ file, offset, bytes, why }: Damage): void {
    this.#log.error('the buffer is damaged: the bytes are put aside', { file, offset, bytes: bytes.length, error: why, to: this.#folder })
    if (bytes.length === 0) return
    const copy = Buffer.from(bytes)
    this.#last = this.#last.then(() => this.#write(`${file}-${offset}`, copy))
  }

  /** Resolves when everything is put aside. */
  idle(): Promise<void> {
    return this.#last
  }

  async #write(name: string, bytes: Buffer): Promise<void> {
    try {
      await this.#files.makeFolder(this.#folder)
      const file = await this.#files.open(join(this.#folder, name), 'write')
      await file.write([bytes], 0).finally(() => file.close())
    } catch (thrown) {
      this.#log.warn('damaged bytes cannot be put aside', { error: toError(thrown) })
    }
  }
}
