/** What a storage array complains of, as exporters of arrays are given it, and as an alert: neither form loses what the other has. */
import type { Alert, AlertSeverity } from '../../sdk.ts'

export const severities = ['Fatal', 'Critical', 'Major', 'Minor', 'Warning', 'Informational', 'NotSpecified'] as const

/** An alert of a storage array. */
export interface AlertData {
  readonly alert_id: string
  readonly alert_name: string
  readonly severity: (typeof severities)[number]
  /** A `Recovery` ends the `Fault` with the same match key. */
  readonly category: 'Fault' | 'Event' | 'Recovery' | 'NotSpecified'
  /** `EquipmentAlarm`, `CommunicationsAlarm`, … */
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly occur_time: number
  readonly sequence_number?: string | number
  readonly description?: string
  readonly recovery_advice?: string
  readonly resource_type?: string
  readonly location?: string
  /** The same for the same trouble. Default: its name and location. */
  readonly match_key?: string
  /** Of the array, as Waybill fills them in. */
  readonly storage_id?: string
  readonly storage_name?: string
  readonly vendor?: string
  readonly model?: string
  readonly serial_number?: string
}

/** The array that an alert is of. */
export interface AlertingArray {
  readonly id: string
  readonly name: string
  readonly vendor: string
  readonly model: string
  readonly serial_number: string
}

const known: Readonly<Record<AlertData['severity'], AlertSeverity>> = {
  Fatal: 'critical',
  Critical: 'critical',
  Major: 'major',
  Minor: 'minor',
  Warning: 'warning',
  Informational: 'info',
  NotSpecified: 'info',
}

/** What does not change while the trouble lasts: its labels. All else is in the annotations. */
const identifying = ['storage_id', 'storage_name', 'vendor', 'model', 'serial_number', 'type', 'location', 'resource_type'] as const

/** What two alerts of an array about the same trouble share. */
export const matchKeyOf = ({ match_key, alert_name, location = '' }: AlertData): string =>
  match_key || (location === '' ? alert_name : `${alert_name}|${location}`)

/** The alert of an array: `<id of the array>/<match key>`, resolved by a recovery. */
export function alertOf(alert: AlertData, { id, name, vendor, model, serial_number }: AlertingArray): Alert {
  const all = { resource_type: 'Storage', ...alert, storage_id: id, storage_name: name, vendor, model, serial_number }
  const { occur_time: timeMs, alert_name, severity, category } = alert
  const told = Object.entries(all).filter(
    ([key, value]) => value !== undefined && value !== '' && key !== 'alert_name' && key !== 'occur_time',
  )
  const isLabel = ([key]: readonly [string, unknown]) => (identifying as readonly string[]).includes(key)
  const texts = (entries: typeof told) => Object.fromEntries(entries.map(([key, value]) => [key, String(value)]))
  return {
    id: `${id}/${matchKeyOf(alert)}`,
    name: alert_name,
    severity: known[severity] ?? 'info',
    status: category === 'Recovery' ? 'resolved' : 'firing',
    startsAtMs: timeMs,
    ...(category === 'Recovery' && { endsAtMs: timeMs }),
    labels: texts(told.filter(isLabel)),
    annotations: texts(told.filter((entry) => !isLabel(entry))),
  }
}

/** Any alert as one of an array: what is resolved is a `Recovery`. */
export function alertData({ id, name, severity, status, startsAtMs, endsAtMs, labels, annotations = {} }: Alert): AlertData {
  const resolved = status === 'resolved'
  const told = { ...annotations, ...labels }
  return {
    alert_id: id,
    severity: severities.find((each) => known[each] === severity) ?? 'NotSpecified',
    type: 'NotSpecified',
    ...told,
    alert_name: name,
    category: resolved ? 'Recovery' : categoryOf(told.category),
    occur_time: resolved ? (endsAtMs ?? startsAtMs) : startsAtMs,
  } as AlertData
}

const categoryOf = (category: string | undefined): AlertData['category'] =>
  category === 'Event' || category === 'NotSpecified' ? category : 'Fault'
