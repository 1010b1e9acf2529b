import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import type { Writable } from 'node:stream'
import { type Row, type Table, toError, WaybillError } from '../core/index.ts'
import { type Journal, journalPath, removeJournal, writeJournal } from './journal.ts'

/** Where an export goes. It appears whole, with `commit`, or not at all; standard output cannot do that and shows all as it comes. */
export interface Output {
  /** For people. */
  readonly destination: string
  write(bytes: Uint8Array): Promise<void>
  /** Notes that all up to here is good, for whoever goes on after an interruption. */
  mark?(done: Pick<Journal, 'steps' | 'rows'>): Promise<void>
  commit(): Promise<void>
  /** Takes everything back, but for what an export can go on from. */
  discard(): Promise<void>
}

/** Where an export goes that takes rows as they are. What it has taken it keeps. */
export interface RowOutput {
  /** For people. */
  readonly destination: string
  /** Resolves when the rows are taken, or will be with those that follow. */
  take(table: Table, rows: readonly Row[]): Promise<void>
  /** Resolves when all rows are delivered. */
  commit(): Promise<void>
  discard(): Promise<void>
}

/** Fewer and larger writes cost less. */
const gatheredBytes = 1_048_576

/** A file that is written under another name and gets its own when it is complete. */
export class FileOutput implements Output {
  readonly destination: string
  readonly #partial: string
  readonly #journal: Journal | undefined
  readonly #gathered = Buffer.allocUnsafe(gatheredBytes)
  #used = 0
  #bytes: number
  #file: FileHandle | undefined
  #marked: boolean

  /** With a journal the file can be gone on with; one that has steps says what of it is there already. */
  constructor(path: string, journal?: Journal) {
    this.destination = path
    this.#journal = journal
    this.#partial = journal ? `${path}.partial` : `${path}.${randomUUID().slice(0, 8)}.partial`
    this.#bytes = journal?.bytes ?? 0
    this.#marked = (journal?.steps ?? 0) > 0
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#used + bytes.length > gatheredBytes) await this.#writeOut()
    if (bytes.length > gatheredBytes) return this.#append(bytes)
    this.#gathered.set(bytes, this.#used)
    this.#used += bytes.length
  }

  async mark({ steps, rows }: Pick<Journal, 'steps' | 'rows'>): Promise<void> {
    if (!this.#journal) return
    await this.#writeOut()
    await this.#attempt(async () => {
      await this.#file?.datasync()
      await writeJournal(this.destination, { ...this.#journal!, steps, rows, bytes: this.#bytes })
    })
    this.#marked = true
  }

  async commit(): Promise<void> {
    await this.#writeOut()
    await this.#attempt(async () => {
      await this.#file?.sync()
      await this.#file?.close()
      this.#file = undefined
      if (this.#bytes > 0) await rename(this.#partial, this.destination)
      await removeJournal(this.destination)
    })
  }

  async discard(): Promise<void> {
    this.#used = 0
    await this.#file?.close().catch(() => {})
    this.#file = undefined
    if (this.#marked) return
    await rm(this.#partial, { force: true }).catch(() => {})
    await rm(journalPath(this.destination), { force: true }).catch(() => {})
  }

  async #writeOut(): Promise<void> {
    if (this.#used > 0) await this.#append(this.#gathered.subarray(0, this.#used))
    this.#used = 0
  }

  async #append(bytes: Uint8Array): Promise<void> {
    await this.#attempt(async () => {
      this.#file ??= await this.#open()
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#bytes)
        at += bytesWritten
        this.#bytes += bytesWritten
      }
    })
  }

  async #open(): Promise<FileHandle> {
    if (this.#bytes === 0) return open(this.#partial, 'w')
    const file = await open(this.#partial, 'r+')
    const { size } = await file.stat()
    if (size < this.#bytes) throw new Error(`${this.#partial} is shorter than it was`)
    // What came after the last mark is not known to be good.
    await file.truncate(this.#bytes)
    return file
  }

  async #attempt(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (thrown) {
      throw cannotWrite(this.destination, toError(thrown))
    }
  }
}

/** A stream that is not this export's own, such as standard output. */
export class StreamOutput implements Output {
  readonly destination: string
  readonly #stream: Writable

  constructor(stream: Writable, destination: string) {
    this.#stream = stream
    this.destination = destination
    // The callback of the write tells.
    stream.on('error', () => {})
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(bytes, (error) => (error ? reject(cannotWrite(this.destination, error)) : resolve()))
    })
  }

  async commit(): Promise<void> {}
  async discard(): Promise<void> {}
}

const hints: Readonly<Record<string, string>> = { ENOSPC: 'the disk is full', EPIPE: 'its reader has gone' }

const cannotWrite = (destination: string, error: NodeJS.ErrnoException) =>
  new WaybillError('DESTINATION_UNAVAILABLE', `cannot write ${destination} (${error.code ?? error.message})`, {
    hint: hints[error.code ?? ''] ?? 'check that its folder is there and that this user may write to it',
    cause: error,
  })
