import { addLabel, type Labels } from '../../codecs/prometheus-text/labels.ts'
import type { Alert } from '../../sdk.ts'
import { type Config, fillIn } from './config.ts'

/** A `postableAlert` of https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. */
export interface PostedAlert {
  /** Its identity in Alertmanager. */
  readonly labels: AlertLabels
  readonly annotations?: AlertLabels
  /** RFC 3339. */
  readonly startsAt: string
  /** Of an alert that fires lies in the future: when Alertmanager takes it for resolved. */
  readonly endsAt: string
  readonly generatorURL?: string
}

export type AlertLabels = Readonly<Record<string, string>>

/** The labels of an alert: its own, over them `alertname`, `severity` and its id, and those of the configuration that it has not. */
export function labelsOf(
  { id, name, severity, labels: own }: Alert,
  { idLabel, labels: more }: Pick<Config, 'idLabel' | 'labels'>,
): AlertLabels {
  const labels = new Map(Object.entries(namesCleaned(own)))
  labels.set('alertname', name)
  labels.set('severity', severity)
  if (idLabel) labels.set(idLabel, id)
  for (const [label, value] of Object.entries(more)) if (!labels.has(label)) labels.set(label, value)
  // Alertmanager takes an empty label for absent.
  return Object.fromEntries([...labels].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)))
}

/**
 * An alert as it is posted at `nowMs`, under these labels. Throws a RangeError when RFC 3339 has no such time. A resolved alert ends
 * now at the latest, since for Alertmanager one that ends later still fires; and where clocks differ, no sooner than it begins.
 */
export function postedAlert(alert: Alert, labels: AlertLabels, { resolveAfter, generatorUrl }: Config, nowMs: number): PostedAlert {
  const { id, name, status, startsAtMs, endsAtMs = nowMs, annotations } = alert
  const endMs =
    status === 'resolved'
      ? Math.max(startsAtMs, Math.min(endsAtMs, nowMs))
      : endsAtMs > nowMs
        ? endsAtMs
        : Math.max(startsAtMs, nowMs) + resolveAfter
  return {
    labels,
    ...(annotations && { annotations: namesCleaned(annotations) }),
    startsAt: timestamp(startsAtMs),
    endsAt: timestamp(endMs),
    ...(generatorUrl !== undefined && { generatorURL: fillIn(generatorUrl, (of) => ({ ...alert.labels, ...labels, id, name })[of] ?? '') }),
  }
}

/** The end, now, of an alert that goes on under other labels. */
export const supersededAlert = (labels: AlertLabels, nowMs: number): PostedAlert => ({
  labels,
  startsAt: timestamp(nowMs),
  endsAt: timestamp(nowMs),
})

/** With names that every version of Alertmanager takes; values of names that become the same are joined. */
function namesCleaned(named: AlertLabels): AlertLabels {
  const labels: Labels = new Map()
  for (const name of Object.keys(named).sort()) addLabel(labels, name, named[name]!)
  return Object.fromEntries(labels)
}

const year10000Ms = Date.UTC(10_000, 0)

function timestamp(ms: number): string {
  if (!(ms >= 0 && ms < year10000Ms)) throw new RangeError(`${ms} is no time in milliseconds from 1970 to 9999`)
  return new Date(ms).toISOString()
}
