import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { EventExporter } from '../core/exporter.ts'
import { retry } from '../core/result.ts'
import { MultiExporter } from '../delivery/multi.ts'
import type { LoadedConfig } from './config/load.ts'
import { Gate } from './gate.ts'
import { type Instances, unlimited } from './instances.ts'
import type { Pipeline } from './pipeline.ts'

/** Where sources and receivers hand over what they have: the pipelines that take from them, as they are at that moment. */
export class Intakes {
  readonly #gate = new Gate()
  readonly #exporters = new Map<string, EventExporter<Batch>>()
  #pipelines: readonly { readonly pipeline: Pipeline; readonly from: readonly string[] }[] = []

  /**
   * Replaces the pipelines by those of another configuration, between two batches. `also` happens at the same moment.
   * Tells whether it did: not when the signal aborts while a batch is still under way.
   */
  change(config: LoadedConfig, { pipelines }: Instances, { signal, also }: { signal: AbortSignal; also?: () => void }): Promise<boolean> {
    return this.#gate.change(() => {
      this.#pipelines = config.file.pipelines.map(({ from }, index) => ({ pipeline: pipelines[index]!, from }))
      this.#exporters.clear()
      also?.()
    }, signal)
  }

  /** The pipelines that take from that source or receiver. */
  pipelinesOf(name: string): readonly Pipeline[] {
    return this.#pipelines.filter(({ from }) => from.includes(name)).map(({ pipeline }) => pipeline)
  }

  /** All of them as one exporter, which stays good when they change. */
  of(name: string): EventExporter<Batch> {
    return { name, export: (time, batch, context) => this.#gate.pass(() => this.#current(name).export(time, batch, context)) }
  }

  #current(name: string): EventExporter<Batch> {
    const known = this.#exporters.get(name)
    if (known) return known
    const pipelines = this.pipelinesOf(name)
    const made =
      pipelines.length > 0
        ? new MultiExporter(pipelines, { name, ...unlimited, records: batchRecords })
        : { name, export: async () => retry(new Error(`no pipeline takes from ${name}`)) }
    this.#exporters.set(name, made)
    return made
  }
}
