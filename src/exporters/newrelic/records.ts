import { jsonText } from '../../codecs/text/json-value.ts'
import type { Alert, LogRecord, Span } from '../../sdk.ts'
import { flat } from './attributes.ts'

const ms = (timeNs: bigint): number => Number(timeNs / 1_000_000n)

/** https://docs.newrelic.com/docs/distributed-tracing/trace-api/report-new-relic-format-traces-trace-api/. */
export function spanData({
  traceId,
  spanId,
  parentSpanId,
  name,
  kind,
  startTimeNs,
  endTimeNs,
  attributes,
  events,
  status,
  resource,
  scope,
}: Span) {
  const thrown = events?.findLast((event) => event.name === 'exception')?.attributes
  const message = status?.message ?? thrown?.['exception.message']
  return {
    id: spanId,
    'trace.id': traceId,
    timestamp: ms(startTimeNs),
    attributes: {
      ...flat(resource?.attributes),
      ...(scope && { 'otel.library.name': scope.name }),
      ...flat(attributes),
      ...(events?.length && {
        'span.events': jsonText(events.map(({ timeNs, ...event }) => ({ timestamp: ms(timeNs), ...event }))).slice(0, 4096),
      }),
      ...(kind && { 'span.kind': kind }),
      ...(status?.code === 'error' && { ...(message !== undefined && flat({ 'error.message': message })), 'otel.status_code': 'ERROR' }),
      'duration.ms': Number(endTimeNs - startTimeNs) / 1e6,
      name,
      ...(parentSpanId && { 'parent.id': parentSpanId }),
    },
  }
}

/** https://docs.newrelic.com/docs/logs/log-api/introduction-log-api/. */
export function logData({ timeNs, body, severityText, severityNumber, attributes, traceId, spanId, resource, scope }: LogRecord) {
  const level = severityText ?? (severityNumber === undefined ? undefined : levels[Math.ceil(severityNumber / 4) - 1])
  return {
    timestamp: ms(timeNs),
    message: typeof body === 'string' ? body : jsonText(body),
    attributes: {
      ...flat(resource?.attributes),
      ...(scope && { 'otel.library.name': scope.name }),
      ...flat(attributes),
      ...(level !== undefined && { level }),
      ...(traceId && { 'trace.id': traceId }),
      ...(spanId && { 'span.id': spanId }),
    },
  }
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']

/** When an alert began, or ended. */
export const alertTimeMs = ({ status, startsAtMs, endsAtMs }: Alert): number =>
  status === 'resolved' ? (endsAtMs ?? startsAtMs) : startsAtMs

/** An alert as an event of the type `WaybillAlert`: one when it fires, another when it is resolved. */
export function alertData(alert: Alert) {
  const { id, name, severity, status, startsAtMs, endsAtMs, labels, annotations } = alert
  return {
    ...flat(annotations),
    ...flat(labels),
    alertId: id,
    alertName: name,
    severity,
    status,
    startsAt: Math.floor(startsAtMs),
    ...(endsAtMs !== undefined && { endsAt: Math.floor(endsAtMs) }),
    timestamp: Math.floor(alertTimeMs(alert)),
    eventType: 'WaybillAlert',
  }
}
