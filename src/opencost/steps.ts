import { WaybillError } from '../core/index.ts'
import { type CostWindow, windowQuery } from './window.ts'

/** More would be a mistake: a year in steps of ten minutes. */
const mostSteps = 60_000

/**
 * The window in pieces of `stepMs`, the last one shorter where it does not divide, without those that are still to come.
 * Without a step the window itself. Throws WaybillError `INVALID_OPTION` for a step of less than a second or too many.
 */
export function stepsOf(window: CostWindow, stepMs: number | undefined, nowMs: number): readonly CostWindow[] {
  if (stepMs === undefined) return [window]
  if (!(stepMs >= 1000)) throw new WaybillError('INVALID_OPTION', 'a step is at least a second')
  const endMs = window.end.getTime()
  const startMs = window.start.getTime()
  const count = Math.ceil((Math.min(endMs, Math.max(nowMs, startMs + 1)) - startMs) / stepMs)
  if (count > mostSteps)
    throw new WaybillError('INVALID_OPTION', `the window is ${count.toLocaleString('en-US')} steps long`, {
      hint: `make the step longer, so that there are at most ${mostSteps.toLocaleString('en-US')}`,
    })
  return Array.from({ length: count }, (_, index) => {
    const start = new Date(startMs + index * stepMs)
    const end = new Date(Math.min(endMs, startMs + (index + 1) * stepMs))
    return { start, end, query: windowQuery({ start, end }) }
  })
}
