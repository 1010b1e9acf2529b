import { join } from 'node:path'
import { makeFolder } from '../../files/make-folder.ts'
import { type Log, toError } from '../../sdk.ts'
import type { AppendFile } from './append-file.ts'
import type { FilenameTemplate } from './filename-template.ts'
import { type RetentionLimits, retain } from './retention.ts'
import { unavailable } from './unavailable.ts'

export interface RotatingFilesOptions {
  readonly directory: string
  readonly template: FilenameTemplate
  /** A new file at every multiple of this since the epoch; undefined for never. */
  readonly intervalMs: number | undefined
  /** A new file before one grows beyond this. */
  readonly maxBytes: number
  readonly retention: RetentionLimits
}

/** A file that is being written. */
export type OpenFile = Pick<AppendFile, 'path' | 'openedMs' | 'length' | 'append' | 'isUsable' | 'sync' | 'close'>

/** Begins the first of `paths` that does not exist. */
export type OpensFiles = (paths: Iterable<string>, openedMs: number) => Promise<OpenFile>

/** A piece to append, and the file that it belongs in. */
export interface Piece {
  /** The signal; of rows, with their table. */
  readonly signal: string
  /** With compression: `jsonl.gz`. */
  readonly extension: string
  /** What a file begins with. Pieces with another header go to another file. */
  readonly header: Uint8Array
  readonly body: Uint8Array
  readonly open: OpensFiles
}

export interface Circumstances {
  readonly nowMs: number
  /** Whether the piece must be on the device when the promise resolves. */
  readonly durable: boolean
  readonly log: Log
}

/**
 * The files of one directory that are being written, one for each signal, table and header. It begins a file when there is
 * something to write, never uses one that exists, and takes one call at a time.
 */
export class RotatingFiles {
  readonly #options: RotatingFilesOptions
  readonly #open = new Map<string, OpenFile>()
  #begun = 0
  #deleted = 0

  constructor(options: RotatingFilesOptions) {
    this.#options = options
  }

  /** How many files the retention has deleted. */
  get deleted(): number {
    return this.#deleted
  }

  /** Appends all of the piece or nothing. Rejects with WaybillError `DESTINATION_UNAVAILABLE`. */
  async append(piece: Piece, circumstances: Circumstances): Promise<void> {
    const { durable } = circumstances
    await this.closeOver(circumstances)
    const { directory } = this.#options
    const key = JSON.stringify([piece.signal, piece.extension, Buffer.from(piece.header).toString('base64')])
    let path = directory
    try {
      const file = await this.#fileFor(key, piece, circumstances)
      path = file.path
      await file.append(file.length === 0 ? Buffer.concat([piece.header, piece.body]) : piece.body, { durable })
    } catch (thrown) {
      throw unavailable(path, toError(thrown))
    }
  }

  /** Ends the files whose interval is over. */
  async closeOver({ nowMs, log }: Pick<Circumstances, 'nowMs' | 'log'>): Promise<void> {
    for (const [key, file] of this.#open) if (this.#isOver(file, nowMs)) await this.#close(key, file, log)
  }

  async sync(): Promise<void> {
    for (const file of this.#open.values()) await file.sync()
  }

  async close(log: Log): Promise<void> {
    for (const [key, file] of this.#open) await this.#close(key, file, log)
  }

  /** The open file that the piece fits in, or a new one. */
  async #fileFor(key: string, piece: Piece, { nowMs, log }: Circumstances): Promise<OpenFile> {
    const { directory, template, maxBytes } = this.#options
    const current = this.#open.get(key)
    const fits = current && (current.length === 0 || current.length + piece.body.length <= maxBytes)
    if (fits && (await current.isUsable())) return current
    if (current) await this.#close(key, current, log)
    await makeFolder(directory)
    const names = template.names({ startedMs: nowMs, signal: piece.signal, sequence: this.#begun + 1 }, piece.extension)
    const file = await piece.open(
      names.map((name) => join(directory, name)),
      nowMs,
    )
    this.#begun++
    this.#open.set(key, file)
    await this.#retain(nowMs, log)
    return file
  }

  #isOver(file: OpenFile, nowMs: number): boolean {
    const { intervalMs } = this.#options
    return intervalMs !== undefined && Math.floor(file.openedMs / intervalMs) !== Math.floor(nowMs / intervalMs)
  }

  /** What is in the file was written long ago: that it does not close well is no concern of the next one. */
  async #close(key: string, file: OpenFile, log: Log): Promise<void> {
    this.#open.delete(key)
    try {
      await file.close()
    } catch (error) {
      log.warn('a file did not close well', { path: file.path, error })
    }
  }

  async #retain(nowMs: number, log: Log): Promise<void> {
    const { directory, template, retention } = this.#options
    const inUse = new Set([...this.#open.values()].map(({ path }) => path))
    try {
      const owns = (name: string) => template.matches(name)
      for await (const { path, bytes } of retain({ ...retention, directory, owns, inUse, nowMs })) {
        this.#deleted++
        log.info('file deleted by the retention', { path, bytes })
      }
    } catch (error) {
      log.warn('the retention could not delete', { directory, error })
    }
  }
}
