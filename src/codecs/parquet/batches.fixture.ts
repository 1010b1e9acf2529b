import { type Batch, metrics, resource, scope, series } from '../../core/index.ts'

const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const timeNs = BigInt(timeMs) * 1_000_000n + 789n
const [traceId, spanId] = ['5b8efff798038103d269b633813fc60c', 'eee19b7ec3c1b174']
const origin = { resource: resource({ 'host.name': 'web-1', 'process.pid': 42 }), scope: scope('checkout', '1.2.3') }
const load = series('load', { core: '0', host: 'größe' }, { unit: '1' })
const requests = series('requests', { code: '200' }, { kind: 'counter', temporality: 'delta', monotonic: false, ...origin })
const latency = series('latency', {}, { kind: 'histogram', unit: 's' })
const exemplars = [{ value: 0.7, timeMs, traceId, spanId, labels: { user: 'u' }, attributes: { n: 1 } }, { value: 0.8 }]

/** A batch of each signal with everything that a column is for, present and missing. */
export const batches: Readonly<Record<Batch['signal'], Batch>> = {
  metrics: metrics([
    { series: load, timeMs, value: 0.25 },
    { series: load, timeMs: timeMs + 0.9, value: Number.NaN, stale: true },
    { series: requests, timeMs, startTimeMs: timeMs - 1000, value: 17 },
    { series: latency, timeMs, value: { count: 3, sum: 2.5, min: 0.1, max: 2, bounds: [0.5, 1], counts: [1, 1, 1] }, exemplars },
    { series: latency, timeMs, value: { count: 0, bounds: [], counts: [0] }, exemplars: [] },
    {
      series: latency,
      timeMs,
      value: {
        count: 3,
        sum: 1,
        scale: 2,
        zeroCount: 1,
        zeroThreshold: 0.001,
        positive: { offset: -1, counts: [1, 0, 1] },
        negative: { offset: 0, counts: [] },
      },
    },
    { series: series('size', {}, { kind: 'summary' }), timeMs, value: { count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] } },
    { series: load, timeMs: timeMs + 15_000, value: Number.NEGATIVE_INFINITY },
  ]),
  traces: {
    signal: 'traces',
    spans: [
      {
        traceId,
        spanId,
        parentSpanId: 'eee19b7ec3c1b173',
        traceState: 'a=1',
        name: 'GET /',
        kind: 'server',
        startTimeNs: timeNs,
        endTimeNs: timeNs + 1n,
        attributes: { 'http.status': 200, tags: ['a', 1] },
        events: [
          { timeNs, name: 'first' },
          { timeNs, name: 'second', attributes: { big: 2n ** 62n } },
        ],
        links: [{ traceId, spanId, traceState: 'b=2', attributes: { x: null } }],
        status: { code: 'error', message: 'no' },
        ...origin,
      },
      { traceId, spanId, name: 'bare', startTimeNs: 0n, endTimeNs: 0n, events: [] },
    ],
  },
  logs: {
    signal: 'logs',
    records: [
      {
        timeNs,
        observedTimeNs: timeNs + 1n,
        severityNumber: 9,
        severityText: 'INFO',
        body: 'hello',
        attributes: { n: 1 },
        traceId,
        spanId,
        ...origin,
      },
      { timeNs, body: { user: 'a', id: 7n } },
    ],
  },
  alerts: {
    signal: 'alerts',
    alerts: [
      {
        id: '1',
        name: 'Full',
        severity: 'major',
        status: 'resolved',
        startsAtMs: timeMs,
        endsAtMs: timeMs + 1,
        labels: { disk: 'sda' },
        annotations: { runbook: 'x' },
      },
      { id: '2', name: 'Hot', severity: 'info', status: 'firing', startsAtMs: timeMs, labels: {} },
    ],
  },
  rows: {
    signal: 'rows',
    table: {
      name: 'costs',
      columns: [
        { name: 'pod', type: 'string' },
        { name: 'cpu_ns', type: 'int' },
        { name: 'cost', type: 'real' },
        { name: 'idle', type: 'bool' },
        { name: 'start', type: 'datetime' },
        { name: 'properties', type: 'json' },
      ],
    },
    rows: [
      ['a', 2n ** 63n - 1n, 0.5, false, timeMs, { zone: 'b' }],
      [null, null, null, null, null, null],
      ['', -1, -0, true, 0, []],
    ],
  },
}
