import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { metrics, resource, scope, series } from '../../core/index.ts'
import { comparable, officialRequest } from './official.fixture.ts'
import { type OtlpBatch, OtlpJsonEncoder, OtlpProtobufEncoder } from './otlp.ts'

const golden = (file: string): Buffer => readFileSync(join(import.meta.dirname, 'golden', file))

const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456) + 0.789
const timeNs = BigInt(Date.UTC(2026, 10, 21, 1, 2, 3, 456)) * 1_000_000n + 789_012n
const [traceId, spanId, parentSpanId] = ['5b8efff798038103d269b633813fc60c', 'eee19b7ec3c1b174', 'eee19b7ec3c1b173']

const origin = {
  resource: resource({
    'host.name': 'web-1',
    'process.pid': 42,
    load: 0.5,
    big: 2n ** 62n,
    tags: ['a', 1, true, null],
    raw: new Uint8Array([0, 255]),
  }),
  scope: scope('checkout', '1.2.3', { module: 'cart' }),
}
const requests = series(
  'http.requests',
  { route: '/größe', code: '200' },
  { kind: 'counter', unit: '{request}', help: 'Requests.', ...origin },
)
const latency = series('http.latency', { route: '/' }, { kind: 'histogram', temporality: 'delta', unit: 's', ...origin })
const exemplars = [{ value: 0.7, timeMs, traceId, spanId, labels: { user: 'u' } }]

const batches: Readonly<Record<string, OtlpBatch>> = {
  metrics: metrics([
    { series: series('cpu', { core: '0' }), timeMs, value: 0.25 },
    { series: series('cpu', { core: '1' }), timeMs, value: Number.NaN },
    { series: series('cpu', { core: '2' }), timeMs, value: Number.NaN, stale: true },
    { series: requests, timeMs, startTimeMs: timeMs - 1000, value: 17 },
    { series: series('queue', {}, { kind: 'counter', monotonic: false, ...origin }), timeMs, value: -3 },
    { series: latency, timeMs, exemplars, value: { count: 3, sum: 1.5, min: 0.1, max: 0.9, bounds: [0.5, 1], counts: [1, 2, 0] } },
    {
      series: latency,
      timeMs,
      value: { count: 4, scale: 3, zeroCount: 1, positive: { offset: -2, counts: [1, 2] }, negative: { offset: 0, counts: [] } },
    },
    { series: series('rpc', {}, { kind: 'summary' }), timeMs, value: { count: 2, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] } },
  ]),
  traces: {
    signal: 'traces',
    spans: [
      {
        traceId,
        spanId,
        parentSpanId,
        traceState: 'vendor=1',
        name: 'GET /cart',
        kind: 'server',
        startTimeNs: timeNs,
        endTimeNs: timeNs + 5n,
        attributes: { nested: { deep: [1.5] } },
        events: [{ timeNs, name: 'retry', attributes: { n: -1 } }],
        links: [{ traceId, spanId: parentSpanId }],
        status: { code: 'error', message: 'no such cart' },
        ...origin,
      },
      { traceId, spanId: parentSpanId, name: 'root', startTimeNs: timeNs, endTimeNs: timeNs, status: { code: 'ok' } },
    ],
  },
  logs: {
    signal: 'logs',
    records: [
      {
        timeNs,
        observedTimeNs: timeNs + 1n,
        severityNumber: 17,
        severityText: 'ERROR',
        body: { message: 'no "cart"\n', id: 7 },
        attributes: { 'event.name': 'cart.missing' },
        traceId,
        spanId,
        ...origin,
      },
      { timeNs, body: 'plain' },
    ],
  },
  alerts: {
    signal: 'alerts',
    alerts: [
      {
        id: 'disk-sda',
        name: 'DiskFull',
        severity: 'critical',
        status: 'resolved',
        startsAtMs: timeMs,
        endsAtMs: timeMs + 60_000,
        labels: { disk: 'sda' },
        annotations: { summary: 'sda is full' },
      },
    ],
  },
}

for (const [name, batch] of Object.entries(batches)) {
  const bytes = new OtlpProtobufEncoder({ resourceAttributes: { 'service.name': 'golden', 'host.name': 'not this' } }).encode(batch)
  const text = Buffer.from(new OtlpJsonEncoder({ resourceAttributes: { 'service.name': 'golden', 'host.name': 'not this' } }).encode(batch))

  test(`${name}: the bytes of both forms`, () => {
    assert.deepEqual(JSON.parse(text.toString()), JSON.parse(golden(`${name}.json`).toString()))
    assert.equal(Buffer.from(bytes).toString('base64'), golden(`${name}.pb`).toString('base64'))
  })

  test(`${name}: the official decoder reads those bytes as the JSON says`, () => {
    const signal = batch.signal === 'alerts' ? 'logs' : batch.signal
    assert.deepEqual(comparable(officialRequest(signal, golden(`${name}.pb`))), comparable(JSON.parse(golden(`${name}.json`).toString())))
  })
}
