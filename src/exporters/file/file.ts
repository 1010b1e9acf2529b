import { access, constants } from 'node:fs/promises'
import { hostname } from 'node:os'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { makeFolder } from '../../files/make-folder.ts'
import {
  type Batch,
  ByteWriter,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  ok,
  orAborted,
  partial,
  type Rejection,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { type Config, codeOptions, config } from './config.ts'
import { csv, deadLetters, type FileFormat, jsonLines, parquet, type Serializer, serialized } from './file-format.ts'
import { FilenameTemplate } from './filename-template.ts'
import { RotatingFiles } from './rotating-files.ts'
import { unavailable } from './unavailable.ts'

const compress = promisify(gzip)

export interface FileExporterOptions extends z.input<typeof codeOptions> {
  /** Default: `file`. */
  readonly name?: string
  /** What to write for each record in place of its usual JSON; only with JSON lines. */
  readonly serializer?: Serializer
}

/**
 * Writes records to files that are complete at every moment: a batch is in the file whole or not at all, a file is never
 * written over, and a gzip file can be read however the process ended. A Parquet file appears when it is finished; until then its
 * records are collected in a file of their own. `ok` means that the operating system has the records.
 */
export class FileExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #directory: string
  readonly #format: FileFormat
  readonly #gzip: boolean
  readonly #sync: boolean
  readonly #template: FilenameTemplate
  readonly #intervalMs: number | undefined
  readonly #files: RotatingFiles
  readonly #writer = new ByteWriter()
  #last: Promise<unknown> = Promise.resolve()
  #stopped = false
  #rotation = new AbortController()
  #failure: WaybillError | undefined

  /** Throws WaybillError `INVALID_OPTION`. */
  constructor({ name = 'file', serializer, ...options }: FileExporterOptions) {
    const parsed = codeOptions.safeParse(options)
    if (!parsed.success) throw new WaybillError('INVALID_OPTION', `options of FileExporter: ${z.prettifyError(parsed.error)}`)
    const { fileFormat, compression, filenameTemplate: template, retention, ...rest } = parsed.data
    if (serializer && fileFormat !== 'jsonl') throw new WaybillError('INVALID_OPTION', `a serializer makes JSON lines, not ${fileFormat}`)
    if ((compression === 'snappy' || compression === 'zstd') && fileFormat !== 'parquet')
      throw new WaybillError('INVALID_OPTION', `the compression ${compression} is for Parquet`, {
        hint: `with ${fileFormat} choose gzip or none`,
      })
    this.name = name
    this.#directory = resolve(rest.outputDirectory)
    this.#format = formatFor(parsed.data, serializer)
    this.#gzip = fileFormat !== 'parquet' && (compression ? compression === 'gzip' : template.endsWith('.gz'))
    this.#sync = rest.sync
    this.#template = new FilenameTemplate(template, { name, hostname: hostname(), pid: process.pid })
    this.#intervalMs = rest.rotationPolicy === 'time' ? rest.rotationInterval : undefined
    this.#files = new RotatingFiles({
      directory: this.#directory,
      template: this.#template,
      intervalMs: this.#intervalMs,
      maxBytes: rest.maxFileSize,
      retention: { maxAgeMs: retention.maxAge, maxTotalBytes: retention.maxTotalSize },
    })
  }

  get destination(): string {
    return this.#directory
  }

  /** How many files the retention has deleted. */
  get deletedFiles(): number {
    return this.#files.deleted
  }

  /** Rejects with WaybillError `DESTINATION_UNAVAILABLE` when the directory cannot be made or written to. */
  async start(context?: Context): Promise<void> {
    this.#stopped = false
    this.#rotation.abort()
    this.#rotation = new AbortController()
    const { signal } = this.#rotation
    try {
      await makeFolder(this.#directory)
      await access(this.#directory, constants.W_OK)
    } catch (thrown) {
      this.#failure = unavailable(this.#directory, toError(thrown))
      throw this.#failure
    }
    this.#failure = undefined
    if (!this.#format.finishLeft || !context) return
    await this.#inTurn(() => this.#finishLeft(context), context.signal)
    if (this.#intervalMs !== undefined) void this.#rotate(this.#intervalMs, context, signal)
  }

  async export(_time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    const result = await this.#inTurn(() => this.#write(batch, context), context.signal)
    return result ?? retry(new Error(`${this.name}: aborted before all was written`))
  }

  /** Puts what was written on the device. */
  async flush({ signal }: Context): Promise<void> {
    await this.#inTurn(() => this.#files.sync(), signal)
  }

  async stop({ signal, log }: Context): Promise<void> {
    this.#stopped = true
    this.#rotation.abort()
    await this.#inTurn(() => this.#files.close(log), signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  async #finishLeft({ log }: Context): Promise<void> {
    await this.#format.finishLeft?.({ directory: this.#directory, owns: (name) => this.#template.matches(name), log })
  }

  /** Ends files whose time is over also when nothing more comes, where nobody can read them before. */
  async #rotate(intervalMs: number, context: Context, signal: AbortSignal): Promise<void> {
    const { clock, log } = context
    for (;;) {
      await clock.sleep(intervalMs - (clock.now() % intervalMs), signal)
      if (signal.aborted) return
      await this.#inTurn(async () => {
        await this.#files.closeOver({ nowMs: clock.now(), log })
        await this.#finishLeft(context)
      }, signal)
    }
  }

  /** Runs tasks one after another, in the order of the calls. Gives undefined when `signal` aborts before the task is done. */
  #inTurn<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return orAborted(turn, signal)
  }

  async #write(batch: Batch, { signal, clock, deadLetter, log }: Context): Promise<ExportResult> {
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    const nowMs = clock.now()
    const format = deadLetter ? deadLetters(deadLetter, nowMs) : this.#format
    let rejected: readonly Rejection[]
    let header: string
    try {
      this.#writer.clear()
      rejected = format.write(this.#writer, batch)
      header = format.header(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    if (this.#writer.length === 0) return partial(rejected)
    const piece = {
      signal: batch.signal === 'rows' ? `rows-${batch.table.name}` : batch.signal,
      extension: this.#gzip ? `${format.extension}.gz` : format.extension,
      header: await this.#packed(Buffer.from(header)),
      body: await this.#packed(this.#writer.view()),
      open: format.open,
    }
    try {
      await this.#files.append(piece, { nowMs, durable: this.#sync || deadLetter !== undefined, log })
      this.#failure = undefined
    } catch (thrown) {
      this.#failure = thrown as WaybillError
      return retry(this.#failure, { scope: 'destination' })
    }
    return rejected.length > 0 ? partial(rejected) : ok
  }

  /** A gzip file may be several one after another (RFC 1952, 2.2): one for each batch, so that what is written can be read. */
  async #packed(bytes: Uint8Array): Promise<Uint8Array> {
    return this.#gzip && bytes.length > 0 ? compress(bytes) : bytes
  }
}

function formatFor({ fileFormat, compression }: Config, serializer: Serializer | undefined): FileFormat {
  if (fileFormat === 'parquet') return parquet(compression ? { compression } : {})
  if (fileFormat === 'csv') return csv
  return serializer ? serialized(serializer) : jsonLines
}

/** Writes all signals to rotated files of JSON lines, CSV or Parquet. */
export default defineExporter({
  type: 'file',
  summary: 'Writes records to rotated files of JSON lines, CSV or Parquet, compressed or not.',
  stability: 'stable',
  signals,
  config,
  traits: {
    formats: 'JSON lines, CSV, Parquet',
    compression: 'gzip; of Parquet also snappy, zstd',
    authentication: 'none',
    order: 'as given',
    repeats: 'twice',
    limits: 'none',
    tested: 'full disks, kills',
  },
  create: ({ name, config, host }) => new FileExporter({ ...config, name, outputDirectory: config.outputDirectory ?? host.dataDir }),
})
