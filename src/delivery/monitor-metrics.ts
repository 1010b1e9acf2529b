import { type MetricsBatch, metrics } from '../core/batch.ts'
import type { Point, PointValue } from '../core/point.ts'
import { type Describe, series } from '../core/series.ts'
import type { MonitorStats } from './measurements.ts'

const prefix = 'waybill.export.'

/** The figures of a monitor as metrics; `sinceMs` is when it began to count. Times in seconds, as OpenTelemetry has them. */
export function monitorMetrics(
  exporter: string,
  stats: MonitorStats,
  { timeMs, sinceMs }: { timeMs: number; sinceMs: number },
): MetricsBatch {
  const points: Point[] = []
  const add = (name: string, value: PointValue, describe: Describe, labels: Record<string, string> = {}) =>
    points.push({
      series: series(prefix + name, { exporter, ...labels }, describe),
      timeMs,
      ...(describe.kind !== 'gauge' && { startTimeMs: sinceMs }),
      value,
    })

  const { latencyMs, totalLatencyMs, bytes, outcomes, errors, queueDepth } = stats
  for (const [outcome, count] of Object.entries(outcomes))
    add('exports', count, { kind: 'counter', unit: '{export}', help: 'Exports by outcome.' }, { outcome })
  add('records', stats.records, { kind: 'counter', unit: '{record}', help: 'Records given to the exporter.' })
  if (totalLatencyMs !== undefined) {
    const recent = latencyMs
      ? ([
          [0.5, latencyMs.p50],
          [0.95, latencyMs.p95],
          [0.99, latencyMs.p99],
        ] as const)
      : []
    const quantiles = recent.map(([quantile, ms]) => ({ quantile, value: ms / 1000 }))
    const help = 'Duration of exports: count and sum of all, quantiles of the recent ones.'
    add('duration', { count: stats.exports, sum: totalLatencyMs / 1000, quantiles }, { kind: 'summary', unit: 's', help })
  }
  if (bytes !== undefined) add('bytes', bytes, { kind: 'counter', unit: 'By', help: 'Size in memory of what was given to the exporter.' })
  for (const [kind, count] of Object.entries(errors ?? {}))
    add('errors', count, { kind: 'counter', unit: '{error}', help: 'Exports that did not succeed, by kind of error.' }, { kind })
  if (queueDepth !== undefined)
    add('queue_depth', queueDepth, { kind: 'gauge', unit: '{record}', help: 'Records that wait to be exported.' })
  return metrics(points)
}

/** Whether `data`, of which nothing is known, is nothing but metrics that the monitor of that exporter made. */
export function isOwnMetrics(exporter: string, data: unknown): boolean {
  const { signal, points } = (data ?? {}) as { signal?: unknown; points?: readonly Partial<Point>[] }
  if (signal !== 'metrics' || !Array.isArray(points) || points.length === 0) return false
  const isOwn = ({ series }: Partial<Point>) =>
    series?.name.startsWith(prefix) && series.labels.some(([name, value]) => name === 'exporter' && value === exporter)
  return points.every(isOwn)
}
