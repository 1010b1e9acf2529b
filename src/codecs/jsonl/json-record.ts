import type { Alert, Attributes, Column, Exemplar, LogRecord, Resource, Row, Scope, Span } from '../../core/index.ts'
import { jsonValue } from '../text/json-value.ts'
import { formatMs, formatNs } from '../text/rfc3339.ts'

/** Each kind of record as an object that JSON.stringify can say: times as RFC 3339, what is absent left out. */

export function spanJson(span: Span): object {
  const { startTimeNs, endTimeNs, attributes, events, links, resource, scope, ...rest } = span
  return {
    startTime: formatNs(startTimeNs),
    endTime: formatNs(endTimeNs),
    ...rest,
    ...attributesJson(attributes),
    ...(events && {
      events: events.map((event) => ({ time: formatNs(event.timeNs), name: event.name, ...attributesJson(event.attributes) })),
    }),
    ...(links && { links: links.map(({ attributes, ...link }) => ({ ...link, ...attributesJson(attributes) })) }),
    ...originJson(resource, scope),
  }
}

export function logJson(record: LogRecord): object {
  const { timeNs, observedTimeNs, body, attributes, resource, scope, ...rest } = record
  return {
    time: formatNs(timeNs),
    ...(observedTimeNs !== undefined && { observedTime: formatNs(observedTimeNs) }),
    ...rest,
    body: jsonValue(body),
    ...attributesJson(attributes),
    ...originJson(resource, scope),
  }
}

export function alertJson(alert: Alert): object {
  const { startsAtMs, endsAtMs, ...rest } = alert
  return { startsAt: formatMs(startsAtMs), ...(endsAtMs !== undefined && { endsAt: formatMs(endsAtMs) }), ...rest }
}

/** By column name; cells of `datetime` columns as RFC 3339. */
export function rowJson(columns: readonly Column[], row: Row): object {
  const cell = ({ type }: Column, value: Row[number] | undefined) =>
    type === 'datetime' && typeof value === 'number' ? formatMs(value) : jsonValue(value ?? null)
  return Object.fromEntries(columns.map((column, index) => [column.name, cell(column, row[index])]))
}

export function exemplarJson(exemplar: Exemplar): object {
  const { value, timeMs, attributes, ...rest } = exemplar
  return { value: jsonValue(value), ...(timeMs !== undefined && { time: formatMs(timeMs) }), ...rest, ...attributesJson(attributes) }
}

/** Where it comes from: resource attributes, and the scope with its name. */
export function originJson(resource: Resource | undefined, scope: Scope | undefined): object {
  return {
    ...(resource && { resource: jsonValue(resource.attributes) }),
    ...(scope && {
      scope: { name: scope.name, ...(scope.version !== undefined && { version: scope.version }), ...attributesJson(scope.attributes) },
    }),
  }
}

const attributesJson = (attributes: Attributes | undefined) => attributes && { attributes: jsonValue(attributes) }
