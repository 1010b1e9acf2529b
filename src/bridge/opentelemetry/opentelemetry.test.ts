/** With the real SDK, whose exporters these are. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { AggregationTemporality, AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { type Batch, type BatchOf, type EventExporter, ok, type Signal } from '../../core/index.ts'
import { WaybillLogRecordExporter, WaybillMetricExporter, WaybillSpanExporter } from './index.ts'

const resource = resourceFromAttributes({ 'service.name': 'shop', 'process.pid': 7 })
const origin = { resource: { 'service.name': 'shop', 'process.pid': 7 }, scope: ['lib', '1.0'] }

/** Keeps batches, and what else was asked of it. */
function recording() {
  const batches: Batch[] = []
  const calls: string[] = []
  const exporter: EventExporter<Batch> = {
    name: 'recording',
    start: async () => void calls.push('start'),
    flush: async () => void calls.push('flush'),
    stop: async () => void calls.push('stop'),
    async export(_time, batch) {
      batches.push(batch)
      return ok
    },
  }
  return { exporter, calls, only: <S extends Signal>(_signal: S) => batches[0] as BatchOf<S>, batches }
}

const originOf = ({ resource, scope }: { resource?: { attributes: object }; scope?: { name: string; version?: string } }) => ({
  resource: { ...resource?.attributes },
  scope: [scope?.name, scope?.version],
})

test('metrics of a MeterProvider', async () => {
  const { exporter, calls, only } = recording()
  const reader = new PeriodicExportingMetricReader({ exporter: new WaybillMetricExporter(exporter), exportIntervalMillis: 3_600_000 })
  const views = [{ instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } } as const]
  const provider = new MeterProvider({ resource, readers: [reader], views })
  const meter = provider.getMeter('lib', '1.0')
  meter.createCounter('requests', { unit: '{request}', description: 'Requests.' }).add(3, { route: '/', code: 200, list: ['a', 'b'] })
  meter.createUpDownCounter('queue').add(-2)
  meter.createObservableGauge('temperature').addCallback((result) => result.observe(21.5))
  const histogram = meter.createHistogram('latency', { unit: 's', advice: { explicitBucketBoundaries: [1, 2] } })
  for (const value of [0.5, 1.5, 9]) histogram.record(value)
  meter.createHistogram('exponential').record(4)
  await provider.forceFlush()
  const before = Date.now()
  const { points } = only('metrics')
  const told = Object.fromEntries(
    points.map(({ series: { name, kind, monotonic, unit, help, labels }, value }) => [
      name,
      { kind, monotonic, unit, help, labels, value },
    ]),
  )
  const plain = { monotonic: undefined, unit: undefined, help: undefined, labels: [] }
  const labels = [
    ['code', '200'],
    ['list', '["a","b"]'],
    ['route', '/'],
  ]
  const { exponential, ...others } = told
  assert.deepEqual(others as object, {
    requests: { ...plain, kind: 'counter', unit: '{request}', help: 'Requests.', labels, value: 3 },
    queue: { ...plain, kind: 'counter', monotonic: false, value: -2 },
    temperature: { ...plain, kind: 'gauge', value: 21.5 },
    latency: { ...plain, kind: 'histogram', unit: 's', value: { count: 3, sum: 11, min: 0.5, max: 9, bounds: [1, 2], counts: [1, 1, 1] } },
  })
  const { value } = exponential!
  assert.ok(typeof value === 'object' && 'scale' in value && value.count === 1 && value.positive.counts.reduce((a, b) => a + b) === 1)
  for (const { series, timeMs, startTimeMs } of points) {
    assert.deepEqual(originOf(series), origin)
    assert.ok(Math.abs(timeMs - before) < 60_000)
    assert.equal(startTimeMs !== undefined, series.kind !== 'gauge')
  }
  await provider.shutdown()
  assert.deepEqual([calls[0], calls.at(-1)], ['start', 'stop'])
})

test('delta temporality, when it is asked for', async () => {
  const { exporter, batches } = recording()
  const delta = new WaybillMetricExporter(exporter, { temporality: 'delta' })
  assert.equal(delta.selectAggregationTemporality(), AggregationTemporality.DELTA)
  assert.equal(new WaybillMetricExporter(exporter).selectAggregationTemporality(), AggregationTemporality.CUMULATIVE)
  const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: delta, exportIntervalMillis: 3_600_000 })] })
  const counter = provider.getMeter('lib').createCounter('requests')
  for (const value of [3, 4]) {
    counter.add(value)
    await provider.forceFlush()
  }
  const points = batches.flatMap((batch) => (batch.signal === 'metrics' ? batch.points : []))
  assert.deepEqual(
    points.map(({ series, value }) => [series.temporality, value]),
    [
      ['delta', 3],
      ['delta', 4],
    ],
  )
  await provider.shutdown()
})

test('spans of a TracerProvider', async () => {
  const { exporter, only } = recording()
  const provider = new TracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor({ exporter: new WaybillSpanExporter(exporter) })],
  })
  const tracer = provider.getTracer('lib', '1.0')
  const parent = tracer.startSpan('parent', {
    kind: SpanKind.SERVER,
    startTime: [1_795_222_923, 456_789_012],
    attributes: { n: 1, list: ['a'] },
  })
  const inside = trace.setSpan(ROOT_CONTEXT, parent)
  const child = tracer.startSpan('child', { links: [{ context: parent.spanContext(), attributes: { why: 'test' } }] }, inside)
  child.addEvent('retry', { n: 2 }, [1_795_222_924, 1])
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'boom' })
  child.end()
  parent.end([1_795_222_925, 0])
  await provider.forceFlush()
  const [first, second] = only('traces').spans
  const { traceId, spanId } = parent.spanContext()
  assert.deepEqual(
    { ...second, ...originOf(second!) },
    {
      traceId,
      spanId,
      name: 'parent',
      kind: 'server',
      startTimeNs: 1_795_222_923_456_789_012n,
      endTimeNs: 1_795_222_925_000_000_000n,
      attributes: { n: 1, list: ['a'] },
      ...origin,
    },
  )
  assert.deepEqual([first!.name, first!.kind, first!.traceId, first!.parentSpanId], ['child', 'internal', traceId, spanId])
  assert.deepEqual(first!.links, [{ traceId, spanId, attributes: { why: 'test' } }])
  assert.deepEqual(first!.events, [{ timeNs: 1_795_222_924_000_000_001n, name: 'retry', attributes: { n: 2 } }])
  assert.deepEqual(first!.status, { code: 'error', message: 'boom' })
  await provider.shutdown()
})

test('log records of a LoggerProvider', async () => {
  const { exporter, only } = recording()
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new WaybillLogRecordExporter(exporter) })],
  })
  const spanContext = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 }
  provider.getLogger('lib', '1.0').emit({
    timestamp: [1_795_222_923, 5],
    observedTimestamp: [1_795_222_923, 6],
    severityNumber: 17,
    severityText: 'ERROR',
    body: { message: 'no cart', ids: [1, 2] },
    attributes: { user: 'u' },
    eventName: 'cart.missing',
    context: trace.setSpanContext(context.active(), spanContext),
  })
  await provider.forceFlush()
  const [record] = only('logs').records
  assert.deepEqual(
    { ...record, ...originOf(record!) },
    {
      timeNs: 1_795_222_923_000_000_005n,
      observedTimeNs: 1_795_222_923_000_000_006n,
      severityNumber: 17,
      severityText: 'ERROR',
      body: { message: 'no cart', ids: [1, 2] },
      attributes: { user: 'u', 'event.name': 'cart.missing' },
      traceId: spanContext.traceId,
      spanId: spanContext.spanId,
      ...origin,
    },
  )
  await provider.shutdown()
})
