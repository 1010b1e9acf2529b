import type { Alert } from '../../core/alert.ts'
import { type Batch, metrics, type Signal } from '../../core/batch.ts'
import type { LogRecord } from '../../core/log-record.ts'
import type { Point } from '../../core/point.ts'
import { series } from '../../core/series.ts'
import type { TestRecord } from '../config/test-schema.ts'

/** The records of a test as batches at one time, a batch for each run of records of one signal. */
export function batchesOf(records: readonly TestRecord[], at: Date): readonly Batch[] {
  const batches: Batch[] = []
  let run: TestRecord[] = []
  for (const [index, record] of records.entries()) {
    run.push(record)
    const next = records[index + 1]
    if (next && signalOf(next) === signalOf(record)) continue
    batches.push(batchOf(signalOf(record), run, at.getTime()))
    run = []
  }
  return batches
}

const signalOf = (record: TestRecord): Signal => ('value' in record ? 'metrics' : 'body' in record ? 'logs' : 'alerts')

function batchOf(signal: Signal, run: readonly TestRecord[], timeMs: number): Batch {
  if (signal === 'metrics') return metrics(run.flatMap((record): Point[] => ('value' in record ? [pointOf(record, timeMs)] : [])))
  if (signal === 'logs') return { signal, records: run.flatMap((record): LogRecord[] => ('body' in record ? [logOf(record, timeMs)] : [])) }
  return { signal: 'alerts', alerts: run.flatMap((record): Alert[] => ('alert' in record ? [alertOf(record, timeMs)] : [])) }
}

function pointOf({ name, labels, kind, unit, value }: Extract<TestRecord, { value: number }>, timeMs: number): Point {
  return { series: series(name, labels, { kind, ...(unit !== undefined && { unit }) }), timeMs, value }
}

function logOf({ body, severity, attributes }: Extract<TestRecord, { body: string }>, timeMs: number): LogRecord {
  return { timeNs: BigInt(timeMs) * 1_000_000n, body, attributes, ...(severity !== undefined && { severityText: severity }) }
}

function alertOf({ alert, severity, status, labels }: Extract<TestRecord, { alert: string }>, timeMs: number): Alert {
  return { id: `${alert} ${JSON.stringify(labels)}`, name: alert, severity, status, labels, startsAtMs: timeMs }
}
