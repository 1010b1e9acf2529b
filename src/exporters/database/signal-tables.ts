import { jsonText } from '../../codecs/text/json-value.ts'
import type { Alert, AlertsBatch, LogRecord, LogsBatch, Scope, Span, TracesBatch } from '../../sdk.ts'
import type { ColumnKind, SqlValue, TableRows } from './table-shape.ts'
import { tabulate } from './tabulate.ts'
import { timeOfMs, timeOfNs } from './values.ts'

type Columns<R> = Readonly<Record<string, readonly [kind: ColumnKind, read: (record: R) => SqlValue | undefined]>>

/** Spans, logs and alerts as rows of the table `name`, a row each. Metrics and rows come in layouts of their own. */
export function signalRows(name: string, batch: TracesBatch | LogsBatch | AlertsBatch): TableRows {
  switch (batch.signal) {
    case 'traces':
      return rowsOf({ name, columns: spanColumns, key: ['trace_id', 'span_id'] }, batch.spans)
    case 'logs':
      return rowsOf({ name, columns: logColumns, key: [] }, batch.records)
    case 'alerts':
      return rowsOf({ name, columns: alertColumns, key: ['id', 'starts_at', 'status'] }, batch.alerts)
  }
}

function rowsOf<R>(
  { name, columns, key }: { name: string; columns: Columns<R>; key: readonly string[] },
  records: readonly R[],
): TableRows {
  const readers = Object.values(columns).map(([, read]) => read)
  // Each signal has its time first.
  const [time] = Object.keys(columns)
  const table = { name, columns: Object.entries(columns).map(([name, [kind]]) => ({ name, kind })), key, time: time! }
  return tabulate(table, records, (record) => readers.map((read) => read(record) ?? null))
}

const json = (value: unknown): string | undefined => (value === undefined ? undefined : jsonText(value))
const scopeJson = (scope: Scope | undefined) =>
  scope && jsonText({ name: scope.name, version: scope.version, attributes: scope.attributes })

const spanColumns: Columns<Span> = {
  start_time: ['time', ({ startTimeNs }) => timeOfNs(startTimeNs)],
  end_time: ['time', ({ endTimeNs }) => timeOfNs(endTimeNs)],
  duration_ms: ['real', ({ startTimeNs, endTimeNs }) => Number(endTimeNs - startTimeNs) / 1e6],
  name: ['text', ({ name }) => name],
  kind: ['text', ({ kind }) => kind],
  status: ['text', ({ status }) => status?.code],
  status_message: ['text', ({ status }) => status?.message],
  trace_id: ['text', ({ traceId }) => traceId],
  span_id: ['text', ({ spanId }) => spanId],
  parent_span_id: ['text', ({ parentSpanId }) => parentSpanId],
  trace_state: ['text', ({ traceState }) => traceState],
  attributes: ['json', ({ attributes }) => json(attributes)],
  events: ['json', ({ events }) => json(events?.map(({ timeNs, ...event }) => ({ time: timeOfNs(timeNs), ...event })))],
  links: ['json', ({ links }) => json(links)],
  resource: ['json', ({ resource }) => json(resource?.attributes)],
  scope: ['json', ({ scope }) => scopeJson(scope)],
}

const logColumns: Columns<LogRecord> = {
  time: ['time', ({ timeNs }) => timeOfNs(timeNs)],
  observed_time: ['time', ({ observedTimeNs }) => (observedTimeNs === undefined ? undefined : timeOfNs(observedTimeNs))],
  severity_number: ['integer', ({ severityNumber }) => severityNumber],
  severity_text: ['text', ({ severityText }) => severityText],
  body: ['text', ({ body }) => (typeof body === 'string' ? body : json(body))],
  attributes: ['json', ({ attributes }) => json(attributes)],
  trace_id: ['text', ({ traceId }) => traceId],
  span_id: ['text', ({ spanId }) => spanId],
  resource: ['json', ({ resource }) => json(resource?.attributes)],
  scope: ['json', ({ scope }) => scopeJson(scope)],
}

const alertColumns: Columns<Alert> = {
  starts_at: ['time', ({ startsAtMs }) => timeOfMs(startsAtMs)],
  ends_at: ['time', ({ endsAtMs }) => (endsAtMs === undefined ? undefined : timeOfMs(endsAtMs))],
  id: ['text', ({ id }) => id],
  name: ['text', ({ name }) => name],
  severity: ['text', ({ severity }) => severity],
  status: ['text', ({ status }) => status],
  labels: ['json', ({ labels }) => json(labels)],
  annotations: ['json', ({ annotations }) => json(annotations)],
}
