import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Row, RowsBatch } from '../../core/index.ts'
import { answering, nowMs, startServer, testContext } from '../server.fixture.ts'
import { OpenCostMetricsCollector } from './collector.ts'
import { KustoMetricsAdapter } from './kusto-metrics-adapter.ts'
import { exposition } from './metrics.fixture.ts'

async function adapterOf(t: TestContext, text = exposition): Promise<KustoMetricsAdapter> {
  const { url } = await startServer(t, answering(text))
  const collector = new OpenCostMetricsCollector('', 0, { url, context: testContext().context })
  const metrics = await collector.collectMetrics()
  await collector.close()
  return new KustoMetricsAdapter(metrics)
}

/** Rows as objects without the columns that are the same in all. */
function records({ table, rows }: RowsBatch): Record<string, unknown>[] {
  return rows.map((row: Row) => {
    const { Source, CollectionTime, ...own } = Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]]))
    assert.match(String(Source), /^http:/)
    assert.equal(CollectionTime, nowMs)
    return own
  })
}

test('001-44 flat: a row for each sample', async (t) => {
  const rows = records((await adapterOf(t)).flat())
  assert.deepEqual(rows[0], {
    Timestamp: nowMs,
    MetricName: 'node_cpu_hourly_cost',
    MetricValue: 0.03,
    MetricType: 'gauge',
    MetricHelp: 'Hourly cost for each CPU on this node',
    Labels: '{"instance":"node-1","node":"node-1","region":"north"}',
    Container: '',
    Pod: '',
    Namespace: '',
    Node: 'node-1',
  })
  const requests = rows.find(({ MetricName }) => MetricName === 'kubecost_http_requests_total')!
  assert.deepEqual([requests.Timestamp, requests.MetricType], [1_700_000_000_000, 'counter'])
  const allocated = rows.find(({ Container }) => Container === 'side')!
  assert.deepEqual([allocated.Pod, allocated.Namespace, allocated.Node], ['web-1', 'shop', 'node-1'])
  assert.ok(rows.some(({ MetricName }) => MetricName === 'kubecost_http_response_time_seconds_sum'))
})

test('001-45 cost: prices each in its unit, and what workloads cost by them', async (t) => {
  const rows = records((await adapterOf(t)).cost())
  const told = rows.map(({ CostType, CostValue, Currency, Unit, ResourceType, MetricName, Namespace, Container }) =>
    [CostType, CostValue, Currency, Unit, ResourceType, MetricName, Namespace, Container].join(' ').trimEnd(),
  )
  assert.deepEqual(told, [
    'compute 0.2 USD hour Node node_total_hourly_cost',
    'compute 0.03 USD core-hour Node node_cpu_hourly_cost',
    'compute 0.05 USD core-hour Node node_cpu_hourly_cost',
    'compute 0.004 USD GiB-hour Node node_ram_hourly_cost',
    'storage 0.0001 USD GiB-hour PersistentVolume pv_hourly_cost',
    'storage 0.0003 USD GiB-hour PersistentVolume pv_hourly_cost',
    'network 0.025 USD hour LoadBalancer kubecost_load_balancer_cost shop',
    'network 0.01 USD GiB Network kubecost_network_region_egress_cost',
    'network 0.12 USD GiB Network kubecost_network_internet_egress_cost',
    'management 0.1 USD hour Cluster kubecost_cluster_management_cost',
    // The price of node-9 is not known, so what runs there has no row.
    'compute 0.015 USD hour Container container_cpu_allocation shop main',
    'compute 0.0075 USD hour Container container_cpu_allocation shop side',
    'compute 0.004 USD hour Container container_memory_allocation_bytes shop main',
    'storage 0.0002 USD hour PersistentVolumeClaim pod_pvc_allocation shop',
  ])
})

test('001-46 wide: a row for each time and node; amounts are added up, prices are not', async (t) => {
  const rows = records((await adapterOf(t)).wide())
  const row = (node: string, timeMs = nowMs) => {
    const found = rows.filter(({ Node, Timestamp }) => Node === node && Timestamp === timeMs)
    assert.equal(found.length, 1)
    return Object.fromEntries(Object.entries(found[0]!).filter(([name, value]) => value !== null && !/^(Node|Timestamp)$/.test(name)))
  }
  assert.deepEqual(row('node-1'), {
    container_cpu_allocation: 0.75,
    container_memory_allocation: 1_073_741_824,
    container_cpu_usage_seconds_total: 12.5,
    container_memory_usage_bytes: 5e8,
    node_cpu_hourly_cost: 0.03,
    node_ram_hourly_cost: 0.004,
    node_total_hourly_cost: 0.2,
    kubecost_node_is_spot: 1,
  })
  const others = row('')
  assert.ok(Math.abs((others.pv_hourly_cost as number) - 0.0002) < 1e-12)
  assert.equal(others.kubecost_load_balancer_cost, 0.025)
  assert.deepEqual(row('', 1_700_000_000_000), { kubecost_http_requests_total: 43 })
})

test('001-43 all forms are saved, a record on each line, or none', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-metrics-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const adapter = await adapterOf(t)
  assert.deepEqual(await adapter.saveAllFormats(folder), {
    flat: join(folder, 'opencost_metrics_flat.json'),
    cost: join(folder, 'opencost_metrics_cost.json'),
    wide: join(folder, 'opencost_metrics_wide.json'),
  })
  for (const [form, file] of [
    ['flat', 'opencost_metrics_flat.json'],
    ['cost', 'opencost_metrics_cost.json'],
    ['wide', 'opencost_metrics_wide.json'],
  ] as const) {
    const { table, rows } = adapter[form]()
    const lines = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n')
    assert.equal(lines.length, rows.length)
    const record = JSON.parse(lines[0]!) as Record<string, unknown>
    assert.deepEqual(
      Object.keys(record),
      table.columns.map(({ name }) => name),
    )
    assert.equal(record.Timestamp, new Date(nowMs).toISOString())
  }
  const other = join(folder, 'other')
  mkdirSync(join(other, 'opencost_metrics_wide.json', 'taken'), { recursive: true })
  await assert.rejects(adapter.saveAllFormats(other), { code: 'DESTINATION_UNAVAILABLE' })
  assert.deepEqual(
    readdirSync(other).filter((name) => name.endsWith('.partial')),
    [],
  )
  assert.deepEqual(await (await adapterOf(t, 'go_goroutines 1\n')).saveAllFormats(other), {})
})
