import { WaybillError, type Window } from '../core/index.ts'

/** A window of costs: the span of time it stands for, and how OpenCost is asked for it. */
export interface CostWindow extends Window {
  /** What `window=` is set to. */
  readonly query: string
}

const unitsMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const dayMs = 86_400_000

/** The forms that `parseWindow` takes, for people. */
export const windowForms =
  'today, yesterday, week, lastweek, month, lastmonth, year, a length such as 30m, 1h30m or 7d, one from an earlier time such as ' +
  '1d offset 2d, or a start and an end such as 2026-01-01T00:00:00Z,2026-01-08T00:00:00Z or 1767225600,1767830400'

/**
 * Reads a window in OpenCost's own forms (core/pkg/opencost/window.go) and in those that it does not know: seconds, several units,
 * `year`, weeks in an offset, UTC offsets in times. These are asked for by their start and end; the others as they are.
 * Case and white space around do not matter. As with OpenCost, `1h` is the hour on the clock that `nowMs` is in, and `7d` today
 * and six days before. Throws WaybillError `INVALID_OPTION` for anything else, and for a window that is empty.
 */
export function parseWindow(text: string, nowMs: number): CostWindow {
  const asked = text.trim().toLowerCase()
  const found = named(asked, nowMs) ?? lasting(asked, nowMs) ?? earlier(asked, nowMs) ?? between(asked)
  if (!found) throw refused(text, 'is not a window')
  const { startMs, endMs, translated } = found
  if (!(startMs >= 0 && endMs <= lastMs)) throw refused(text, 'begins or ends at no time that can be')
  if (startMs >= endMs) throw refused(text, 'is an empty window')
  const [start, end] = [new Date(startMs), new Date(endMs)]
  return { start, end, query: translated ? windowQuery({ start, end }) : asked }
}

/** A span of time as OpenCost is asked for it, to the second. */
export const windowQuery = ({ start, end }: Window): string => `${withoutFraction(start)},${withoutFraction(end)}`

const withoutFraction = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z')

/** The end of the year 9999, the last that RFC 3339 can say. */
const lastMs = Date.UTC(10_000, 0) - 1

const refused = (text: string, why: string) =>
  new WaybillError('INVALID_OPTION', `${JSON.stringify(text)} ${why}`, { hint: `the forms are: ${windowForms}` })

interface Found {
  readonly startMs: number
  readonly endMs: number
  /** Whether OpenCost does not take the text as it is. */
  readonly translated: boolean
}

function named(text: string, nowMs: number): Found | undefined {
  const today = Math.floor(nowMs / dayMs) * dayMs
  const date = new Date(today)
  const sunday = today - date.getUTCDay() * dayMs
  const month = (change: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + change)
  const now = Math.floor(nowMs / 1000) * 1000
  const own = (startMs: number, endMs: number): Found => ({ startMs, endMs, translated: false })
  switch (text) {
    case 'today':
      return own(today, today + dayMs)
    case 'yesterday':
      return own(today - dayMs, today)
    // At the very first instant these would be empty.
    case 'week':
      return own(sunday, Math.max(now, sunday + 1000))
    case 'lastweek':
      return own(sunday - 7 * dayMs, sunday)
    case 'month':
      return own(month(0), Math.max(now, month(0) + 1000))
    case 'lastmonth':
      return own(month(-1), month(0))
    case 'year': {
      const startMs = Date.UTC(date.getUTCFullYear(), 0)
      return { startMs, endMs: Math.max(now, startMs + 1000), translated: true }
    }
  }
  return undefined
}

function lasting(text: string, nowMs: number): Found | undefined {
  if (!/^(\d{1,9}[smhdw])+$/.test(text)) return undefined
  const lengthMs = lengthOf(text)
  const unit = /^\d+([mhdw])$/.exec(text)?.[1]
  if (unit === undefined) {
    const endMs = Math.floor(nowMs / 1000) * 1000
    return { startMs: endMs - lengthMs, endMs, translated: true }
  }
  const roundMs = unit === 'w' ? dayMs : unitsMs[unit]!
  const endMs = (Math.floor(nowMs / roundMs) + 1) * roundMs
  return { startMs: endMs - lengthMs, endMs, translated: false }
}

function earlier(text: string, nowMs: number): Found | undefined {
  const match = /^((?:\d{1,9}[smhdw])+)\s+offset\s+((?:\d{1,9}[smhdw])+)$/.exec(text)
  if (!match) return undefined
  const endMs = Math.floor(nowMs / 1000) * 1000 - lengthOf(match[2]!)
  // OpenCost goes back 24 times as far as it should for an offset in weeks.
  const own = /^\d+[mhdw] offset \d+[mhd]$/.test(text)
  return { startMs: endMs - lengthOf(match[1]!), endMs, translated: !own }
}

function between(text: string): Found | undefined {
  const seconds = /^(\d{1,12})[,-](\d{1,12})$/.exec(text)
  if (seconds) return { startMs: Number(seconds[1]) * 1000, endMs: Number(seconds[2]) * 1000, translated: false }
  const times = text.split(',')
  if (times.length !== 2) return undefined
  const [startMs, endMs] = times.map(timeOf) as [number | undefined, number | undefined]
  // Always translated: OpenCost takes only the letters T and Z, and nothing behind the seconds.
  return startMs === undefined || endMs === undefined ? undefined : { startMs, endMs, translated: true }
}

/** RFC 3339; undefined for a day or hour that is not there, such as 30 February. */
function timeOf(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)t(\d\d:\d\d:\d\d)(?:\.\d+)?(?:z|[+-]\d\d:\d\d)$/.exec(text)
  if (!match) return undefined
  const written = `${match[1]}T${match[2]}Z`
  const plainMs = Date.parse(written)
  if (Number.isNaN(plainMs) || withoutFraction(new Date(plainMs)) !== written) return undefined
  return Date.parse(text.toUpperCase())
}

const lengthOf = (text: string): number =>
  [...text.matchAll(/(\d+)([smhdw])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * unitsMs[unit!]!, 0)
