import type { Account } from '../core/account.ts'
import { type Batch, batchRecords } from '../core/batch.ts'
import type { EventExporter } from '../core/exporter.ts'
import { atMost, exponential, withoutJitter } from '../core/schedule.ts'
import { AccountedExporter } from '../delivery/accounted.ts'
import { BufferedExporter } from '../delivery/buffered.ts'
import { RetryingExporter } from '../delivery/retrying.ts'
import { SplittingExporter } from '../delivery/splitting.ts'
import { StartingExporter } from '../delivery/starting.ts'
import type { BufferConfig, RetryConfig } from './config/schema.ts'

export interface ChainOptions {
  readonly buffer: BufferConfig
  readonly retry: RetryConfig
  readonly account: Account
  readonly deadLetter: EventExporter<Batch>
}

/** The chain in front of one exporter, in the one order that there is: account and buffer → retrying → splitting → starting → exporter. */
export function assemble(exporter: EventExporter<Batch>, { buffer, retry, account, deadLetter }: ChainOptions): EventExporter<Batch> {
  const records = batchRecords
  const starting = new StartingExporter(exporter)
  const splitting = new SplittingExporter(starting, { records })
  const retrying = new RetryingExporter(splitting, { schedule: scheduleOf(retry), records })
  if (buffer.type === 'none') return new AccountedExporter(retrying, { account, records })
  const { maxRecords, maxBytes } = buffer
  return new BufferedExporter(retrying, { maxRecords, maxBytes, account, deadLetter, records })
}

function scheduleOf({ maxRetries, initialDelay, maxDelay, backoffMultiplier, jitter }: RetryConfig) {
  return atMost(maxRetries, (jitter ? exponential : withoutJitter)(initialDelay, maxDelay, backoffMultiplier))
}
