import type { Account } from '../core/account.ts'
import { type Batch, batchRecords } from '../core/batch.ts'
import type { EventExporter } from '../core/exporter.ts'
import { AccountedExporter } from '../delivery/accounted.ts'
import { BufferedExporter } from '../delivery/buffered.ts'
import type { MemoryBudget } from '../delivery/memory-budget.ts'
import { ResilientExporter } from '../delivery/resilient.ts'
import { StartingExporter } from '../delivery/starting.ts'
import type { ExporterConfig } from './config/schema.ts'

export interface ChainOptions {
  readonly delivery: Pick<ExporterConfig, 'buffer' | 'retry' | 'timeout' | 'circuitBreaker'>
  readonly account: Account
  readonly budget: MemoryBudget
  readonly deadLetter: EventExporter<Batch>
  /** What is asked in its place; it is not started or stopped from here. */
  readonly fallback: EventExporter<Batch> | undefined
}

/** The chain in front of one exporter, in the one order that there is: account and buffer → resilient → starting → exporter. */
export function assemble(
  exporter: EventExporter<Batch>,
  { delivery, account, budget, deadLetter, fallback }: ChainOptions,
): EventExporter<Batch> {
  const { buffer, retry, timeout } = delivery
  const circuitBreaker = delivery.circuitBreaker ?? (fallback ? {} : false)
  const records = batchRecords
  const resilient = new ResilientExporter(new StartingExporter(exporter), {
    retry,
    timeout,
    circuitBreaker,
    records,
    ...(fallback && { fallback }),
  })
  if (buffer.type === 'none') return new AccountedExporter(resilient, { account, records })
  const { type, batchSize, ...limits } = buffer
  return new BufferedExporter(resilient, { ...limits, ...(batchSize && { batchSize }), type, account, budget, deadLetter, records })
}
