import { amount, columns } from './columns.ts'
import type { Reading } from './reading.ts'

/** The three means in /proc/loadavg (proc_loadavg(5)). */
export function parseLoad(loadavg: string): Reading['load'] {
  const [one, five, fifteen] = columns(loadavg).map(amount)
  return one === undefined || five === undefined || fifteen === undefined ? undefined : [one, five, fifteen]
}

/** Seconds since boot, the first number in /proc/uptime (proc_uptime(5)). */
export const parseUptime = (uptime: string): number | undefined => amount(columns(uptime)[0])
