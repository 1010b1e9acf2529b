import { type Batch, type MetricsBatch, metrics } from '../core/batch.ts'
import { series } from '../core/series.ts'

/** The label of a sample point that holds its identity. */
export const identityLabel = 'record'

let made = 0

/**
 * `count` gauges named `sample.value` at one time, in milliseconds since the epoch, each of a series of its own with the label
 * `record` = `<tag>-<n>`. Their values are whole numbers, of which no two in a process are the same.
 */
export function samplePoints(count: number, tag: string, timeMs = Date.UTC(2026, 0, 1)): MetricsBatch {
  return metrics(
    Array.from({ length: count }, (_, n) => ({
      series: series('sample.value', { [identityLabel]: `${tag}-${n}` }, { unit: '1', help: 'A sample.' }),
      timeMs,
      value: ++made,
    })),
  )
}

/** The label `record` of each point: what `ExporterSetup.identify` needs for sample points. */
export function identifyPoints(batch: Batch): readonly string[] {
  if (batch.signal !== 'metrics') throw new TypeError(`a batch of ${batch.signal} has no points`)
  return batch.points.map(({ series: { labels } }) => labels.find(([name]) => name === identityLabel)![1])
}
