import type { Alert } from './alert.ts'
import type { LogRecord } from './log-record.ts'
import type { Point } from './point.ts'
import type { Row, Table } from './rows.ts'
import type { Span } from './span.ts'

/** Records of one signal that travel together. Never changed once handed on. */
export type Batch = MetricsBatch | TracesBatch | LogsBatch | AlertsBatch | RowsBatch

export type Signal = Batch['signal']
export const signals: readonly Signal[] = ['metrics', 'traces', 'logs', 'alerts', 'rows']

export interface MetricsBatch {
  readonly signal: 'metrics'
  readonly points: readonly Point[]
}
export interface TracesBatch {
  readonly signal: 'traces'
  readonly spans: readonly Span[]
}
export interface LogsBatch {
  readonly signal: 'logs'
  readonly records: readonly LogRecord[]
}
export interface AlertsBatch {
  readonly signal: 'alerts'
  readonly alerts: readonly Alert[]
}
/** Rows of one named table. */
export interface RowsBatch {
  readonly signal: 'rows'
  readonly table: Table
  readonly rows: readonly Row[]
}

/** The batch of that signal. */
export type BatchOf<S extends Signal> = Extract<Batch, { signal: S }>

export const metrics = (points: readonly Point[]): MetricsBatch => ({ signal: 'metrics', points })

/** The records of a batch, whatever its signal. */
export function recordsOf(batch: Batch): readonly (Point | Span | LogRecord | Alert | Row)[] {
  switch (batch.signal) {
    case 'metrics':
      return batch.points
    case 'traces':
      return batch.spans
    case 'logs':
      return batch.records
    case 'alerts':
      return batch.alerts
    case 'rows':
      return batch.rows
  }
}

/** The batch with other records of the same signal (and table). */
export function withRecords<B extends Batch>(batch: B, records: readonly unknown[]): B {
  const field = { metrics: 'points', traces: 'spans', logs: 'records', alerts: 'alerts', rows: 'rows' }[batch.signal]
  return { ...batch, [field]: records }
}
