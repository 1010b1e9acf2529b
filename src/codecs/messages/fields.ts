import type { Alert, Attributes, Batch, Column, Label, LogRecord, Point, Row, Span } from '../../core/index.ts'

/** What addresses and keys of messages may be made from, of one record. */
export interface RecordFields {
  /** Of the series, span, alert or table; of a log its severity. Undefined where it has none. */
  readonly name: string | undefined
  /** What it belongs to: the key of a point’s series, the trace of a span, the id of an alert. */
  readonly id: string | undefined
  /** A label, an attribute, or what stands in a column; else an attribute of its resource. */
  label(name: string): string | undefined
}

/** The fields of the record at `index`. */
export function fieldsOf(batch: Batch, index: number): RecordFields {
  switch (batch.signal) {
    case 'metrics':
      return ofPoint(batch.points[index]!)
    case 'traces':
      return ofSpan(batch.spans[index]!)
    case 'logs':
      return ofLog(batch.records[index]!)
    case 'alerts':
      return ofAlert(batch.alerts[index]!)
    case 'rows':
      return ofRow(batch.table.name, batch.table.columns, batch.rows[index]!)
  }
}

const ofPoint = ({ series: { name, key, labels, resource } }: Point): RecordFields => ({
  name,
  id: key,
  label: (label) => labelIn(labels, label) ?? attributeIn(resource?.attributes, label),
})

const ofSpan = ({ name, traceId, attributes, resource }: Span): RecordFields => ({
  name,
  id: traceId,
  label: (label) => attributeIn(attributes, label) ?? attributeIn(resource?.attributes, label),
})

const ofLog = ({ severityText, attributes, resource }: LogRecord): RecordFields => ({
  name: severityText,
  id: undefined,
  label: (label) => attributeIn(attributes, label) ?? attributeIn(resource?.attributes, label),
})

const ofAlert = ({ name, id, labels }: Alert): RecordFields => ({
  name,
  id,
  label: (label) => attributeIn(labels, label),
})

const ofRow = (name: string, columns: readonly Column[], row: Row): RecordFields => ({
  name,
  id: undefined,
  label: (label) => textOf(row[columns.findIndex((column) => column.name === label)]),
})

const labelIn = (labels: readonly Label[], name: string): string | undefined => labels.find(([label]) => label === name)?.[1]

const attributeIn = (attributes: Attributes | undefined, name: string): string | undefined =>
  attributes && Object.hasOwn(attributes, name) ? textOf(attributes[name]) : undefined

/** Nothing of what is no single value. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
    ? String(value)
    : undefined
