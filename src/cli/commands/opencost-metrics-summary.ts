import type { CollectedMetrics, CollectedValue } from '../../opencost/metrics/collected-metrics.ts'
import { prices } from '../../opencost/metrics/known-metrics.ts'
import { KustoMetricsAdapter } from '../../opencost/metrics/kusto-metrics-adapter.ts'
import { textTable } from '../text-table.ts'

/** What was collected, for people: each metric with the span of its values, and what is paid by the hour. Only the latter is added up. */
export function metricsSummary(metrics: CollectedMetrics, currency: string): string {
  const { collection_time: time, source, total_metrics: count } = metrics.metadata
  const rows = Object.entries(metrics.metrics).map(([name, { type, values }]) => {
    const price = prices.get(name)
    return [
      price?.costType ?? '-',
      name,
      type,
      values.length.toLocaleString('en-US'),
      ...spanOf(values),
      price ? `${currency} per ${price.unit}` : '-',
    ]
  })
  // Those that are no cost come last.
  const sorted = rows.toSorted((a, b) => Number(a[0] === '-') - Number(b[0] === '-') || (a.join() < b.join() ? -1 : 1))
  return `${[`${source} at ${time}: ${count} metrics`, '', ...textTable(columns, sorted), ...hourly(metrics, currency)].join('\n')}\n`
}

const right = { align: 'right' } as const
const columns = [
  { title: 'cost type' },
  { title: 'metric' },
  { title: 'type' },
  { title: 'samples', ...right },
  { title: 'lowest', ...right },
  { title: 'highest', ...right },
  { title: 'unit' },
]

/** The lowest and highest value, with up to six digits. */
function spanOf(values: readonly CollectedValue[]): [lowest: string, highest: string] {
  const numbers = values.map(({ value }) => value).filter(Number.isFinite)
  if (numbers.length === 0) return ['-', '-']
  const text = (choose: typeof Math.min) => String(Number(numbers.reduce((a, b) => choose(a, b)).toPrecision(6)))
  return [text(Math.min), text(Math.max)]
}

/** The sums of what is paid by the hour. Containers are given a part of their nodes, so the lines are not to be added up. */
function hourly(metrics: CollectedMetrics, currency: string): string[] {
  const { table, rows } = new KustoMetricsAdapter(metrics, { currency }).cost()
  const [type, value, unit, resource] = ['CostType', 'CostValue', 'Unit', 'ResourceType'].map((name) =>
    table.columns.findIndex((column) => column.name === name),
  ) as [number, number, number, number]
  const groups = Map.groupBy(
    rows.filter((row) => row[unit] === 'hour'),
    (row) => `${row[type]}\n${row[resource]}`,
  )
  const lines = [...groups].map(([key, rows]) => [
    ...key.split('\n'),
    rows.reduce((sum, row) => sum + (row[value] as number), 0).toFixed(6),
  ])
  if (lines.length === 0) return []
  return ['', ...textTable([{ title: 'cost type' }, { title: 'of all' }, { title: `${currency} an hour`, ...right }], lines)]
}
