import {
  type Alert,
  type Attributes,
  type Cell,
  type Column,
  type LogRecord,
  type Point,
  type Resource,
  type Row,
  resource,
  type Scope,
  type Span,
  scope,
  series,
} from '../../core/index.ts'
import { readExemplar, readPointValue } from './read-point-value.ts'
import * as read from './read-value.ts'
import { type Fields, listOf, oneOf, optional, present, required } from './read-value.ts'

/** Each kind of record from the object that is written of it. Fields that it does not have are passed over. */

/** Without a time it is of `nowMs`, where that is given; without a kind it is a gauge. */
export function readPoint(fields: Fields, nowMs?: number): Point {
  const describe = present({
    kind: optional(fields, 'kind', oneOf('gauge', 'counter', 'histogram', 'summary')),
    temporality: optional(fields, 'temporality', oneOf('cumulative', 'delta')),
    monotonic: optional(fields, 'monotonic', read.boolean),
    unit: optional(fields, 'unit', read.text),
  })
  const labels = optional(fields, 'labels', read.texts)
  return {
    series: series(required(fields, 'name', read.text), labels, { ...describe, ...originOf(fields) }),
    timeMs: optional(fields, 'time', read.timeMs) ?? nowMs ?? required(fields, 'time', read.timeMs),
    value: required(fields, 'value', readPointValue),
    ...present({
      startTimeMs: optional(fields, 'startTime', read.timeMs),
      stale: optional(fields, 'stale', read.boolean) || undefined,
      exemplars: optional(fields, 'exemplars', listOf(readExemplar)),
    }),
  }
}

export function readSpan(fields: Fields): Span {
  return {
    ...idsOf(fields),
    name: required(fields, 'name', read.text),
    startTimeNs: required(fields, 'startTime', read.timeNs),
    endTimeNs: required(fields, 'endTime', read.timeNs),
    ...present({
      parentSpanId: optional(fields, 'parentSpanId', read.text),
      kind: optional(fields, 'kind', oneOf('internal', 'server', 'client', 'producer', 'consumer')),
      events: optional(fields, 'events', listOf(readEvent)),
      links: optional(fields, 'links', listOf(readLink)),
      status: optional(fields, 'status', readStatus),
    }),
    ...originOf(fields),
  }
}

/** Without a time it is of `nowMs`, where that is given. */
export function readLog(fields: Fields, nowMs?: number): LogRecord {
  return {
    timeNs: optional(fields, 'time', read.timeNs) ?? (nowMs === undefined ? required(fields, 'time', read.timeNs) : read.timeNs(nowMs)),
    body: required(fields, 'body', read.attribute),
    ...attributesOf(fields),
    ...present({
      observedTimeNs: optional(fields, 'observedTime', read.timeNs),
      severityNumber: optional(fields, 'severityNumber', read.number),
      severityText: optional(fields, 'severityText', read.text),
      traceId: optional(fields, 'traceId', read.text),
      spanId: optional(fields, 'spanId', read.text),
    }),
    ...originOf(fields),
  }
}

export function readAlert(fields: Fields): Alert {
  return {
    id: required(fields, 'id', read.text),
    name: required(fields, 'name', read.text),
    severity: required(fields, 'severity', oneOf('critical', 'major', 'minor', 'warning', 'info')),
    status: required(fields, 'status', oneOf('firing', 'resolved')),
    startsAtMs: required(fields, 'startsAt', read.timeMs),
    labels: optional(fields, 'labels', read.texts) ?? {},
    ...present({
      endsAtMs: optional(fields, 'endsAt', read.timeMs),
      annotations: optional(fields, 'annotations', read.texts),
    }),
  }
}

/** A column that is missing is null. A cell that does not fit the type of its column stays as it is: nothing checked it when it was written. */
export const readRow = (fields: Fields, columns: readonly Column[]): Row =>
  columns.map((column) => readCell(column, Object.hasOwn(fields, column.name) ? fields[column.name] : null))

function readCell({ type }: Column, value: unknown): Cell {
  if (type === 'datetime' && typeof value === 'string') return fitting(value, read.timeMs)
  if (type === 'real' && typeof value === 'string') return fitting(value, read.number)
  if (type === 'int' && typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  return value as Cell
}

function fitting(value: string, reader: (value: unknown) => Cell): Cell {
  try {
    return reader(value)
  } catch {
    return value
  }
}

const readEvent = (value: unknown) => {
  const fields = read.fields(value)
  return { timeNs: required(fields, 'time', read.timeNs), name: required(fields, 'name', read.text), ...attributesOf(fields) }
}

const readLink = (value: unknown) => idsOf(read.fields(value))

function readStatus(value: unknown): NonNullable<Span['status']> {
  const fields = read.fields(value)
  return {
    code: required(fields, 'code', oneOf('unset', 'ok', 'error')),
    ...present({ message: optional(fields, 'message', read.text) }),
  }
}

const idsOf = (fields: Fields) => ({
  traceId: required(fields, 'traceId', read.text),
  spanId: required(fields, 'spanId', read.text),
  ...present({ traceState: optional(fields, 'traceState', read.text) }),
  ...attributesOf(fields),
})

const attributesOf = (fields: Fields): { attributes?: Attributes } =>
  present({ attributes: optional(fields, 'attributes', read.attributes) })

const originOf = (fields: Fields): { resource?: Resource; scope?: Scope } =>
  present({
    resource: optional(fields, 'resource', (value) => resource(read.attributes(value))),
    scope: optional(fields, 'scope', readScope),
  })

function readScope(value: unknown): Scope {
  const fields = read.fields(value)
  const { attributes } = attributesOf(fields)
  return scope(required(fields, 'name', read.text), optional(fields, 'version', read.text), attributes)
}
