import { type Batch, type Context, createContext, type EventExporter, errorOf, recordsOf, toError } from '../../core/index.ts'
import type { Callback } from './sdk-types.ts'

export interface BridgeOptions {
  /** Parts of the context that the exporter is called with; the rest is as `createContext` makes it. */
  readonly context?: Partial<Context>
}

/**
 * Stands between the OpenTelemetry SDK and an exporter. The exporter is started by the first export. Anything but `ok` is a failure to
 * the SDK, which tries nothing again: put a `BufferedExporter` in between where what is exported is to be kept.
 */
export class Bridge {
  readonly #exporter: EventExporter<Batch>
  readonly #context: Context
  #starting: Promise<void> | undefined
  #shutDown = false

  constructor(exporter: EventExporter<Batch>, { context }: BridgeOptions = {}) {
    this.#exporter = exporter
    this.#context = createContext(context)
  }

  /** What is waiting has been sent when it resolves, as far as the exporter holds anything back. */
  async forceFlush(): Promise<void> {
    await this.#exporter.flush?.(this.#context)
  }

  async shutdown(): Promise<void> {
    this.#shutDown = true
    await this.#exporter.stop?.(this.#context)
  }

  /** Calls `done` once, and never throws. */
  protected send(makeBatch: () => Batch, done: Callback): void {
    void this.#send(makeBatch).then(
      (error) => done(error ? { code: 1, error } : { code: 0 }),
      (thrown) => done({ code: 1, error: toError(thrown) }),
    )
  }

  async #send(makeBatch: () => Batch): Promise<Error | undefined> {
    if (this.#shutDown) return new Error(`${this.#exporter.name} has been shut down`)
    const batch = makeBatch()
    if (recordsOf(batch).length === 0) return undefined
    await this.#start()
    const now = new Date(this.#context.clock.now())
    return errorOf(await this.#exporter.export(now, batch, this.#context))
  }

  #start(): Promise<void> {
    this.#starting ??= Promise.resolve(this.#exporter.start?.(this.#context)).catch((thrown) => {
      this.#starting = undefined
      throw thrown
    })
    return this.#starting
  }
}
