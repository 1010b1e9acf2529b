import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { type TestContext, test } from 'node:test'
import { type Context, createContext, type Host, type MetricsBatch, metrics, ok, Receipt, Secret, series } from '../../sdk.ts'
import { exporterContract } from '../../testing/exporter-contract.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { identifyPoints, samplePoints } from '../../testing/sample-points.ts'
import plugin, { PrometheusExporter, type PrometheusExporterOptions } from './prometheus.ts'
import { samplesOf, scrape } from './scrape.fixture.ts'

const at = new Date(0)
const gauge = (name: string, value: number, timeMs = 1): MetricsBatch => metrics([{ series: series(name), timeMs, value }])

async function started(t: TestContext, options: PrometheusExporterOptions = {}) {
  const clock = new ManualClock()
  const context: Context = createContext({ clock })
  const exporter = new PrometheusExporter({ listen: '127.0.0.1:0', ...options })
  await exporter.start(context)
  t.after(() => exporter.stop())
  return { exporter, clock, context }
}

test('what was exported is scraped, as text and as OpenMetrics', async (t) => {
  const { exporter, context } = await started(t)
  assert.deepEqual(await exporter.export(at, gauge('system.cpu.load', 0.5), context), ok)
  const text = await scrape(exporter.destination)
  assert.equal(text.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  assert.deepEqual(samplesOf(text.text), ['system_cpu_load 0.5'])
  const openMetrics = await scrape(exporter.destination, { accept: 'application/openmetrics-text' })
  assert.equal(openMetrics.headers['content-type'], 'application/openmetrics-text; version=1.0.0; charset=utf-8')
  assert.deepEqual(samplesOf(openMetrics.text), ['system_cpu_load 0.5'])
  assert.match(openMetrics.text, /\n# EOF\n$/)
})

test('it tells how many series there are and when points came last', async (t) => {
  const { exporter, clock, context } = await started(t)
  const own = async () => (await scrape(exporter.destination)).text.split('\n').filter((line) => /^waybill/.test(line))
  assert.deepEqual(await own(), ['waybill_prometheus_series 0'])
  await exporter.export(at, metrics([...gauge('a', 1).points, ...gauge('b', 1).points]), context)
  await clock.advance(2500)
  assert.deepEqual(await own(), ['waybill_prometheus_last_export_age_seconds 2.5', 'waybill_prometheus_series 2'])
})

test('a series without new points is gone after staleAfter', async (t) => {
  const { exporter, clock, context } = await started(t, { staleAfter: '10s' })
  await exporter.export(at, gauge('a', 1), context)
  await clock.advance(9_999)
  await exporter.export(at, gauge('b', 1), context)
  assert.deepEqual(samplesOf((await scrape(exporter.destination)).text), ['a 1', 'b 1'])
  await clock.advance(1)
  assert.deepEqual(samplesOf((await scrape(exporter.destination)).text), ['b 1'])
})

test('series beyond maxSeries are rejected by index, until stale ones make room', async (t) => {
  const { exporter, clock, context } = await started(t, { maxSeries: 2, staleAfter: 1000 })
  const batch = metrics(['a', 'b', 'c'].flatMap((name) => gauge(name, 1).points))
  const result = await exporter.export(at, batch, context)
  assert.ok(result.status === 'partial')
  assert.deepEqual([result.retry, result.rejected.map((rejection) => 'index' in rejection && rejection.index)], [[], [2]])
  assert.match(result.rejected[0]!.error.message, /there are 2 already/)
  await clock.advance(1000)
  assert.deepEqual(await exporter.export(at, gauge('c', 1), context), ok)
})

test('prefix, attributes of the resource and created timestamps are as asked for', async (t) => {
  const { exporter, context } = await started(t, { prefix: 'cubestat', resourceAttributes: ['host.name'], createdTimestamps: true })
  const resource = { key: 'r', attributes: { 'host.name': 'a' } }
  const counter = series('cpu.time', {}, { kind: 'counter', unit: 's', resource })
  await exporter.export(at, metrics([{ series: counter, timeMs: 5000, value: 2, startTimeMs: 4000 }]), context)
  const { text } = await scrape(exporter.destination, { accept: 'application/openmetrics-text' })
  assert.match(text, /^cubestat_cpu_time_seconds_total\{host_name="a"\} 2\ncubestat_cpu_time_seconds_created\{host_name="a"\} 4$/m)
})

test('002-18 it serves in the background from start to stop, and stops clean at once', async (t) => {
  const { exporter, context } = await started(t)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  const { port } = exporter.address()!
  assert.equal((await scrape(`http://127.0.0.1:${port}/metrics`)).status, 200)
  const idle = connect(port, '127.0.0.1')
  await once(idle, 'connect')
  const closed = once(idle, 'close')
  const before = performance.now()
  await exporter.stop()
  await closed
  assert.ok(performance.now() - before < 1000)
  await assert.rejects(scrape(`http://127.0.0.1:${port}/metrics`), { code: 'ECONNREFUSED' })
  assert.deepEqual([exporter.address(), exporter.health()], [undefined, { state: 'stopped' }])
  const result = await exporter.export(at, gauge('a', 1), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
})

test('it can be started again after a stop, even while that is under way', async (t) => {
  const { exporter, context } = await started(t)
  const { port } = exporter.address()!
  const again = new PrometheusExporter({ listen: `127.0.0.1:${port}` })
  t.after(() => again.stop())
  await exporter.stop()
  await again.start(context)
  const stopping = again.stop()
  await again.start(context)
  await stopping
  assert.equal(again.address()!.port, port)
  assert.equal((await scrape(again.destination)).status, 200)
})

test('a stop while it is starting wins', async () => {
  const exporter = new PrometheusExporter({ listen: '127.0.0.1:0' })
  const starting = exporter.start(createContext())
  await exporter.stop()
  await starting
  assert.deepEqual([exporter.address(), exporter.health()], [undefined, { state: 'stopped' }])
})

test('a port in use rejects the start, with what to do; once it is free the start works', async (t) => {
  const { exporter: other, context } = await started(t)
  const { port } = other.address()!
  const exporter = new PrometheusExporter({ listen: `127.0.0.1:${port}` })
  t.after(() => exporter.stop())
  assert.deepEqual(exporter.health(), { state: 'starting' })
  assert.equal((await exporter.export(at, gauge('a', 1), context)).status, 'retry')
  await assert.rejects(exporter.start(context), {
    code: 'DESTINATION_UNAVAILABLE',
    message: `cannot listen on 127.0.0.1:${port}: another program listens there (EADDRINUSE)`,
    hint: /choose another address/,
  })
  const health = exporter.health()
  assert.ok(health.state === 'unhealthy' && health.reason.includes(`127.0.0.1:${port}`))
  const result = await exporter.export(at, gauge('a', 1), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination' && /EADDRINUSE/.test(result.error.message))
  await other.stop()
  await exporter.start(context)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  assert.deepEqual(await exporter.export(at, gauge('a', 1), context), ok)
})

test('it listens on IPv6 too', async (t) => {
  const { exporter } = await started(t, { listen: '[::1]:0' })
  assert.match(exporter.destination, /^http:\/\/\[::1\]:\d+\/metrics$/)
  assert.equal((await scrape(exporter.destination)).status, 200)
})

test('wrong options are refused, with what to do', () => {
  const wrong: [PrometheusExporterOptions, RegExp][] = [
    [{ listen: 'nonsense' }, /write host:port/],
    [{ listen: '0.0.0.0:9464' }, /a token is needed; set token/],
    [{ path: 'metrics' }, /must begin with \//],
    [{ prefix: 'my-prefix' }, /letters, digits and _/],
    [{ maxSeries: 0 }, /maxSeries/],
    [{ staleAfter: 'soon' }, /not a duration/],
  ]
  for (const [options, message] of wrong) assert.throws(() => new PrometheusExporter(options), { code: 'INVALID_OPTION', message })
  assert.doesNotThrow(() => new PrometheusExporter({ listen: '0.0.0.0:9464', token: new Secret('x') }))
})

test('003-10 003-11: pull is the way without a Pushgateway; the port of 127.0.0.1 and the path go by other names too', async (t) => {
  const made = (options: PrometheusExporterOptions) => new PrometheusExporter(options).destination
  assert.equal(made({ mode: 'pull', metricsPort: 8080, metricsPath: '/metrics' }), 'http://127.0.0.1:8080/metrics')
  assert.equal(made({}), 'http://127.0.0.1:9464/metrics')
  const { exporter } = await started(t, { metricsPath: '/other', labels: { zone: 'a' }, metricsMapping: { 'x.y': { name: 'mapped' } } })
  const receipt = new Receipt()
  await exporter.export(at, metrics([...gauge('x.y', 1).points, ...gauge('z', 1).points]), createContext({ receipt }))
  assert.match(exporter.destination, /\/other$/)
  assert.deepEqual(samplesOf((await scrape(exporter.destination)).text), ['mapped{zone="a"} 1'])
  assert.equal(receipt.dropped.get('unmapped'), 1)
})

test('as a plugin it is made from its configuration', () => {
  const config = plugin.config!.parse({ listen: '127.0.0.1:0', path: '/other', token: 'x', staleAfter: '1m' }) as never
  const exporter = plugin.create({ name: 'prom', config, host: {} as Host })
  assert.deepEqual([exporter.name, exporter.destination], ['prom', 'http://127.0.0.1:0/other'])
  assert.throws(() => plugin.config!.parse({ listen: ':9464' }), /a token is needed/)
})

const contract = exporterContract(async () => {
  const exporter = new PrometheusExporter({ listen: '127.0.0.1:0' })
  const received = async () => {
    if (!exporter.address()) return []
    return samplesOf((await scrape(exporter.destination)).text).map((sample) => /record="([^"]*)"/.exec(sample)![1]!)
  }
  return { exporter, time: at, batch: samplePoints, identify: identifyPoints, received }
})
for (const { name, run } of contract) test(name, run)
