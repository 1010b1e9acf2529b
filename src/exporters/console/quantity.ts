import { formatDuration, formatSize, isExponentialHistogram, isHistogram, isSummary, type Point } from '../../sdk.ts'

/** UCUM's units of information and of time, in bytes and in seconds. */
const bytesIn: Readonly<Record<string, number>> = { By: 1, kBy: 1e3, MBy: 1e6, GBy: 1e9, KiBy: 2 ** 10, MiBy: 2 ** 20, GiBy: 2 ** 30 }
const secondsIn: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1 }

/** A point's value for people: `1.5 GiB`, `12.5 %`, `3 threads`, `n=5 mean=1.2 ms max=4 ms`. */
export function formatPoint({ series, value, stale }: Point): string {
  if (stale) return 'stale'
  const { unit } = series
  const show = (n: number) => formatQuantity(n, unit === '1' && /(utilization|ratio)$/.test(series.name) ? 'ratio' : unit)
  if (typeof value === 'number') return show(value)
  const shown: Record<string, number | undefined> = value.count > 0 && value.sum !== undefined ? { mean: value.sum / value.count } : {}
  if (isSummary(value)) for (const { quantile, value: at } of value.quantiles) shown[`p${formatNumber(quantile * 100)}`] = at
  if (isHistogram(value) || isExponentialHistogram(value)) Object.assign(shown, { min: value.min, max: value.max })
  const parts = Object.entries(shown).flatMap(([name, n]) => (n === undefined ? [] : [`${name}=${show(n)}`]))
  return [`n=${formatNumber(value.count)}`, ...parts].join(' ')
}

/** A number with its UCUM unit. `ratio` stands for a number of which 1 is the whole. */
export function formatQuantity(value: number, unit = '1'): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  if (unit === 'ratio') return `${formatNumber(value * 100)} %`
  const [, base, per] = /^([^/]*)(\/.*)?$/.exec(unit)!
  const bytes = bytesIn[base!]
  if (bytes) return signed(value, (size) => formatSize(size * bytes)) + (per ?? '')
  const seconds = per === undefined ? secondsIn[base!] : undefined
  if (seconds) return signed(value, (time) => formatSeconds(time * seconds))
  return unit === '1' ? formatNumber(value) : `${formatNumber(value)} ${unit.replace(/[{}]/g, '')}`
}

function formatSeconds(seconds: number): string {
  if (seconds >= 1 || seconds === 0) return seconds === 0 ? '0 s' : formatDuration(seconds * 1000)
  const [unit, scale] = seconds >= 1e-3 ? ['ms', 1e3] : seconds >= 1e-6 ? ['µs', 1e6] : (['ns', 1e9] as const)
  return `${formatNumber(seconds * Number(scale))} ${unit}`
}

/** Whole numbers in full, others with four digits or all those before the point. */
function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)))
}

const signed = (value: number, format: (positive: number) => string): string => (value < 0 ? `-${format(-value)}` : format(value))
