/** What is measured on a storage array, as exporters of arrays are given it, and as points: neither form loses what the other has. */
import { type Label, type Point, type Rejection, type Series, series } from '../../sdk.ts'

/** One measure of one resource of a storage array, over time. */
export interface MetricData {
  /** `iops`, `readThroughput`, … */
  readonly name: string
  /** `storage_id`, `storage_name`, `serial_number`, `resource_type`, `resource_id`, `type`, `unit`, and what else the driver tells. */
  readonly labels: Readonly<Record<string, string>>
  /** By milliseconds since the epoch. */
  readonly values: Readonly<Record<string, number>>
}

/** Labels of every measure of an array. */
export interface ArrayLabels {
  readonly storage_id: string
  readonly storage_name: string
  readonly serial_number: string
}

/** The series of a measure: `volume_readIops`. Its unit stays a label, so that names in Prometheus are those that dashboards know. */
export function seriesOf({ name, labels }: Omit<MetricData, 'values'>, array: ArrayLabels): Series {
  const { name: _array, ...own } = labels
  const resourceType = own.resource_type ?? 'storage'
  const kind = own.value_type?.toLowerCase() === 'counter' ? 'counter' : 'gauge'
  const all = { type: 'RAW', ...own, ...array, resource_type: resourceType }
  return series(`${resourceType}_${name}`, all, { kind, help: `${name} of resources of the type ${resourceType}.` })
}

/** The points of a measure, as the driver gives them. */
export function pointsOf(metric: MetricData, array: ArrayLabels): Point[] {
  const own = seriesOf(metric, array)
  return Object.entries(metric.values).map(([timeMs, value]) => ({ series: own, timeMs: Number(timeMs), value }))
}

/** Points put together by measure, in the order in which these come. A distribution has no place in it and is rejected. */
export function metricData(points: readonly Point[]): { readonly data: MetricData[]; readonly rejected: readonly Rejection[] } {
  const rejected: Rejection[] = []
  const found = new Map<string, MetricData & { readonly values: Record<string, number> }>()
  for (const [index, { series, timeMs, value }] of points.entries()) {
    if (typeof value !== 'number') {
      rejected.push({ index, error: new TypeError(`${series.name} is a distribution, which is no measure of a storage array`) })
      continue
    }
    let metric = found.get(series.key)
    if (!metric) {
      metric = { ...measureOf(series), values: {} }
      found.set(series.key, metric)
    }
    metric.values[timeMs] = value
  }
  return { data: [...found.values()], rejected }
}

/** The name and the labels of a measure. The name of the array is there as `name` too, where exporters of arrays have always found it. */
export function measureOf({ name, labels: list, unit }: Series): Omit<MetricData, 'values'> {
  const labels = Object.fromEntries<string>(list as Label[])
  const prefix = `${labels.resource_type}_`
  return {
    name: name.startsWith(prefix) ? name.slice(prefix.length) : name,
    labels: {
      ...(unit !== undefined && { unit }),
      ...labels,
      ...(labels.storage_name !== undefined && { name: labels.storage_name }),
    },
  }
}
