import type { Batch } from '../core/batch.ts'
import type { Point } from '../core/point.ts'
import { compileCondition, type Variables } from './condition.ts'

/** What a condition over single records may use; what a record does not have is empty. docs/guide/expressions.md tells more. */
export const recordVariables: Variables = {
  signal: 'string',
  name: 'string',
  value: 'double',
  kind: 'string',
  unit: 'string',
  labels: 'map',
  resource: 'map',
  severity: 'string',
  status: 'string',
  body: 'dyn',
  duration_ms: 'double',
  table: 'string',
  row: 'map',
}

const empty = {
  name: '',
  value: 0,
  kind: '',
  unit: '',
  labels: {},
  resource: {},
  severity: '',
  status: '',
  body: '',
  duration_ms: 0,
  table: '',
  row: {},
}

/** Whether it holds for the record at an index of a batch. */
export type RecordCondition = (batch: Batch, index: number) => boolean

/** A CEL condition over single records. Throws WaybillError `INVALID_EXPRESSION`; the condition throws where it asks for what is not there. */
export function recordCondition(text: string): RecordCondition {
  const condition = compileCondition(text, recordVariables)
  return (batch, index) => condition(valuesOf(batch, index))
}

function valuesOf(batch: Batch, index: number): Readonly<Record<string, unknown>> {
  const { signal } = batch
  switch (signal) {
    case 'metrics':
      return { ...empty, signal, ...ofPoint(batch.points[index]!) }
    case 'traces': {
      const { name, kind = 'internal', startTimeNs, endTimeNs, status, attributes = {}, resource } = batch.spans[index]!
      const duration_ms = Number(endTimeNs - startTimeNs) / 1e6
      return {
        ...empty,
        signal,
        name,
        kind,
        duration_ms,
        status: status?.code ?? 'unset',
        labels: attributes,
        resource: resource?.attributes ?? {},
      }
    }
    case 'logs': {
      const { body, severityText = '', attributes = {}, resource } = batch.records[index]!
      return { ...empty, signal, body, severity: severityText, labels: attributes, resource: resource?.attributes ?? {} }
    }
    case 'alerts': {
      const { name, severity, status, labels } = batch.alerts[index]!
      return { ...empty, signal, name, severity, status, labels }
    }
    case 'rows': {
      const { name, columns } = batch.table
      return { ...empty, signal, table: name, row: Object.fromEntries(columns.map((column, i) => [column.name, batch.rows[index]![i]])) }
    }
  }
}

function ofPoint({ series, value }: Point) {
  const { name, kind, unit = '', labels, resource } = series
  return { name, kind, unit, value: numberOf(value), labels: Object.fromEntries(labels), resource: resource?.attributes ?? {} }
}

/** A distribution stands for its mean. */
const numberOf = (value: Point['value']): number =>
  typeof value === 'number' ? value : value.count === 0 ? 0 : (value.sum ?? 0) / value.count
