import { type Context, createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok } from '../core/result.ts'
import { type Failures, ExporterRegistry as Registry } from '../delivery/registry.ts'
import type { BaseExporter, Metrics } from './base-exporter.ts'

/** A class of exporters, as the registry makes instances of it. */
export type ExporterClass<Config extends object = never> = new (config: Config, context: Context) => BaseExporter<object>

interface Sample {
  readonly metrics: Metrics
  readonly unixSeconds: number
}

/** Exporters of a monitor by name, made of classes that were registered. What one of them fails at stops none of the others. */
export class ExporterRegistry {
  readonly #context: Context
  readonly #registry = new Registry<Date, Sample>()
  readonly #exporters = new Map<string, BaseExporter<object>>()

  /** `context` is given to every exporter; its log tells what goes wrong. */
  constructor({ context = createContext() }: { readonly context?: Context } = {}) {
    this.#context = context
  }

  registerExporterClass<Config extends object>(type: string, exporterClass: ExporterClass<Config>): void {
    this.#registry.register(type, (name, config: Config) => {
      const exporter = new exporterClass(config, this.#context)
      this.#exporters.set(name, exporter)
      return registered(name, exporter)
    })
  }

  /**
   * Makes an exporter and keeps it under that name, not started. Throws WaybillError `UNKNOWN_EXPORTER_TYPE` (`Unknown exporter
   * type: X`) or `DUPLICATE_NAME`, and what the class throws of its configuration.
   */
  createExporter(name: string, type: string, config: object = {}): BaseExporter<object> {
    this.#registry.create(name, type, config)
    return this.#exporters.get(name)!
  }

  /** Undefined when there is none of that name. */
  getExporter(name: string): BaseExporter<object> | undefined {
    return this.#exporters.get(name)
  }

  /** What failed, by the names of the exporters. Each start is logged, and each failure. */
  async startAll(): Promise<Failures> {
    const failures = await this.#registry.startAll(this.#context)
    for (const [name, { destination }] of this.#exporters)
      if (!failures.has(name)) this.#context.log.info('started', { exporter: name, destination })
    return failures
  }

  /** What failed, by the names of the exporters; each is logged too. */
  stopAll(): Promise<Failures> {
    return this.#registry.stopAll(this.#context)
  }

  /** Gives a copy of the values to every exporter that is enabled, at once; the results by name. What was not taken is logged. */
  exportMetrics(metrics: Metrics, unixSeconds = this.#context.clock.now() / 1000): Promise<ReadonlyMap<string, ExportResult>> {
    for (const [name, { enabled }] of this.#exporters) this.#registry.enable(name, enabled)
    const sample = { metrics: Object.freeze({ ...metrics }), unixSeconds }
    return this.#registry.exportToAll(new Date(unixSeconds * 1000), sample, this.#context)
  }
}

const registered = (name: string, exporter: BaseExporter<object>): EventExporter<Sample> => ({
  name,
  start: async () => exporter.start(),
  stop: async () => exporter.stop(),
  export: async (_time, { metrics, unixSeconds }) => (await exporter.export(metrics, unixSeconds)) ?? ok,
})
