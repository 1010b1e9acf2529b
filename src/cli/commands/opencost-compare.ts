import { createContext } from '../../core/context.ts'
import { formatDuration } from '../../core/duration.ts'
import { WaybillError } from '../../core/errors.ts'
import type { OpenCostClient } from '../../opencost/client.ts'
import { type DailyExport, readDailyCsv } from '../../opencost/daily-csv.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'
import { textTable } from '../text-table.ts'
import { type ClientOptions, clientOf } from './opencost-client.ts'

export interface OpencostCompareOptions extends Omit<ClientOptions, 'endpoint'> {
  readonly endpoint?: string
  readonly csv?: string
  readonly window: string
}

/** What a live export came to. */
interface LiveRun {
  readonly rows: number
  readonly tookMs: number
  /** Until when it knows. */
  readonly untilMs: number
}

/** `waybill opencost compare`: what the two ways are, with what is measured of a file and of an OpenCost where these are given. */
export async function opencostCompare({ endpoint, csv, window, ...options }: OpencostCompareOptions): Promise<number> {
  if (endpoint === undefined && options.port !== undefined)
    throw new WaybillError('INVALID_OPTION', '--port is of an endpoint, and none is given', { hint: 'give --endpoint' })
  const daily = csv === undefined ? undefined : await readDailyCsv(csv)
  const client = endpoint === undefined ? undefined : clientOf({ endpoint, ...options })
  try {
    const live = client && (await measure(client, window))
    const lines = characteristics(daily, live, createContext().clock.now())
    if (daily && client) lines.push('', ...(await byDay(daily, client)))
    print(`${lines.join('\n')}\n`)
    return exitCodes.ok
  } finally {
    await client?.close()
  }
}

async function measure(client: OpenCostClient, window: string): Promise<LiveRun> {
  const context = createContext()
  const startMs = context.clock.monotonic()
  let rows = 0
  let untilMs = Number.NEGATIVE_INFINITY
  for await (const some of await client.allocations({ window }, context)) {
    rows += some.length
    for (const { end } of some) untilMs = Math.max(untilMs, Date.parse(end))
  }
  return { rows, tookMs: context.clock.monotonic() - startMs, untilMs }
}

function characteristics(daily: DailyExport | undefined, live: LiveRun | undefined, nowMs: number): string[] {
  const newestDay = daily && [...daily.days.keys()].at(-1)
  const old = (ms: number) => `${formatDuration(Math.max(0, Math.round((nowMs - ms) / 60_000) * 60_000))} old`
  const rows: [what: string, daily: string, live: string][] = [
    ['first data', 'a day or two after it is switched on', 'at once'],
    [
      'newest data',
      newestDay ? `the day ${newestDay}, ${old(Date.parse(newestDay) + 86_400_000)}` : 'yesterday',
      live && live.rows > 0 ? `until ${new Date(live.untilMs).toISOString()}` : 'until now',
    ],
    ['runs', 'daily at 00:10 UTC, by itself', 'whenever it is asked; or by the agent, at every interval'],
    ['spans', 'whole days', 'any: 30m, 1h, 24h, today, lastweek, a start and an end'],
    ['levels', 'containers', 'container, pod, controller, namespace, node, label:<name> …; assets too'],
    ['formats', 'CSV', 'Kusto, JSON, CSV, FOCUS'],
    ['goes to', 'a bucket or a volume', 'files, standard output, every exporter of the agent'],
    [
      'size',
      daily
        ? `${daily.rows.toLocaleString('en-US')} rows of ${daily.days.size} days, ${daily.bytes.toLocaleString('en-US')} bytes`
        : 'grows by a day a day',
      live ? `${live.rows.toLocaleString('en-US')} rows in ${formatDuration(Math.round(live.tookMs))}` : 'as large as what is asked for',
    ],
    ['costs OpenCost', 'little, once a day', 'a query each time: less at a higher level and for a shorter span'],
    ['good for', 'bills, reports, years of history', 'benchmarks, cost spikes, dashboards, your own spans'],
  ]
  return textTable([{ title: '' }, { title: 'daily CSV export' }, { title: 'live export' }], rows)
}

/** The cost of each day in both, and where they are furthest apart. Asks OpenCost for the newest days of the file. */
async function byDay(daily: DailyExport, client: OpenCostClient): Promise<string[]> {
  const rows: string[][] = []
  for (const [day, namespaces] of [...daily.days].slice(-mostDays)) {
    const live = new Map<string, number>()
    const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
    for await (const some of await client.allocations({ window: `${day}T00:00:00Z,${next}T00:00:00Z`, aggregate: 'namespace' }))
      for (const { name, totalCost } of some) live.set(name, totalCost ?? 0)
    const names = [...new Set([...namespaces.keys(), ...live.keys()])]
    const apart = (name: string) => Math.abs((live.get(name) ?? 0) - (namespaces.get(name) ?? 0))
    const furthest = names.reduce((a, b) => (apart(b) > apart(a) ? b : a), names[0] ?? '-')
    const [before, now] = [sum(namespaces), sum(live)]
    rows.push([day, before.toFixed(4), now.toFixed(4), (now - before).toFixed(4), furthest])
  }
  const right = { align: 'right' } as const
  return textTable(
    [
      { title: 'day' },
      { title: 'daily CSV', ...right },
      { title: 'live', ...right },
      { title: 'difference', ...right },
      { title: 'most of it in' },
    ],
    rows,
  )
}

const mostDays = 7

const sum = (costs: ReadonlyMap<string, number>): number => [...costs.values()].reduce((a, b) => a + b, 0)
