import { type Batch, type MetricsBatch, metrics } from '../core/batch.ts'
import { series } from '../core/series.ts'

/** The label of a sample point that holds its identity. */
export const identityLabel = 'record'

/**
 * `count` gauges named `sample.value`, each of a series of its own with the label `record` = `<tag>-<n>`, the value n and the
 * same time, in milliseconds since the epoch.
 */
export function samplePoints(count: number, tag: string, timeMs = Date.UTC(2026, 0, 1)): MetricsBatch {
  return metrics(
    Array.from({ length: count }, (_, n) => ({
      series: series('sample.value', { [identityLabel]: `${tag}-${n}` }, { unit: '1', help: 'A sample.' }),
      timeMs,
      value: n,
    })),
  )
}

/** The identities of sample points: what `ExporterSetup.identify` needs. */
export function identifyPoints(batch: Batch): readonly string[] {
  if (batch.signal !== 'metrics') throw new TypeError(`a batch of ${batch.signal} has no points`)
  return batch.points.map(({ series: { labels } }) => labels.find(([name]) => name === identityLabel)![1])
}
