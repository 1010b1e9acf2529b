import type { Batch, Signal } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { PipelineAccount } from '../core/pipeline-account.ts'
import { Receipt } from '../core/receipt.ts'
import { type ExportResult, ok, reject, toError } from '../core/result.ts'
import type { Processor } from '../core/source.ts'
import { attempt } from '../delivery/attempt.ts'

/** A processor and the signals that it takes; batches of others pass it by. */
export interface Step {
  readonly processor: Processor
  readonly signals: readonly Signal[]
}

export interface PipelineOptions {
  readonly name: string
  readonly account: PipelineAccount
  readonly steps: readonly Step[]
  readonly to: EventExporter<Batch>
  /** Shown every batch that is handed on. */
  readonly show?: (batch: Batch) => void
  /** Undefined: all. */
  readonly signals: readonly Signal[] | undefined
  /** Undefined: always. What it throws is no match. */
  readonly when?: ((batch: Batch) => boolean) | undefined
}

/**
 * What flows where: processors in order, then the exporters, each with an account of its own. This account is of what the
 * pipeline was given: handed on, filtered by a processor, unmatched (of a signal that it does not carry, or a condition does not hold), or refused.
 */
export class Pipeline implements EventExporter<Batch> {
  readonly name: string
  readonly #options: PipelineOptions
  /** So that a condition that goes on failing is told of once. */
  #conditionFails = false

  constructor(options: PipelineOptions) {
    this.name = options.name
    this.#options = options
  }

  async export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    const { account } = this.#options
    const received = batchRecords.count(batch)
    if (!this.#matches(batch, context)) {
      account.post({ received, unmatched: received })
      return ok
    }
    const filtered = new Map<string, number>()
    const processed = await this.#process(batch, filtered, context).catch(toError)
    if (processed instanceof Error) {
      account.post({ received, refused: received })
      return reject(processed)
    }
    const left = processed ? batchRecords.count(processed) : 0
    if (processed && left > 0) this.#options.show?.(processed)
    const receipt = new Receipt()
    const result = processed && left > 0 ? await attempt(this.#options.to, time, processed, { ...context, receipt }) : ok
    const unmatched = receipt.dropped.get('unmatched') ?? 0
    account.post(result.status === 'ok' ? { received, handedOn: left - unmatched, unmatched, filtered } : { received, refused: received })
    return result
  }

  #matches(batch: Batch, { log }: Context): boolean {
    const { signals, when } = this.#options
    if (signals && !signals.includes(batch.signal)) return false
    try {
      const matches = when?.(batch) ?? true
      this.#conditionFails = false
      return matches
    } catch (thrown) {
      if (!this.#conditionFails)
        log.warn('the condition cannot be told, which is no match', { pipeline: this.name, error: toError(thrown) })
      this.#conditionFails = true
      return false
    }
  }

  async #process(batch: Batch, filtered: Map<string, number>, context: Context): Promise<Batch | undefined> {
    let current: Batch | undefined = batch
    for (const { processor, signals } of this.#options.steps) {
      if (!current || !signals.includes(current.signal)) continue
      const before = batchRecords.count(current)
      current = await processor.process(current, context)
      const gone = before - (current ? batchRecords.count(current) : 0)
      if (gone > 0) filtered.set(processor.name, (filtered.get(processor.name) ?? 0) + gone)
    }
    return current
  }
}
