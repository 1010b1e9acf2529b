import type { LogRecord } from '../../core/index.ts'
import { anyValue, attributesOf, attributeValue, keyValues } from './attributes.ts'
import { linked } from './identifiers.ts'
import type { LogRecordMessage } from './messages.ts'
import { isTimeNs, timeOutOfRange } from './times.ts'

/** The attribute that has been a field of its own since OTLP 1.5. */
export const eventName = 'event.name'

/** A log record as OTLP has it, or why it cannot. */
export function logRecordMessage(record: LogRecord): LogRecordMessage | Error {
  const { timeNs, observedTimeNs, severityNumber, severityText, body } = record
  if (!isTimeNs(timeNs) || !isTimeNs(observedTimeNs ?? 0n)) return timeOutOfRange
  const { attributes, traceId, spanId } = linked(record)
  const name = attributes?.[eventName]
  return {
    timeUnixNano: timeNs,
    severityNumber,
    severityText,
    body: body === null ? undefined : anyValue(body),
    attributes: keyValues(attributes),
    traceId,
    spanId,
    observedTimeUnixNano: observedTimeNs,
    eventName: typeof name === 'string' ? name : undefined,
  }
}

/** The log record of a message. One without a time has that of its observation. */
export function logRecordOf(message: LogRecordMessage): LogRecord {
  const { timeUnixNano = 0n, observedTimeUnixNano = 0n, severityNumber, severityText, body, traceId, spanId } = message
  const attributes = { ...(message.eventName && { [eventName]: message.eventName }), ...attributesOf(message.attributes) }
  return {
    timeNs: timeUnixNano || observedTimeUnixNano,
    ...(observedTimeUnixNano && { observedTimeNs: observedTimeUnixNano }),
    ...(severityNumber && { severityNumber }),
    ...(severityText && { severityText }),
    body: attributeValue(body),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(traceId && { traceId }),
    ...(spanId && { spanId }),
  }
}
