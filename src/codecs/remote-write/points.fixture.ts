import { type Describe, type MetricsBatch, metrics, type Point, type PointValue, resource, series } from '../../core/index.ts'

export const atMs = Date.UTC(2026, 7, 2, 10, 23, 0, 500)

export const point = (
  name: string,
  labels: Record<string, string>,
  describe: Describe,
  value: PointValue,
  more: Partial<Point> = {},
): Point => ({ series: series(name, labels, describe), timeMs: atMs, value, ...more })

export const gauge = (name: string, value: number, more: Partial<Point> = {}): Point => point(name, {}, {}, value, more)

export const exemplar = { value: 0.3, timeMs: atMs - 1000, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }

export const exponential = {
  count: 12,
  sum: 4.5,
  scale: 1,
  zeroCount: 2,
  zeroThreshold: 0.001,
  positive: { offset: -2, counts: [1, 2, 0, 0, 0, 0, 4] },
  negative: { offset: 3, counts: [3] },
}

const shop = resource({ 'service.namespace': 'eu', 'service.name': 'shop', 'service.instance.id': 'i-1', 'host.name': 'höst' })

/** A point of every kind. */
export const everything: MetricsBatch = metrics([
  point('system.cpu.utilization', { core: '0', 'b.c': 'd', empty: '' }, { unit: '1', help: 'A "help".' }, 0.4273),
  point('http.requests', {}, { kind: 'counter', resource: shop }, 7, { startTimeMs: atMs - 60_000, exemplars: [exemplar] }),
  point('memory', {}, { kind: 'counter', monotonic: false, unit: 'By' }, -1, { timeMs: -1 }),
  point(
    'http.duration',
    { path: '/' },
    { kind: 'histogram', unit: 's' },
    { count: 6, sum: 4.5, bounds: [0.25, 1], counts: [1, 3, 2] },
    {
      exemplars: [exemplar],
    },
  ),
  point('payload', {}, { kind: 'histogram' }, exponential, { startTimeMs: atMs - 1 }),
  point('gc', {}, { kind: 'summary' }, { count: 9, sum: 1.5, quantiles: [{ quantile: 0.5, value: 0.1 }] }),
  gauge('ended', Number.NaN, { stale: true }),
  gauge('nothing', Number.NaN),
  gauge('most', Number.POSITIVE_INFINITY),
])
