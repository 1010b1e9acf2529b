import { parseDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { nothing, textTable } from '../text-table.ts'
import { ArraysApi, type ArraysApiOptions } from './arrays-api.ts'

export interface MetricsOptions extends ArraysApiOptions {
  readonly interval?: string
  readonly historic?: boolean
  readonly stop?: boolean
}

export interface AlertsOptions extends ArraysApiOptions {
  readonly sync?: boolean
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
}

interface Capabilities {
  readonly spec: {
    readonly resource_metrics: Readonly<Record<string, Readonly<Record<string, { readonly unit: string; readonly description: string }>>>>
  }
}

interface ListedAlert {
  readonly sequence_number?: string | number | null
  readonly severity?: string | null
  readonly category?: string | null
  readonly alert_name?: string | null
  readonly location?: string | null
  readonly description?: string | null
  readonly occur_time?: number | null
}

/** `waybill arrays metrics`: what an array can measure; with an interval, or to stop, what is collected of it from now on. */
export async function metrics(given: string, { interval, historic = false, stop, ...options }: MetricsOptions): Promise<number> {
  if (stop && (interval !== undefined || historic))
    throw new WaybillError('INVALID_OPTION', '--stop cannot be used together with --interval or --historic')
  if (historic && interval === undefined)
    throw new WaybillError('INVALID_OPTION', '--historic needs an --interval', { hint: 'such as 15m' })
  const seconds = interval === undefined ? undefined : secondsOf(interval)
  const api = new ArraysApi(options)
  const { id, name } = await api.find(given)
  const path = `/storages/${encodeURIComponent(id)}`
  if (stop || seconds !== undefined) {
    const polling = { perf_collection: !stop, interval: seconds ?? 900, is_historic: historic }
    await api.ask('PUT', `${path}/metrics-config`, { array_polling: polling })
    print(`${name ?? id}: ${stop ? 'nothing is collected any more' : `collected every ${interval}`}\n`)
    return exitCodes.ok
  }
  const { spec } = (await api.ask('GET', `${path}/capabilities`)) as Capabilities
  const rows = Object.entries(spec.resource_metrics).flatMap(([type, measures]) =>
    Object.entries(measures).map(([measure, { unit, description }]) => [type, measure, unit, description]),
  )
  const titles = ['resource', 'metric', 'unit', ''].map((title) => ({ title }))
  print(`${textTable(titles, rows).join('\n')}\n`)
  return exitCodes.ok
}

/** `waybill arrays alerts`: those that an array lists; with `--sync` they are handed on too. */
export async function alerts(given: string, { sync, from, to, json, ...options }: AlertsOptions): Promise<number> {
  const span = {
    ...(from !== undefined && { begin_time: timeOf('--from', from) }),
    ...(to !== undefined && { end_time: timeOf('--to', to) }),
  }
  const api = new ArraysApi(options)
  const { id } = await api.find(given)
  const path = `/storages/${encodeURIComponent(id)}/alerts`
  if (sync) await api.ask('POST', `${path}/sync`, span)
  const query = new URLSearchParams(Object.entries(span).map(([key, ms]) => [key, String(ms)]))
  const { alerts } = (await api.ask('GET', `${path}${query.size > 0 ? `?${query}` : ''}`)) as { readonly alerts: readonly ListedAlert[] }
  print(json ? `${JSON.stringify(alerts, null, 2)}\n` : `${tableOf(alerts).join('\n')}\n`)
  return exitCodes.ok
}

function tableOf(alerts: readonly ListedAlert[]): readonly string[] {
  if (alerts.length === 0) return ['there are no alerts']
  const rows = alerts.map(({ occur_time, sequence_number, severity, category, alert_name, location, description }) => [
    isTime(occur_time) ? new Date(occur_time).toISOString() : nothing,
    ...[sequence_number, severity, category, alert_name, location, description].map((value) => (value ? String(value) : nothing)),
  ])
  return textTable(
    ['time', 'sequence', 'severity', 'category', 'alert', 'location', ''].map((title) => ({ title })),
    rows,
  )
}

/** What a driver tells may be anything. */
const isTime = (ms: unknown): ms is number => typeof ms === 'number' && ms !== 0 && Math.abs(ms) <= 8.64e15

function secondsOf(interval: string): number {
  const seconds = parseDuration(interval) / 1000
  if (Number.isInteger(seconds) && seconds >= 1) return seconds
  throw new WaybillError('INVALID_OPTION', `--interval takes whole seconds, 1 or more, not ${interval}`, { hint: 'such as 10s or 15m' })
}

function timeOf(option: string, text: string): number {
  const ms = Date.parse(text)
  if (Number.isFinite(ms)) return ms
  throw new WaybillError('INVALID_OPTION', `${option} takes a time, not ${JSON.stringify(text)}`, { hint: 'such as 2026-01-05T12:00:00Z' })
}
