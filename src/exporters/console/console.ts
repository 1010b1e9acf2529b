import type { Writable } from 'node:stream'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import {
  type Batch,
  type Context,
  defineExporter,
  type EventExporter,
  type ExportResult,
  type HealthStatus,
  healthy,
  ok,
  recordsOf,
  reject,
  retry,
  signals,
  toError,
  unhealthy,
  WaybillError,
  z,
} from '../../sdk.ts'
import { gridOf } from './grid.ts'
import { layout } from './layout.ts'

const config = z.object({
  format: z
    .enum(['auto', 'table', 'jsonl'])
    .default('auto')
    .describe('`table` for people, `jsonl` for programs; `auto`: a table on a terminal, JSON lines anywhere else.'),
})

/** A stream and, where it is a terminal, what is known of it. */
export type ConsoleStream = Writable & { readonly isTTY?: boolean; readonly columns?: number; hasColors?(): boolean }

export interface ConsoleExporterOptions extends z.input<typeof config> {
  /** Default: `console`. */
  readonly name?: string
  /** Default: the standard output. */
  readonly stream?: ConsoleStream
}

const guarded = new WeakSet<ConsoleStream>()

/**
 * Prints records, as a table or as JSON lines. `ok` means that the stream has passed them on. A stream that is slow holds
 * the export back; one that is closed (`| head`) is answered with `retry` and never ends the process.
 */
export class ConsoleExporter implements EventExporter<Batch> {
  readonly name: string
  readonly #format: 'auto' | 'table' | 'jsonl'
  readonly #stream: ConsoleStream
  readonly #encoder = new JsonLinesEncoder()
  /** Resolves when the last write has been passed on. */
  #last: Promise<unknown> = Promise.resolve()
  #stopped = false
  #failure: WaybillError | undefined

  constructor({ name = 'console', format = 'auto', stream = process.stdout }: ConsoleExporterOptions = {}) {
    this.name = name
    this.#format = format
    this.#stream = stream
    guard(stream)
  }

  async start(): Promise<void> {
    this.#stopped = false
  }

  async export(_time: Date, batch: Batch, { signal }: Context): Promise<ExportResult> {
    if (recordsOf(batch).length === 0) return ok
    let text: string | Uint8Array
    try {
      text = this.#show(batch)
    } catch (thrown) {
      return reject(toError(thrown))
    }
    await orAborted(this.#last, signal)
    if (this.#stopped) return retry(new Error(`${this.name} is stopped`), { scope: 'destination' })
    if (signal.aborted) return retry(new Error(`${this.name}: aborted before anything was written`))
    const written = new Promise<Error | null | undefined>((resolve) => this.#stream.write(text, resolve))
    this.#last = written
    const error = await orAborted(written, signal)
    if (error === aborted) return retry(new Error(`${this.name}: aborted, the stream has not passed on what was written`))
    this.#failure = error ? closed(error) : undefined
    return this.#failure ? retry(this.#failure, { scope: 'destination' }) : ok
  }

  /** Waits for what was written; the stream stays open, since it is another's. */
  async stop({ signal }: Context): Promise<void> {
    this.#stopped = true
    await orAborted(this.#last, signal)
  }

  health(): HealthStatus {
    if (this.#stopped) return { state: 'stopped' }
    return this.#failure ? unhealthy(this.#failure.explain()) : healthy
  }

  #show(batch: Batch): string | Uint8Array {
    const { isTTY = false, columns } = this.#stream
    const format = this.#format === 'auto' ? (isTTY ? 'table' : 'jsonl') : this.#format
    if (format === 'jsonl') return this.#encoder.encode(batch)
    return layout(gridOf(batch), { width: columns || Number.POSITIVE_INFINITY, color: this.#stream.hasColors?.() ?? false })
  }
}

/** A failed write is told to its callback; the event of the same error would end the process if nobody listened. */
function guard(stream: ConsoleStream): void {
  if (guarded.has(stream)) return
  guarded.add(stream)
  stream.on('error', () => {})
}

function closed(error: Error): WaybillError {
  return new WaybillError('DESTINATION_UNAVAILABLE', `cannot write to the console: ${error.message}`, {
    hint: 'whatever read the output is gone: start again, or take the exporter out',
    cause: error,
  })
}

const aborted = Symbol('aborted')

/** What `promise` gives, or `aborted` when `signal` comes first. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | typeof aborted> {
  return new Promise((resolve) => {
    const done = (value: T | typeof aborted) => {
      signal.removeEventListener('abort', giveUp)
      resolve(value)
    }
    const giveUp = () => done(aborted)
    if (signal.aborted) return resolve(aborted)
    signal.addEventListener('abort', giveUp)
    void promise.then(done)
  })
}

/** Prints all signals on the standard output. */
export default defineExporter({
  type: 'console',
  summary: 'Prints records on the standard output: a table on a terminal, JSON lines in a pipe.',
  stability: 'stable',
  signals,
  config,
  traits: {
    formats: 'a table on a terminal, JSON lines in a pipe',
    compression: 'none',
    authentication: 'none',
    order: 'as given',
    repeats: 'twice',
    limits: 'none',
    tested: 'a terminal (tmux) and pipes',
  },
  create: ({ name, config }) => new ConsoleExporter({ ...config, name }),
})
