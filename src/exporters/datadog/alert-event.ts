import { createHash } from 'node:crypto'
import type { Alert, AlertSeverity } from '../../sdk.ts'
import type { Config } from './config.ts'
import { mostAggregationKey, mostText, mostTitle } from './limits.ts'

const alertTypes: Readonly<Record<AlertSeverity, string>> = {
  critical: 'error',
  major: 'error',
  minor: 'warning',
  warning: 'warning',
  info: 'info',
}

/** When an alert began, or ended. */
export const eventTimeMs = ({ status, startsAtMs, endsAtMs }: Alert): number =>
  status === 'resolved' ? (endsAtMs ?? startsAtMs) : startsAtMs

/**
 * An alert as an event (https://docs.datadoghq.com/api/latest/events/#post-an-event). That it fires and that it is resolved are two events
 * that Datadog shows together, for they have the id of the alert as their key.
 */
export function alertEvent(alert: Alert, { tags, apmConfig }: Pick<Config, 'tags' | 'apmConfig'>): object {
  const { id, name, severity, status, labels, annotations = {} } = alert
  const { summary, description, ...others } = annotations
  const lines = [summary, description, ...Object.entries(others).map(([key, value]) => `${key}: ${value}`)].filter(
    (line) => line !== undefined,
  )
  const { host } = labels
  return {
    title: shortened(`${status === 'resolved' ? 'Resolved: ' : ''}${name}`, mostTitle),
    text: shortened(lines.join('\n') || name, mostText),
    alert_type: status === 'resolved' ? 'success' : alertTypes[severity],
    aggregation_key: id.length <= mostAggregationKey ? id : createHash('sha256').update(id).digest('hex'),
    date_happened: Math.floor(eventTimeMs(alert) / 1000),
    priority: severity === 'info' ? 'low' : 'normal',
    source_type_name: 'waybill',
    ...(host !== undefined && { host }),
    tags: [
      ...new Set([
        ...Object.entries(labels).map(([label, value]) => `${label}:${value}`),
        `severity:${severity}`,
        `status:${status}`,
        ...Object.entries(apmConfig).map(([key, value]) => `${key}:${value}`),
        ...tags,
      ]),
    ],
  }
}

const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`
