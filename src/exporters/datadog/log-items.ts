import { jsonText, jsonValue } from '../../codecs/text/json-value.ts'
import type { LogRecord } from '../../sdk.ts'
import type { Config } from './config.ts'
import { originOf, originTags, otherAttributes } from './origin.ts'

/** What Datadog calls a severity (https://docs.datadoghq.com/logs/log_configuration/processors/#log-status-remapper), by its number's quarter. */
const statuses = ['debug', 'debug', 'info', 'warn', 'error', 'critical']

/**
 * A log record as an item of https://docs.datadoghq.com/api/latest/logs/#send-logs: its attributes and those of its resource beside what
 * Datadog knows by name, which stands above them. A body that is no text is the field `body`, and as JSON the message.
 */
export function logItem(record: LogRecord, { tags, apmConfig }: Pick<Config, 'tags' | 'apmConfig'>): object {
  const { timeNs, body, severityNumber, severityText, attributes, traceId, spanId, resource, scope } = record
  const origin = originOf(resource, apmConfig)
  const ddtags = [...new Set([...originTags(origin), ...tags])]
  const status = severityText ?? (severityNumber === undefined ? undefined : statuses[Math.ceil(severityNumber / 4) - 1])
  return {
    ...(jsonValue(otherAttributes(resource)) as object),
    ...(scope && { 'otel.scope.name': scope.name }),
    ...(jsonValue(attributes ?? {}) as object),
    ...(typeof body !== 'string' && { body: jsonValue(body) }),
    ...(traceId && { 'otel.trace_id': traceId, 'dd.trace_id': decimalOf(traceId.slice(-16)) }),
    ...(spanId && { 'otel.span_id': spanId, 'dd.span_id': decimalOf(spanId) }),
    message: typeof body === 'string' ? body : jsonText(body),
    ddsource: 'waybill',
    ...(ddtags.length > 0 && { ddtags: ddtags.join() }),
    ...(origin.host !== undefined && { hostname: origin.host }),
    ...(origin.service !== undefined && { service: origin.service }),
    ...(status !== undefined && { status }),
    timestamp: Number(timeNs / 1_000_000n),
  }
}

/** 64 bits of an identifier, as Datadog writes them. */
const decimalOf = (hex: string): string => (/^[\da-f]+$/i.test(hex) ? String(BigInt(`0x${hex}`)) : hex)
