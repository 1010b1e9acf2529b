import type { Alert, AlertSeverity, Attributes, LogRecord } from '../../core/index.ts'
import { eventName } from './log-records.ts'
import { isTimeMs, toNanoseconds } from './times.ts'

/** As numbers of severity, of which FATAL begins with 21, ERROR with 17, WARN with 13, INFO with 9. */
const severityNumbers: Readonly<Record<AlertSeverity, number>> = { critical: 21, major: 17, minor: 14, warning: 13, info: 9 }

/** An alert as an event: a log record with a name, at the time when it began or ended. */
export function alertRecord(alert: Alert): LogRecord {
  const { id, name, severity, status, startsAtMs, endsAtMs, labels, annotations } = alert
  const attributes: Attributes = {
    [eventName]: 'alert',
    'alert.id': id,
    'alert.name': name,
    'alert.status': status,
    'alert.starts_at': startsAtMs,
    ...(endsAtMs !== undefined && { 'alert.ends_at': endsAtMs }),
    'alert.labels': labels,
    ...(annotations && { 'alert.annotations': annotations }),
  }
  const timeMs = status === 'resolved' ? (endsAtMs ?? startsAtMs) : startsAtMs
  return {
    timeNs: isTimeMs(timeMs) ? toNanoseconds(timeMs) : -1n,
    severityNumber: severityNumbers[severity],
    severityText: severity,
    body: annotations?.summary ?? annotations?.description ?? name,
    attributes,
  }
}
