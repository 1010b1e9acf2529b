/** The half-open span of time [start, end), in UTC. */
export interface Window {
  readonly start: Date
  readonly end: Date
}

const dayMs = 86_400_000
const weekMs = 7 * dayMs

/** Sunday, 4 January 1970, 00:00 UTC. */
const firstSundayMs = 3 * dayMs

/**
 * The window of that length that holds the instant. Windows of whole weeks begin on a Sunday at 00:00 UTC, all others at
 * multiples of their length since the epoch. The length is a whole number of milliseconds, 1 or more.
 */
export function alignWindow(atMs: number, resolutionMs: number): Window {
  const originMs = resolutionMs % weekMs === 0 ? firstSundayMs : 0
  const startMs = Math.floor((atMs - originMs) / resolutionMs) * resolutionMs + originMs
  return { start: new Date(startMs), end: new Date(startMs + resolutionMs) }
}

/** The window of the same length that follows. */
export function windowAfter({ start, end }: Window): Window {
  return { start: end, end: new Date(2 * end.getTime() - start.getTime()) }
}

/** Whether it is one of the windows of that length that `alignWindow` gives. */
export function isAligned({ start, end }: Window, resolutionMs: number): boolean {
  const startMs = start.getTime()
  return end.getTime() - startMs === resolutionMs && alignWindow(startMs, resolutionMs).start.getTime() === startMs
}

const units = [
  ['w', weekMs, weekMs],
  ['d', dayMs, dayMs],
  ['h', 3_600_000, 3_600_000],
  ['m', 60_000, 600_000],
] as const

/**
 * The name of a resolution in paths and names: `1w`, `2d`, `36h`, `10m`; what is shorter than ten minutes, or of no whole number
 * of them, as Go writes it: `9m0s`, `1m30s`, `500ms`. Two resolutions never have the same name: 25 hours are `25h`.
 */
export function formatResolution(ms: number): string {
  for (const [unit, unitMs, fromMs] of units) {
    if (ms >= fromMs && ms % unitMs === 0) return `${ms / unitMs}${unit}`
  }
  return ms > 0 && ms < 1000 ? `${ms}ms` : inSeconds(ms)
}

function inSeconds(ms: number): string {
  const hours = Math.floor(ms / 3_600_000)
  const minutes = Math.floor((ms % 3_600_000) / 60_000)
  return `${hours > 0 ? `${hours}h` : ''}${ms >= 60_000 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`
}
