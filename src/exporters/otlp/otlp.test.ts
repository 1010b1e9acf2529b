import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { ok, type Resource, resource, series } from '../../sdk.ts'
import { type Collector, startGrpcCollector, startHttpCollector } from './collector.fixture.ts'
import { OpenTelemetryExporter, OtlpExporter } from './otlp.ts'
import { context, logs, now, points, span, traces, withReceipt } from './records.fixture.ts'

const protocols = ['http/protobuf', 'http/json', 'grpc'] as const
const starts = { 'http/protobuf': startHttpCollector, 'http/json': startHttpCollector, grpc: startGrpcCollector }
const textOf = ({ taken }: Collector) => JSON.stringify(taken.map(({ request }) => request))
const spansIn = (collector: Collector) =>
  [...textOf(collector).matchAll(/"spanId":"\w+","(?:parentSpanId":"\w+",")?name":"([^"]+)"/g)].map(([, name]) => name)

for (const protocol of protocols)
  test(`003-13 ${protocol}: metrics, traces, logs and alerts, each where it belongs`, async (t) => {
    const collector = await starts[protocol](t)
    const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol }))
    const alert = { id: 'i', name: 'Full', severity: 'major', status: 'firing', startsAtMs: now.getTime(), labels: {} } as const
    for (const batch of [points, traces(span('1')), logs, { signal: 'alerts', alerts: [alert] } as const])
      assert.deepEqual(await exporter.export(now, batch, context), ok)
    const paths = {
      grpc: ['metrics.v1.MetricsService', 'trace.v1.TraceService', 'logs.v1.LogsService', 'logs.v1.LogsService'].map(
        (service) => `/opentelemetry.proto.collector.${service}/Export`,
      ),
      http: ['/v1/metrics', '/v1/traces', '/v1/logs', '/v1/logs'],
    }[protocol === 'grpc' ? 'grpc' : 'http']
    assert.deepEqual(
      collector.taken.map(({ path }) => path),
      paths,
    )
    assert.deepEqual(
      new Set(collector.taken.map(({ headers }) => headers['content-type'])),
      new Set([{ grpc: 'application/grpc', 'http/json': 'application/json', 'http/protobuf': 'application/x-protobuf' }[protocol]]),
    )
    assert.match(textOf(collector), /"name":"cpu".*"name":"export".*"stringValue":"hello".*"stringValue":"Full"/)
    assert.deepEqual(exporter.health(), { state: 'healthy' })
    assert.equal(exporter.destination, collector.url.replace(/\/?$/, protocol === 'grpc' ? '' : '/'))
  })

test('003-14 metrics go to an endpoint of their own, by a protocol of their own', async (t) => {
  const [http, grpc] = [await startHttpCollector(t), await startGrpcCollector(t)]
  const exporter = stopping(
    t,
    new OpenTelemetryExporter({
      otlpEndpoint: grpc.url,
      otlpProtocol: 'grpc',
      metricsEndpoint: `${http.url}/otlp/v1/metrics?tenant=a`,
      metricsProtocol: 'http/json',
    }),
  )
  for (const batch of [points, traces(span('1')), logs]) assert.deepEqual(await exporter.export(now, batch, context), ok)
  assert.deepEqual(
    http.taken.map(({ path, headers }) => [path, headers['content-type']]),
    [['/otlp/v1/metrics?tenant=a', 'application/json']],
  )
  assert.deepEqual(
    grpc.taken.map(({ signal }) => signal),
    ['traces', 'logs'],
  )
  assert.equal(grpc.connections, 1)
  assert.equal(exporter.destination, `${http.url}/otlp/v1/metrics, ${grpc.url}`)
  await grpc.close()
  assert.equal((await exporter.export(now, logs, context)).status, 'retry')
  assert.equal(exporter.health().state, 'unhealthy', 'as soon as one of its servers is')
})

test('003-15 service name, version and namespace, and attributes of the resource', async (t) => {
  const collector = await startHttpCollector(t)
  const exporter = stopping(
    t,
    new OtlpExporter({
      endpoint: collector.url,
      serviceName: 'foundation_profiling',
      serviceVersion: '1.0.0',
      serviceNamespace: 'production',
      resourceAttributes: { 'deployment.environment': 'production', 'host.name': 'web-01', 'process.pid': 42 },
    }),
  )
  const described: Resource = resource({ 'service.name': 'its own' })
  const [{ series: _, ...point }] = points.points as [(typeof points.points)[number]]
  await exporter.export(now, { signal: 'metrics', points: [{ ...point, series: series('x', {}, { resource: described }) }] }, context)
  const attributes = (collector.taken[0]!.request.resourceMetrics as { resource: { attributes: { key: string; value: object }[] } }[])[0]!
  assert.deepEqual(Object.fromEntries(attributes.resource.attributes.map(({ key, value }) => [key, Object.values(value)[0]])), {
    'service.name': 'its own',
    'service.version': '1.0.0',
    'service.namespace': 'production',
    'deployment.environment': 'production',
    'host.name': 'web-01',
    'process.pid': '42',
  })
})

test('003-16 span_name_prefix stands in front of every name, and spans with a parent are only sent when asked for', async (t) => {
  const collector = await startHttpCollector(t)
  const batch = traces(span('1'), span('1', { name: 'child', parentSpanId: '00f067aa0ba902b8' }), span('2', { name: 'other' }))
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, spanNamePrefix: 'profiling' }))
  assert.deepEqual(await exporter.export(now, batch, context), ok)
  assert.deepEqual(spansIn(collector), ['profiling.export', 'profiling.child', 'profiling.other'])
  const roots = stopping(t, new OtlpExporter({ endpoint: collector.url, createChildSpans: false }))
  const { receipt, context: receipted } = withReceipt()
  assert.deepEqual(await roots.export(now, batch, receipted), ok)
  assert.deepEqual(spansIn(collector).slice(3), ['export', 'other'])
  assert.deepEqual([...receipt.dropped], [['sampled', 1]])
})

test('003-17 a trace is sent or left out as a whole, and what is left out is told', async (t) => {
  const collector = await startHttpCollector(t)
  const sampled = { endpoint: collector.url, traceSampler: 'parentbased_traceidratio', traceSampleRate: 0.1 } as const
  const exporter = stopping(t, new OtlpExporter(sampled))
  const [kept, left] = ['ffffffffffffff', '00000000000001']
  const { receipt, context: receipted } = withReceipt()
  const batch = traces(
    span(left),
    span(kept, { name: 'kept' }),
    span(left),
    span(kept, { name: 'kept too', parentSpanId: '00f067aa0ba902b8' }),
  )
  assert.deepEqual(await exporter.export(now, batch, receipted), ok)
  assert.deepEqual(spansIn(collector), ['kept', 'kept too'])
  assert.deepEqual([...receipt.dropped], [['sampled', 2]])
  assert.deepEqual(await exporter.export(now, traces(span(left)), receipted), ok)
  assert.deepEqual([collector.taken.length, receipt.dropped.get('sampled')], [1, 3], 'nothing left is no request')
  await collector.close()
  assert.equal((await exporter.export(now, batch, receipted)).status, 'retry')
  assert.equal(receipt.dropped.get('sampled'), 3, 'what is tried again is not dropped yet')
})

test('what is refused of a selection is told in the indexes of the whole', async (t) => {
  const collector = await startHttpCollector(t)
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, createChildSpans: false }))
  const child = span('1', { parentSpanId: '00f067aa0ba902b8' })
  const batch = traces(child, span('1'), child, { ...span('2'), traceId: 'broken' })
  const result = await exporter.export(now, batch, context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [3],
  )
  collector.answerInstead = (to) => Boolean('writeHead' in to && to.writeHead(400).end('bad'))
  const refused = await exporter.export(now, batch, context)
  assert.ok(refused.status === 'partial')
  assert.deepEqual(
    refused.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1, 3],
  )
})

for (const protocol of protocols)
  test(`${protocol}: compression and headers`, async (t) => {
    const collector = await starts[protocol](t)
    for (const compression of ['none', 'gzip', 'zstd', undefined] as const) {
      const headers = { 'X-Scope-OrgID': 'tenant', Authorization: 'Bearer hidden' }
      const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol, headers, ...(compression && { compression }) }))
      assert.deepEqual(await exporter.export(now, points, context), ok)
      const { headers: received } = collector.taken.at(-1)!
      const encoding = received[protocol === 'grpc' ? 'grpc-encoding' : 'content-encoding']
      assert.equal(encoding, compression === 'none' ? undefined : (compression ?? 'gzip'))
      assert.deepEqual([received['x-scope-orgid'], received.authorization], ['tenant', 'Bearer hidden'])
    }
    assert.equal(collector.taken.length, 4)
  })

test('nothing to send is no request, and what OTLP cannot say is rejected without one', async (t) => {
  const collector = await startHttpCollector(t)
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url }))
  assert.deepEqual(await exporter.export(now, { signal: 'metrics', points: [] }, context), ok)
  const early = { ...points.points[0]!, timeMs: -1 }
  const all = await exporter.export(now, { signal: 'metrics', points: [early] }, context)
  assert.ok(all.status === 'partial' && all.rejected.length === 1)
  assert.equal(collector.taken.length, 0)
  const some = await exporter.export(now, { signal: 'metrics', points: [points.points[0]!, early] }, context)
  assert.ok(some.status === 'partial')
  assert.deepEqual(
    some.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1],
  )
  assert.equal(collector.taken.length, 1)
})
