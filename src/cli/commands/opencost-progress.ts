import type { Clock } from '../../core/clock.ts'
import { formatDuration } from '../../core/duration.ts'
import type { Progress } from '../../opencost/export-costs.ts'
import type { Screen } from '../screen.ts'

const everyMs = 100
const width = 24

/** Keeps a line about how far an export is, on a terminal. */
export function progressLine(screen: Screen, steps: number, clock: Clock): (progress: Progress) => void {
  const startMs = clock.monotonic()
  let nextMs = 0
  return (progress) => {
    const nowMs = clock.monotonic()
    if (nowMs < nextMs) return
    nextMs = nowMs + everyMs
    screen.status(progressText(progress, steps, nowMs - startMs))
  }
}

/** `allocations ████████░░░░░░░░ 10/30 steps, 123,456 rows, 12s` */
export function progressText({ type, steps: done, rows }: Progress, steps: number, passedMs: number): string {
  const full = Math.floor((width * done) / steps)
  const bar = steps > 1 ? ` ${'█'.repeat(full)}${'░'.repeat(width - full)} ${done}/${steps} steps,` : ''
  return `${type === 'allocation' ? 'allocations' : 'assets'}${bar} ${rows.toLocaleString('en-US')} rows, ${formatDuration(passedMs)}`
}
