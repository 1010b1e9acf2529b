import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { PrometheusExporter, type PrometheusExporterConfig } from './prometheus-exporter.ts'
import { prometheusName } from './prometheus-names.ts'

async function started(t: TestContext, config: PrometheusExporterConfig = {}) {
  const clock = new ManualClock()
  const exporter = new PrometheusExporter({ port: 0, ...config }, createContext({ clock }))
  t.after(() => exporter.stop())
  await exporter.start()
  const url = `http://127.0.0.1:${exporter.address()!.port}/metrics`
  /** The exposition without what the exporter says of itself. */
  const scrape = async () => {
    const text = await (await fetch(url, { headers: { accept: 'text/plain' } })).text()
    return text.split('\n').filter((line) => !line.includes('waybill_prometheus'))
  }
  return { exporter, clock, url, scrape }
}

test('002-16 002-38 P12 Prometheus: port 9090 at 127.0.0.1, or the port and address given; beyond it a token', async (t) => {
  const listens = (config: PrometheusExporterConfig) => String(new PrometheusExporter(config).destination)
  assert.equal(listens({}), 'http://127.0.0.1:9090/metrics')
  assert.equal(listens({ port: 9464, address: '::1' }), 'http://[::1]:9464/metrics')
  assert.throws(() => new PrometheusExporter({ address: '0.0.0.0' }), { code: 'INVALID_OPTION', message: /a token is needed/ })
  assert.equal(listens({ address: '0.0.0.0', token: 'x' }), 'http://0.0.0.0:9090/metrics')
  const { exporter } = await started(t, { address: '127.0.0.2' })
  assert.equal(exporter.address()!.host, '127.0.0.2')
})

test('002-17 Prometheus: the prefix, the original name as HELP, TYPE gauge', async (t) => {
  const { exporter, scrape } = await started(t)
  await exporter.export({ 'CPU Total %': 12.5, 'cpu.total.count': 8 }, 1)
  assert.deepEqual(await scrape(), [
    '# HELP cubestat_cpu_total__ Cubestat metric: CPU Total %',
    '# TYPE cubestat_cpu_total__ gauge',
    'cubestat_cpu_total__ 12.5',
    '# HELP cubestat_cpu_total_count Cubestat metric: cpu.total.count',
    '# TYPE cubestat_cpu_total_count gauge',
    'cubestat_cpu_total_count 8',
    '',
  ])
})

test('P1 names that come to the same are one family, told apart by a label', async (t) => {
  const { exporter, scrape } = await started(t)
  for (const n of [1, 2]) {
    await exporter.export({ 'CPU Total %': n, cpu_total__: n + 1, 'cpu.total..': n + 2 }, n)
    assert.deepEqual(await scrape(), [
      '# HELP cubestat_cpu_total__ Cubestat metric: CPU Total %',
      '# TYPE cubestat_cpu_total__ gauge',
      `cubestat_cpu_total__ ${n}`,
      `cubestat_cpu_total__{metric="cpu_total__"} ${n + 1}`,
      `cubestat_cpu_total__{metric="cpu.total.."} ${n + 2}`,
      '',
    ])
  }
})

test('P2 P6 every name becomes one that Prometheus has', () => {
  for (const [metric, name] of [
    ['température', 'temp_rature'],
    ['ŧ', 'metric__'],
    ['', 'metric_'],
    ['0.load', 'metric_0_load'],
    ['_x', 'metric__x'],
    ['日本', 'metric___'],
    ['😀', 'metric__'],
  ])
    assert.equal(prometheusName(metric!), name)
})

test('P3 HELP is escaped', async (t) => {
  const { exporter, scrape } = await started(t)
  await exporter.export({ 'a\\b\nc 1': 1 }, 1)
  assert.deepEqual((await scrape())[0], '# HELP cubestat_a_b_c_1 Cubestat metric: a\\\\b\\nc 1')
})

test('P4 numbers that are not finite are written as Prometheus has them, what is no number not at all', async (t) => {
  const { exporter, scrape } = await started(t)
  const values = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: Number.NEGATIVE_INFINITY, d: null, e: undefined, f: '1', g: true }
  await exporter.export(values as never, 1)
  assert.deepEqual(
    (await scrape()).filter((line) => line && !line.startsWith('#')),
    ['cubestat_a NaN', 'cubestat_b +Inf', 'cubestat_c -Inf'],
  )
})

test('P5 a prefix that no name can have is refused', () => {
  for (const prefix of ['my-prefix', '1st', 'é']) assert.throws(() => new PrometheusExporter({ prefix }), { code: 'INVALID_OPTION' })
})

test('P7 without metrics the exposition is not an empty line', async (t) => {
  const { exporter, url } = await started(t)
  await exporter.export({}, 1)
  const text = await (await fetch(url)).text()
  assert.match(text, /^# HELP cubestat_waybill_prometheus_last_export_age_seconds /)
  assert.match(text, /\ncubestat_waybill_prometheus_series 0\n$/)
})

test('P8 P9 the content type has its version, queries and HEAD are answered', async (t) => {
  const { exporter, url } = await started(t)
  await exporter.export({ a: 1 }, 1)
  for (const [path, method] of [
    ['?x=1', 'GET'],
    ['', 'HEAD'],
  ]) {
    const { status, headers } = await fetch(url + path, { method: method! })
    assert.deepEqual([status, headers.get('content-type')], [200, 'text/plain; version=0.0.4; charset=utf-8'])
  }
})

test('P10 a port in use rejects the start and is in the result of an export; once it is free it works', async (t) => {
  const { exporter: other } = await started(t)
  const { port } = other.address()!
  const exporter = new PrometheusExporter({ port })
  t.after(() => exporter.stop())
  await assert.rejects(exporter.start(), { code: 'DESTINATION_UNAVAILABLE', message: /another program listens there/ })
  const result = await exporter.export({ a: 1 }, 1)
  assert.ok(result.status === 'retry' && /EADDRINUSE/.test(result.error.message))
  await other.stop()
  assert.equal((await exporter.export({ a: 1 }, 1)).status, 'ok')
})

test('P11 a metric that is not in the newest sample has ended, and all have once none comes any more', async (t) => {
  const { exporter, clock, scrape, url } = await started(t, { staleAfter: '10s' })
  const samples = async () => (await scrape()).filter((line) => line && !line.startsWith('#'))
  await exporter.export({ a: 1, b: 2 }, 100)
  await exporter.export({ b: 3 }, 50)
  assert.deepEqual(await samples(), ['cubestat_b 3'], 'the last call counts, whatever its time')
  await exporter.export({ a: 4 }, 50)
  assert.deepEqual(await samples(), ['cubestat_a 4'])
  await clock.advance(10_000)
  assert.deepEqual(await samples(), [])
  assert.match(await (await fetch(url)).text(), /^cubestat_waybill_prometheus_last_export_age_seconds 10$/m)
})
