import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, nowMs, startServer, testContext } from '../server.fixture.ts'
import { OpenCostMetricsCollector } from './collector.ts'
import { exposition } from './metrics.fixture.ts'

const collectorOf = (url: string, options: ConstructorParameters<typeof OpenCostMetricsCollector>[2] = {}) => {
  const { hostname, port } = new URL(url)
  return new OpenCostMetricsCollector(hostname, Number(port), { retries: 0, context: testContext().context, ...options })
}

test('001-37 001-40 metrics are collected by host and port, in the shape that is written', async (t) => {
  const { url, requests } = await startServer(t, answering(exposition))
  const { context, warnings } = testContext()
  const collector = collectorOf(url, { context })
  t.after(() => collector.close())
  const { metadata, metrics } = await collector.collectMetrics()
  assert.deepEqual([requests[0]!.url, requests[0]!.headers.accept], ['/metrics?', 'text/plain;version=0.0.4'])
  assert.deepEqual(metadata, {
    collection_time: new Date(nowMs).toISOString(),
    source: url,
    total_metrics: Object.keys(metrics).length,
  })
  assert.deepEqual(metrics.node_cpu_hourly_cost, {
    help: 'Hourly cost for each CPU on this node',
    type: 'gauge',
    values: [
      { labels: { instance: 'node-1', node: 'node-1', region: 'north' }, value: 0.03 },
      { labels: { instance: 'node-2', node: 'node-2', region: 'north' }, value: 0.05 },
    ],
  })
  assert.deepEqual(metrics.kubecost_http_requests_total!.values[1], {
    labels: { code: '500', handler: '/a,"b"}' },
    value: 1,
    timestamp: '2023-11-14T22:13:20.000Z',
  })
  assert.deepEqual(
    metrics.kubecost_http_response_time_seconds!.values.map(({ name }) => name),
    ['_bucket', '_sum', '_count'].map((suffix) => `kubecost_http_response_time_seconds${suffix}`),
  )
  assert.match(warnings[0]!, /what cannot be read of .*\/metrics is left out, 1 in all; line \d+: something stands behind its value/)
})

test('001-41 001-42 the metrics about costs are kept, and no other; or those that are wanted', async (t) => {
  const { url } = await startServer(t, answering(exposition))
  const kept = Object.keys((await collectorOf(url).collectMetrics()).metrics)
  for (const name of [
    'container_cpu_allocation',
    'container_cpu_usage_seconds_total',
    'container_memory_usage_bytes',
    'kubecost_cluster_info',
    'kubecost_cluster_management_cost',
    'kubecost_http_requests_total',
    'kubecost_load_balancer_cost',
    'kubecost_network_internet_egress_cost',
    'kubecost_network_region_egress_cost',
    'kubecost_node_is_spot',
    'kube_node_status_capacity',
    'pod_pvc_allocation',
    'pv_hourly_cost',
    'kube_pod_labels',
    'kube_pod_owner',
  ])
    assert.ok(kept.includes(name), name)
  assert.ok(!kept.includes('go_goroutines'))
  assert.deepEqual(Object.keys((await collectorOf(url, { metrics: ['go_*'] }).collectMetrics()).metrics), ['go_goroutines'])
})

test('001-48 a VictoriaMetrics or Prometheus is asked for the series, unless the address says which', async (t) => {
  const { url, requests } = await startServer(t, answering('pv_hourly_cost{exported_namespace="a"} 1 1700000000000\n'))
  const { metadata, metrics } = await collectorOf(url, {
    url: `${url}/select/0/prometheus/federate`,
    metrics: ['pv_*', 'a'],
  }).collectMetrics()
  const asked = new URL(requests[0]!.url!, url)
  assert.deepEqual([asked.pathname, asked.searchParams.get('match[]')], ['/select/0/prometheus/federate', '{__name__=~"pv_.*|a"}'])
  assert.deepEqual([metadata.source, metrics.pv_hourly_cost!.type], [url, 'untyped'])
  await collectorOf(url, { url: `${url}/federate?match[]=up` }).collectMetrics()
  assert.equal(new URL(requests[1]!.url!, url).searchParams.get('match[]'), 'up')
})

test('OpenMetrics is told by its end', async (t) => {
  const { url } = await startServer(t, answering('# TYPE kubecost_requests counter\nkubecost_requests_total 2 1700000000.5\n# EOF\n'))
  const { metrics } = await collectorOf(url).collectMetrics()
  assert.deepEqual(metrics.kubecost_requests!.values[0]!.timestamp, '2023-11-14T22:13:20.500Z')
})

test('what is no metrics at all, and who does not answer, is an error that says so', async (t) => {
  const { url } = await startServer(t, answering('<html>\n<body>hello</body>\n'))
  await assert.rejects(collectorOf(url).collectMetrics(), {
    code: 'SOURCE_UNAVAILABLE',
    message: /answered what is no Prometheus text: line 1/,
  })
  const refusing = await startServer(t, answering('no', 401))
  await assert.rejects(collectorOf(refusing.url).collectMetrics(), { hint: /give a token/ })
  await assert.rejects(collectorOf('http://127.0.0.1:1').collectMetrics(), { message: /ECONNREFUSED/ })
  assert.throws(() => new OpenCostMetricsCollector('h', 1, { url: 'h:1' }), { code: 'INVALID_OPTION' })
  assert.equal(new OpenCostMetricsCollector('::1').address, 'http://[::1]:9003/metrics')
  assert.equal(new OpenCostMetricsCollector().address, 'http://localhost:9003/metrics')
})
