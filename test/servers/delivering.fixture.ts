/** An exporter of metrics as the agent has it: behind a buffer that keeps its books. */
import {
  Account,
  BufferedExporter,
  batchRecords,
  type EventExporter,
  type MetricsBatch,
  ok,
  type Point,
  type RecordType,
  ResilientExporter,
} from '../../src/index.ts'

export interface DeadLetters {
  readonly points: readonly Point[]
  readonly reason: string
}

const records = batchRecords as RecordType<MetricsBatch>

export function delivering(exporter: EventExporter<MetricsBatch>) {
  const account = new Account(exporter.name, { strict: true })
  const letters: DeadLetters[] = []
  const deadLetter: EventExporter<MetricsBatch> = {
    name: 'dead-letters',
    async export(_time, { points }, { deadLetter }) {
      letters.push({ points, reason: deadLetter!.error.message })
      return ok
    },
  }
  const retry = { maxRetries: 1, initialDelay: 50, maxDelay: 200 }
  const resilient = new ResilientExporter(exporter, { retry, circuitBreaker: false, records })
  return { account, letters, buffer: new BufferedExporter(resilient, { account, deadLetter, records, pace: () => 200 }) }
}
