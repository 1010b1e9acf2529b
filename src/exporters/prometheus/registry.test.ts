import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, metrics, series } from '../../sdk.ts'
import { PrometheusExporter } from './prometheus.ts'
import { scrape } from './scrape.fixture.ts'

const context = createContext()
const batch = metrics([
  { series: series('ours', { a: 'b' }), timeMs: 1, value: 1 },
  { series: series('both'), timeMs: 1, value: 1 },
])

function fill<R extends Registry<typeof Registry.PROMETHEUS_CONTENT_TYPE> | Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>>(
  registry: R,
): R {
  const registers = [registry as Registry]
  new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['kind'], registers }).inc({ kind: 'x' }, 3)
  new Gauge({ name: 'both', help: 'Theirs.', registers }).set(2)
  new Histogram({ name: 'lasting', help: 'How long.', buckets: [1], registers }).observe(0.5)
  return registry
}

test('003-12: the metrics of a custom registry are exposed beside the points; a family never twice', async (t) => {
  const exporter = stopping(t, new PrometheusExporter({ listen: '127.0.0.1:0', registry: fill(new Registry()) }))
  await exporter.start(context)
  await exporter.export(new Date(0), batch, context)
  const { text, headers } = await scrape(exporter.destination, { accept: 'application/openmetrics-text' })
  assert.match(headers['content-type']!, /^text\/plain/)
  const families = Array.from(text.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name, type]) => `${name} ${type}`)
  assert.deepEqual(families, [
    'both gauge',
    'ours gauge',
    'waybill_prometheus_last_export_age_seconds gauge',
    'waybill_prometheus_series gauge',
    'jobs_total counter',
    'lasting histogram',
  ])
  for (const sample of ['both 1', 'ours{a="b"} 1', 'jobs_total{kind="x"} 3', 'lasting_bucket{le="1"} 1', 'lasting_count 1'])
    assert.ok(text.includes(`\n${sample}\n`), sample)
})

test('a registry of OpenMetrics makes the whole OpenMetrics, with one end', async (t) => {
  const registry = fill(new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>())
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const exporter = stopping(t, new PrometheusExporter({ listen: '127.0.0.1:0', registry }))
  await exporter.start(context)
  await exporter.export(new Date(0), batch, context)
  const { text, headers } = await scrape(exporter.destination)
  assert.match(headers['content-type']!, /^application\/openmetrics-text/)
  assert.match(text, /^ours\{a="b"\} 1\n[\s\S]*^jobs_total\{kind="x"\} 3\n/m)
  assert.deepEqual([text.endsWith('\n# EOF\n'), text.split('# EOF').length], [true, 2])
})

test('it is pushed too; when it fails, so does the export, and the next one works', async (t) => {
  const { url, requests } = await startServer(t)
  let fails = true
  const good = fill(new Registry())
  const registry = { contentType: good.contentType, metrics: () => (fails ? Promise.reject(new Error('broken')) : good.metrics()) }
  const exporter = stopping(t, new PrometheusExporter({ pushgatewayUrl: url, registry }))
  await assert.rejects(exporter.export(new Date(0), batch, context), /broken/)
  fails = false
  assert.equal((await exporter.export(new Date(0), batch, context)).status, 'ok')
  assert.match(String(requests[0]?.body), /^jobs_total\{kind="x"\} 3$/m)
})
