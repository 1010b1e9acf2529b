import { type MetricsBatch, metrics } from '../core/batch.ts'
import type { Point } from '../core/point.ts'
import { type Series, series } from '../core/series.ts'
import type { Metrics } from './base-exporter.ts'

/**
 * The values as a batch of gauges at a time in Unix seconds, copied: what becomes of `values` later changes nothing. What is not a
 * number, as JavaScript may bring, is left out.
 */
export function sampleBatch(
  values: Metrics,
  unixSeconds: number,
  seriesOf: (name: string) => Series = (name) => series(name),
): MetricsBatch {
  const timeMs = unixSeconds * 1000
  const points = Object.entries(values).filter(([, value]) => typeof value === 'number')
  return metrics(points.map(([name, value]): Point => ({ series: seriesOf(name), timeMs, value })))
}
