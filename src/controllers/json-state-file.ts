import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import { makeFolder } from '../files/make-folder.ts'
import { syncFolder } from '../files/sync-folder.ts'
import type { StateStore } from './window-state.ts'

/**
 * A state in a small JSON file, replaced as a whole: whenever the process or the machine ends, the file is the state before or
 * the one after. Two saves at once are one after the other.
 */
export class JsonStateFile<State> implements StateStore<State> {
  readonly #path: string
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string) {
    this.#path = path
  }

  /** Rejects with WaybillError `FILE_UNREADABLE`. */
  async load(): Promise<State | undefined> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as State
    } catch (thrown) {
      const error = toError(thrown) as NodeJS.ErrnoException
      if (error.code === 'ENOENT') return undefined
      throw new WaybillError('FILE_UNREADABLE', `cannot read ${this.#path}: ${error.message}`, {
        hint: 'mend it, or move it away: what closed while the process did not run is then not exported',
        cause: thrown,
      })
    }
  }

  /** Resolves when it is on the device. Rejects with what the file system says. */
  save(state: State): Promise<void> {
    const saved = this.#last.then(() => this.#replace(`${JSON.stringify(state)}\n`))
    this.#last = saved.catch(() => {})
    return saved
  }

  async #replace(text: string): Promise<void> {
    const folder = dirname(this.#path)
    await makeFolder(folder)
    const file = await open(`${this.#path}.new`, 'w')
    try {
      await file.writeFile(text)
      await file.datasync()
    } finally {
      await file.close()
    }
    await rename(`${this.#path}.new`, this.#path)
    await syncFolder(folder)
  }
}
