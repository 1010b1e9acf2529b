import type { MetricsBatch } from '../core/batch.ts'
import type { HealthStatus } from '../core/component.ts'
import { type Context, createContext } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, fromThrown } from '../core/result.ts'
import { BaseExporter, type Metrics } from './base-exporter.ts'
import { sampleBatch } from './sample-batch.ts'

export interface AdaptedOptions<Config> {
  readonly config: Config
  readonly context?: Context | undefined
  /** How long a stop may take to deliver what a buffer still holds. Default 10 s. */
  readonly stopTimeout?: Duration
}

/**
 * Any exporter of metrics, with whatever is around it, as a `BaseExporter`. The first export starts it where nobody has, and one
 * after a stop starts it again: `make` is asked once for each such life, and may answer with the same exporter.
 */
export class AdaptedExporter<Config extends object = object> extends BaseExporter<Config> {
  protected readonly context: Context
  readonly #make: () => EventExporter<MetricsBatch>
  readonly #stopWithinMs: number
  #exporter: EventExporter<MetricsBatch>
  #started: Promise<void> | undefined
  #stopped = false

  constructor(make: () => EventExporter<MetricsBatch>, { config, context = createContext(), stopTimeout = '10s' }: AdaptedOptions<Config>) {
    super(config)
    this.context = context
    this.#make = make
    this.#stopWithinMs = parseDuration(stopTimeout)
    this.#exporter = make()
  }

  override get destination(): string | undefined {
    return this.#exporter.destination
  }

  health(): HealthStatus {
    return this.#exporter.health?.() ?? { state: 'healthy' }
  }

  /** Rejects when it cannot be started, with what to do about it. */
  override start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  /** Never rejects: whatever went wrong is in the result. */
  override async export(metrics: Metrics, unixSeconds: number): Promise<ExportResult> {
    const batch = this.batchOf(metrics, unixSeconds)
    try {
      await this.start()
      return await this.#exporter.export(new Date(unixSeconds * 1000), batch, this.context)
    } catch (thrown) {
      return fromThrown(thrown)
    }
  }

  override async stop(): Promise<void> {
    await this.#started?.catch(() => {})
    this.#started = undefined
    this.#stopped = true
    const deadline = new AbortController()
    const over = new AbortController()
    void this.context.clock.sleep(this.#stopWithinMs, over.signal).then(() => deadline.abort())
    try {
      await this.#exporter.stop?.({ ...this.context, signal: deadline.signal })
    } finally {
      over.abort()
    }
  }

  protected batchOf(metrics: Metrics, unixSeconds: number): MetricsBatch {
    return sampleBatch(metrics, unixSeconds)
  }

  async #start(): Promise<void> {
    if (this.#stopped) this.#exporter = this.#make()
    this.#stopped = false
    try {
      await this.#exporter.start?.(this.context)
    } catch (thrown) {
      this.#started = undefined
      throw thrown
    }
  }
}
