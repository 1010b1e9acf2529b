/** The Prometheus exporter, seen by Prometheus itself. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { checkMetrics, type Prometheus, startPrometheus } from '../../scripts/servers/prometheus.ts'
import { PrometheusExporter } from '../../src/exporters/prometheus/prometheus.ts'
import type { Describe } from '../../src/sdk.ts'
import { createContext, metrics, ok, type Point, type PointValue, resource, scope, series } from '../../src/sdk.ts'

const token = 'only for scrapers'
const context = createContext()
const exporter = new PrometheusExporter({ listen: '127.0.0.1:0', token })
let directory: string
let prometheus: Prometheus

const point = (name: string, labels: Record<string, string>, describe: Describe, value: PointValue, more: Partial<Point> = {}): Point => ({
  series: series(name, labels, { help: `Test of ${name}.`, ...describe }),
  timeMs: 1000,
  value,
  ...more,
})

const odd = 'quote " backslash \\ newline \n tab \t é 日本 😀 ;,={}'
const shop = resource({ 'service.namespace': 'eu', 'service.name': 'shop', 'service.instance.id': 'i-1', 'host.name': 'höst' })
const exemplar = { value: 0.3, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const exponential = { scale: 0, positive: { offset: -1, counts: [1, 2] }, negative: { offset: 0, counts: [] } }

const points: readonly Point[] = [
  point('system.cpu.utilization', { core: '0' }, { unit: '1' }, 0.4273),
  point('system.memory.usage', { state: 'used' }, { kind: 'counter', monotonic: false, unit: 'By' }, 8_589_934_592),
  point('system.cpu.time', { core: '0' }, { kind: 'counter', unit: 's', resource: shop, scope: scope('waybill', '1') }, 1e21),
  point('system.cpu.logical.count', {}, { unit: '{cpu}' }, 4),
  point('requests', {}, { kind: 'counter', temporality: 'delta' }, 3),
  point('requests', {}, { kind: 'counter', temporality: 'delta' }, 4, { timeMs: 2000 }),
  point('odd.labels', { 'a.b': odd, 'a-b': 'joined', __name__: 'reserved', '1st': 'digit', empty: '' }, {}, Number.NEGATIVE_INFINITY),
  point('not.a.number', {}, { help: 'A "help" with \\ and\na second line.' }, Number.NaN),
  point(
    'http.duration',
    { path: '/' },
    { kind: 'histogram', unit: 's' },
    { count: 6, sum: 4.5, bounds: [0.25, 1], counts: [1, 3, 2] },
    { exemplars: [exemplar] },
  ),
  point('payload.size', {}, { kind: 'histogram', unit: 'By' }, { count: 4, sum: 5, zeroCount: 1, ...exponential }),
  point(
    'gc.duration',
    {},
    { kind: 'summary', unit: 's' },
    {
      count: 9,
      sum: 1.5,
      quantiles: [
        { quantile: 0.5, value: 0.1 },
        { quantile: 0.99, value: 0.4 },
      ],
    },
  ),
]

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-prometheus-'))
  await exporter.start(context)
  assert.deepEqual(await exporter.export(new Date(2000), metrics(points), context), ok)
  prometheus = await startPrometheus({ scrape: [{ job: 'waybill', target: `127.0.0.1:${exporter.address()!.port}`, token }], directory })
  await until(async () => (await query('up'))[0]?.value === '1')
})

after(async () => {
  await prometheus?.stop()
  await exporter.stop()
  await rm(directory, { recursive: true, force: true })
})

test('promtool has nothing to say against the text', async () => {
  const response = await fetch(exporter.destination, { headers: { authorization: `Bearer ${token}` } })
  assert.deepEqual(await checkMetrics(await response.text()), { code: 0, output: '' })
})

test('promtool objects where there is something to object to', async () => {
  const { code, output } = await checkMetrics('# TYPE requests counter\nrequests 1\n')
  assert.notEqual(code, 0)
  assert.match(output, /requests/)
})

test('Prometheus has the same values and labels', async () => {
  const expected: Record<string, string> = {
    'system_cpu_utilization_ratio{"core":"0"}': '0.4273',
    'system_memory_usage_bytes{"state":"used"}': '8589934592',
    'system_cpu_time_seconds_total{"core":"0","exported_instance":"i-1","exported_job":"eu/shop","otel_scope_name":"waybill","otel_scope_version":"1"}':
      '1e+21',
    'target_info{"exported_instance":"i-1","exported_job":"eu/shop","host_name":"höst"}': '1',
    'system_cpu_logical_count_value{}': '4',
    'requests_total{}': '7',
    [`odd_labels${JSON.stringify({ _1st: 'digit', _name_: 'reserved', a_b: `joined;${odd}` })}`]: '-Inf',
    'not_a_number{}': 'NaN',
    'http_duration_seconds_bucket{"le":"0.25","path":"/"}': '1',
    'http_duration_seconds_bucket{"le":"1.0","path":"/"}': '4',
    'http_duration_seconds_bucket{"le":"+Inf","path":"/"}': '6',
    'http_duration_seconds_sum{"path":"/"}': '4.5',
    'http_duration_seconds_count{"path":"/"}': '6',
    'payload_size_bytes_bucket{"le":"0.0"}': '1',
    'payload_size_bytes_bucket{"le":"0.5"}': '1',
    'payload_size_bytes_bucket{"le":"1.0"}': '2',
    'payload_size_bytes_bucket{"le":"2.0"}': '4',
    'payload_size_bytes_bucket{"le":"+Inf"}': '4',
    'payload_size_bytes_sum{}': '5',
    'payload_size_bytes_count{}': '4',
    'gc_duration_seconds{"quantile":"0.5"}': '0.1',
    'gc_duration_seconds{"quantile":"0.99"}': '0.4',
    'gc_duration_seconds_sum{}': '1.5',
    'gc_duration_seconds_count{}': '9',
    'waybill_prometheus_series{}': '10',
  }
  const found = await query('{job="waybill",__name__!~"up|scrape_.*|waybill_prometheus_last_.*"}')
  assert.deepEqual(
    Object.fromEntries(found.map(({ name, labels, value }) => [name + JSON.stringify(labels), value]).sort()),
    Object.fromEntries(Object.entries(expected).sort()),
  )
})

test('Prometheus knows types, units, help and exemplars: it was given OpenMetrics', async () => {
  const metadata = (await get('/api/v1/metadata')) as Record<string, { type: string; unit: string; help: string }[]>
  assert.deepEqual(metadata.system_cpu_time_seconds, [{ type: 'counter', unit: 'seconds', help: 'Test of system.cpu.time.' }])
  assert.deepEqual(metadata.not_a_number, [{ type: 'gauge', unit: '', help: 'A "help" with \\ and\na second line.' }])
  assert.equal(metadata.gc_duration_seconds?.[0]?.type, 'summary')
  const [exemplars] = (await get('/api/v1/query_exemplars?query=http_duration_seconds_bucket&start=0&end=9999999999')) as [
    { seriesLabels: { le: string }; exemplars: { labels: object; value: string }[] },
  ]
  assert.equal(exemplars.seriesLabels.le, '1.0')
  assert.deepEqual(exemplars.exemplars[0]?.labels, { trace_id: exemplar.traceId, span_id: exemplar.spanId })
})

test('a series that ends is gone at the next scrape', async () => {
  const ended = points.find(({ series }) => series.name === 'not.a.number')!
  await exporter.export(new Date(3000), metrics([{ ...ended, timeMs: 3000, stale: true }]), context)
  await until(async () => (await query('not_a_number')).length === 0)
})

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: string
}

/** Without the labels that Prometheus adds to all. */
async function query(expression: string): Promise<readonly Sample[]> {
  const { result } = (await get(`/api/v1/query?query=${encodeURIComponent(expression)}`)) as {
    result: { metric: Record<string, string>; value: [number, string] }[]
  }
  return result.map(({ metric: { __name__: name = '', job, instance, ...labels }, value: [, value] }) => ({
    name,
    labels: Object.fromEntries(Object.entries(labels).sort()),
    value,
  }))
}

async function get(path: string): Promise<unknown> {
  const { data } = (await (await fetch(prometheus.url + path)).json()) as { data: unknown }
  return data
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await pause(100))
    if (Date.now() > deadline) assert.fail('it did not come to pass within 20 s')
}
