import type { Alert, Batch, Column, LogRecord, MetricsBatch, Row, Span } from '../../core/index.ts'
import { formatMs, formatNs } from '../text/rfc3339.ts'

/** A batch as CSV has it. */
export interface CsvTable {
  readonly names: readonly string[]
  rows(): readonly (readonly unknown[])[]
}

type Columns<T> = Readonly<Record<string, (record: T) => unknown>>

export const pointNames: readonly string[] = ['time', 'name', 'value', 'unit', 'kind', 'labels']

/** Of every signal but metrics, whose points come in too great a number for a list of cells each. */
export function tableOf(batch: Exclude<Batch, MetricsBatch>): CsvTable {
  switch (batch.signal) {
    case 'traces':
      return table(spanColumns, batch.spans)
    case 'logs':
      return table(logColumns, batch.records)
    case 'alerts':
      return table(alertColumns, batch.alerts)
    case 'rows':
      return { names: batch.table.columns.map(({ name }) => name), rows: () => batch.rows.map((row) => rowCells(batch.table.columns, row)) }
  }
}

function table<T>(columns: Columns<T>, records: readonly T[]): CsvTable {
  const cells = Object.values(columns)
  return { names: Object.keys(columns), rows: () => records.map((record) => cells.map((cell) => cell(record))) }
}

/** Cells of `datetime` columns as RFC 3339. */
const rowCells = (columns: readonly Column[], row: Row): readonly unknown[] =>
  columns.map(({ type }, index) => (type === 'datetime' && typeof row[index] === 'number' ? formatMs(row[index]) : row[index]))

const spanColumns: Columns<Span> = {
  start_time: ({ startTimeNs }) => formatNs(startTimeNs),
  end_time: ({ endTimeNs }) => formatNs(endTimeNs),
  trace_id: ({ traceId }) => traceId,
  span_id: ({ spanId }) => spanId,
  parent_span_id: ({ parentSpanId }) => parentSpanId,
  name: ({ name }) => name,
  kind: ({ kind }) => kind,
  status: ({ status }) => status?.code,
  status_message: ({ status }) => status?.message,
  attributes: ({ attributes }) => attributes,
  resource: ({ resource }) => resource?.attributes,
}

const logColumns: Columns<LogRecord> = {
  time: ({ timeNs }) => formatNs(timeNs),
  severity_number: ({ severityNumber }) => severityNumber,
  severity_text: ({ severityText }) => severityText,
  body: ({ body }) => body,
  attributes: ({ attributes }) => attributes,
  trace_id: ({ traceId }) => traceId,
  span_id: ({ spanId }) => spanId,
  resource: ({ resource }) => resource?.attributes,
}

const alertColumns: Columns<Alert> = {
  starts_at: ({ startsAtMs }) => formatMs(startsAtMs),
  ends_at: ({ endsAtMs }) => (endsAtMs === undefined ? undefined : formatMs(endsAtMs)),
  id: ({ id }) => id,
  name: ({ name }) => name,
  severity: ({ severity }) => severity,
  status: ({ status }) => status,
  labels: ({ labels }) => labels,
  annotations: ({ annotations }) => annotations,
}
