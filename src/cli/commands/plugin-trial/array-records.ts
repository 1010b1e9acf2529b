/** Records as arrays give them, each with an identity, to try exporters of arrays with. */
import { type AlertData, type AlertingArray, alertOf } from '../../../arrays/third-party/alert-data.ts'
import { type MetricData, pointsOf } from '../../../arrays/third-party/metric-data.ts'
import { type Batch, metrics } from '../../../core/batch.ts'

const timeMs = Date.UTC(2026, 0, 1)
const array: AlertingArray = { id: 'array-1', name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S-1' }
const arrayLabels = { storage_id: array.id, storage_name: array.name, serial_number: array.serial_number }

/** `count` measures, or alerts, of which no two are the same. */
export function arrayBatch(signal: 'metrics' | 'alerts', count: number, tag: string): Batch {
  const identities = Array.from({ length: count }, (_, n) => `${tag}-${n}`)
  if (signal === 'alerts') return { signal, alerts: identities.map((identity) => alertOf(alert(identity), array)) }
  return metrics(identities.flatMap((identity) => pointsOf(measure(identity), arrayLabels)))
}

/** One identity for each record of a batch made here. */
export const identitiesIn = (batch: Batch): readonly string[] =>
  batch.signal === 'metrics'
    ? batch.points.map(({ series: { labels } }) => Object.fromEntries(labels).resource_id!)
    : batch.signal === 'alerts'
      ? batch.alerts.map(({ annotations }) => annotations!.match_key!)
      : []

/** The same of what a `dispatch` is given. */
export const identityOf = (record: MetricData | AlertData): string => ('labels' in record ? record.labels.resource_id! : record.match_key!)

const measure = (identity: string): MetricData => ({
  name: 'iops',
  labels: { resource_type: 'volume', resource_id: identity, type: 'RAW', unit: 'IOPS' },
  values: { [timeMs]: 1 },
})

const alert = (identity: string): AlertData => ({
  alert_id: '1',
  alert_name: 'Link state down',
  severity: 'Critical',
  category: 'Fault',
  type: 'CommunicationsAlarm',
  occur_time: timeMs,
  description: 'A sample.',
  match_key: identity,
})
