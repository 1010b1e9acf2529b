import type { SystemOptions } from './system/options.ts'
import { monitorPlanOf, replayPlanOf } from './system/plan.ts'

/** `waybill system`: measures this machine, or shows a recording. */
export async function system(options: SystemOptions): Promise<number> {
  // The list of processes shows the title in place of the arguments.
  if (options.given.has('influxdbPass') || options.given.has('influxdbToken')) process.title = 'waybill system'
  const isTerminal = process.stdout.isTTY === true
  if (options.replay !== undefined) {
    const plan = replayPlanOf(options, options.replay, isTerminal)
    return (await import('./system/show-replay.ts')).showReplay(plan)
  }
  const plan = monitorPlanOf(options, isTerminal)
  return (await import('./system/monitor.ts')).monitor(plan)
}
