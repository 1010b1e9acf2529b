import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Point } from '../core/point.ts'
import { compileCondition, type Variables } from './condition.ts'

/** What a condition over whole batches may use. docs/guide/expressions.md tells more. */
export const batchVariables: Variables = {
  signal: 'string',
  count: 'int',
  metrics: 'map',
  labels: 'map',
  severities: 'list',
  table: 'string',
}

/** The points of one name, their distributions left out. */
interface Figures {
  min: number
  max: number
  avg: number
  last: number
  count: number
}

/** A CEL condition over whole batches. Throws WaybillError `INVALID_EXPRESSION`; the condition throws where it asks for what is not there. */
export function batchCondition(text: string): (batch: Batch) => boolean {
  const condition = compileCondition(text, batchVariables)
  const asks = (name: string) => new RegExp(`\\b${name}\\b`).test(text)
  const [wantsMetrics, wantsLabels] = [asks('metrics'), asks('labels')]
  return (batch) => {
    const points = batch.signal === 'metrics' ? batch.points : []
    return condition({
      signal: batch.signal,
      count: BigInt(batchRecords.count(batch)),
      metrics: wantsMetrics ? figuresOf(points) : {},
      labels: wantsLabels ? labelsOf(points) : {},
      severities: batch.signal === 'alerts' ? [...new Set(batch.alerts.map(({ severity }) => severity))] : [],
      table: batch.signal === 'rows' ? batch.table.name : '',
    })
  }
}

/** `metrics["name"].max` and its like, over the points of that name in the batch. */
function figuresOf(points: readonly Point[]): Record<string, Figures> {
  const all: Record<string, Figures> = Object.create(null)
  for (const { series, value } of points) {
    if (typeof value !== 'number') continue
    const before = all[series.name]
    if (!before) all[series.name] = { min: value, max: value, avg: value, last: value, count: 1 }
    else {
      before.min = Math.min(before.min, value)
      before.max = Math.max(before.max, value)
      before.avg += (value - before.avg) / ++before.count
      before.last = value
    }
  }
  return all
}

/** `labels["name"]`: the values that the label has in the batch. */
function labelsOf(points: readonly Point[]): Record<string, string[]> {
  const all = new Map<string, Set<string>>()
  for (const { series } of points) {
    for (const [name, value] of series.labels) {
      const values = all.get(name) ?? new Set()
      all.set(name, values.add(value))
    }
  }
  return Object.fromEntries([...all].map(([name, values]) => [name, [...values]]))
}
