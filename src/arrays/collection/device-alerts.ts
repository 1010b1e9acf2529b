import { type Context, toError, z } from '../../sdk.ts'
import type { ArrayDevice } from '../driver.ts'
import { told } from '../model/told.ts'
import type { AlertData } from '../third-party/alert-data.ts'
import type { Span } from './array-source.ts'

/** What must be there for an alert to be one. */
const alertSchema = z.looseObject({ alert_name: z.string().min(1), occur_time: z.number().min(-8.64e15).max(8.64e15) })

/** What a device complains of, in that time or, without one, now. What is no alert is left out, and the log tells why. */
export async function deviceAlerts(device: ArrayDevice, span: Span | undefined, context: Context): Promise<readonly AlertData[]> {
  const listed = (await device.alerts?.(span, context)) ?? []
  return listed.filter((alert, index) => {
    try {
      told(alertSchema, alert, `alerts[${index}]`)
      return true
    } catch (thrown) {
      context.log.warn('an array tells of something that is no alert', { error: toError(thrown) })
      return false
    }
  })
}
