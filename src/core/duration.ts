import { WaybillError } from './errors.ts'

/** Milliseconds, or a number with its unit: `'500ms'`, `'1.5s'`, `'10m'`, `'1h30m'`, `'7d'`, `'1w'`. */
export type Duration = number | string

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/y

/** Milliseconds. Throws WaybillError `INVALID_DURATION` for a negative or infinite number and for any other text. */
export function parseDuration(duration: Duration): number {
  const ms = typeof duration === 'number' ? duration : parseText(duration.trim())
  if (ms !== undefined && Number.isFinite(ms) && ms >= 0) return ms
  throw new WaybillError('INVALID_DURATION', `${JSON.stringify(duration)} is not a duration`, {
    hint: "write a number with its unit, such as '500ms', '10s', '5m', '1h30m' or '7d'",
  })
}

function parseText(text: string): number | undefined {
  let ms = 0
  part.lastIndex = 0
  for (let at = 0; at < text.length; at = part.lastIndex) {
    const match = part.exec(text)
    if (!match) return undefined
    ms += Number(match[1]) * unitsMs[match[2]!]!
  }
  return text === '' ? undefined : ms
}

/** The shortest usual form, at most two units: `1h30m`, `2.5s`, `150ms`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(1))}s`
  const [big, small] = ms < 3_600_000 ? (['m', 's'] as const) : ms < 86_400_000 ? (['h', 'm'] as const) : (['d', 'h'] as const)
  const rest = Math.round(ms / unitsMs[small]!)
  const per = unitsMs[big]! / unitsMs[small]!
  return `${Math.floor(rest / per)}${big}${rest % per === 0 ? '' : `${rest % per}${small}`}`
}
