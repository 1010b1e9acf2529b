import type { Cell, Row } from '../../core/index.ts'
import { type CollectedMetric, type CollectedMetrics, type CollectedValue, labelOf } from './collected-metrics.ts'
import { allotments, type CostUnit, prices } from './known-metrics.ts'
import { wideMetrics } from './metrics-tables.ts'

/** Each sample as a row of `metricsTable`. */
export function flatRows({ metadata, metrics }: CollectedMetrics): Row[] {
  return Object.entries(metrics).flatMap(([name, { help, type, values }]) =>
    values.map((value) => [
      ...leading(metadata, value),
      value.name ?? name,
      value.value,
      type,
      help,
      JSON.stringify(value.labels),
      labelOf(value, 'container'),
      labelOf(value, 'pod'),
      labelOf(value, 'namespace'),
      labelOf(value, 'node'),
    ]),
  )
}

/**
 * Rows of `analysisTable`: each sample of a price or cost as it is, and what each container and volume claim costs in an hour, which
 * is what it was given times its node's or volume's price. Where that price is not known there is no row.
 */
export function costRows({ metadata, metrics }: CollectedMetrics, currency: string): Row[] {
  const row = (value: CollectedValue, cost: number, of: { costType: string; resourceType: string; unit: CostUnit; metric: string }) => [
    ...leading(metadata, value),
    of.costType,
    cost,
    currency,
    of.unit,
    of.resourceType,
    of.metric,
    labelOf(value, 'namespace'),
    labelOf(value, 'node'),
    labelOf(value, 'pod'),
    labelOf(value, 'container'),
    JSON.stringify(value.labels),
  ]
  const priced = [...prices].flatMap(([metric, price]) =>
    valuesOf(metrics[metric]).map((value) => row(value, value.value, { ...price, metric })),
  )
  const allotted = allotments.flatMap(({ metric, costType, resourceType, price, by, per }) => {
    const key = (value: CollectedValue) => labelOf(value, by)
    const priceOf = new Map(valuesOf(metrics[price]).map((value) => [key(value), value.value]))
    return valuesOf(metrics[metric]).flatMap((value) => {
      const each = priceOf.get(key(value))
      return each === undefined ? [] : [row(value, (value.value / per) * each, { costType, resourceType, unit: 'hour', metric })]
    })
  })
  return [...priced, ...allotted]
}

/** Rows of `wideTable`: amounts and costs are added up over the samples of a node and time, of prices there is the mean. */
export function wideRows({ metadata, metrics }: CollectedMetrics): Row[] {
  const rows = new Map<string, { readonly start: readonly Cell[]; readonly sums: number[]; readonly counts: number[] }>()
  for (const [column, name] of wideMetrics.entries()) {
    for (const value of valuesOf(metrics[name] ?? metrics[aliases[name] ?? ''])) {
      const start = [...leading(metadata, value), labelOf(value, 'node')]
      const key = JSON.stringify(start)
      const row = rows.get(key) ?? { start, sums: wideMetrics.map(() => 0), counts: wideMetrics.map(() => 0) }
      rows.set(key, row)
      row.sums[column]! += value.value
      row.counts[column]!++
    }
  }
  const isPrice = wideMetrics.map((name) => prices.has(name) && prices.get(name)!.unit !== 'hour')
  const cell = (sum: number, count: number, column: number) => (count === 0 ? null : isPrice[column] ? sum / count : sum)
  return [...rows.values()].map(({ start, sums, counts }) => [...start, ...sums.map((sum, column) => cell(sum, counts[column]!, column))])
}

/** Under which name OpenCost has it. */
const aliases: Readonly<Record<string, string>> = { container_memory_allocation: 'container_memory_allocation_bytes' }

/** The samples that are of the metric itself and are numbers. */
const valuesOf = (metric: CollectedMetric | undefined): readonly CollectedValue[] =>
  (metric?.values ?? []).filter(({ name, value }) => name === undefined && Number.isFinite(value))

const leading = ({ collection_time: collected, source }: CollectedMetrics['metadata'], { timestamp }: CollectedValue): readonly Cell[] => [
  Date.parse(timestamp ?? collected),
  Date.parse(collected),
  source,
]
