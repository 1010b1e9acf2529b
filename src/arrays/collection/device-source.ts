import type { ArrayDevice } from '../driver.ts'
import type { AlertingArray } from '../third-party/alert-data.ts'
import type { ArraySource } from './array-source.ts'
import { deviceAlerts } from './device-alerts.ts'

/** A registered array with the device that its driver has connected to. One that cannot measure, or tells no alerts, has none. */
export function deviceSource(array: AlertingArray, device: ArrayDevice): ArraySource {
  const seconds = device.capabilities?.performance_metric_retention_window
  return {
    array,
    measured: (span, context) => device.measured?.(span, context) ?? nothing(),
    alerts: (span, context) => deviceAlerts(device, span, context),
    alertOf: (trap) => device.alertOf?.(trap),
    ...(typeof seconds === 'number' && { retentionMs: seconds * 1000 }),
  }
}

async function* nothing(): AsyncGenerator<never> {}
