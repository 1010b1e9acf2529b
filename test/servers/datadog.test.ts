/** The exporter datadog, version 1 of its API, by what VictoriaMetrics stores of it. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startVictoriaMetrics, type VictoriaMetrics } from '../../scripts/servers/victoria-metrics.ts'
import { apiKey, startDatadog } from '../../src/exporters/datadog/datadog.fixture.ts'
import { DatadogExporter } from '../../src/exporters/datadog/datadog.ts'
import { createContext, type MetricsBatch, metrics, ok, type Point, resource, series } from '../../src/sdk.ts'
import { startAgent } from '../../src/testing/index.ts'
import { delivering } from './delivering.fixture.ts'

const context = createContext()
const awayMs = 10_000
/** In whole seconds, and a while ago, so that no query has to look into the future. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 600_000
const host = resource({ 'host.name': 'web-1' })
let directory: string
let server: VictoriaMetrics

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-datadog-'))
  server = await startVictoriaMetrics({ directory })
})

after(async () => {
  await server?.stop()
  await rm(directory, { recursive: true, force: true })
})

/** A thousand series at one of ten times, each value its own. */
const scrape = (time: number): MetricsBatch =>
  metrics(
    Array.from({ length: 1000 }, (_, index): Point => {
      const of = series(`known${Math.floor(index / 100)}`, { cell: `cell-${index % 100}`, odd: 'é "日本" 😀' }, { resource: host })
      return { series: of, timeMs: startMs + time * 15_000, value: index - 500 + time / 16 }
    }),
  )

const shown = (name: string, cell: string, seconds: number, value: number): string => `${name} ${cell} ${seconds} ${value}`

async function stored(): Promise<readonly string[]> {
  await server.flush()
  const match = encodeURIComponent('{__name__=~"known.*"}')
  const text = await (await fetch(`${server.url}/api/v1/export?match[]=${match}`)).text()
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const { metric, values, timestamps } = JSON.parse(line) as { metric: Record<string, string>; values: number[]; timestamps: number[] }
      assert.deepEqual([metric.host, metric.odd, metric.team], ['web-1', 'é "日本" 😀', 'platform'])
      return values.map((value, at) => shown(metric.__name__!, metric.cell!, timestamps[at]! / 1000, value))
    })
    .sort()
}

test('F6: 10,000 known points, VictoriaMetrics away for ten seconds: each is there as it was, none is missing', async () => {
  const exporter = new DatadogExporter({ url: `${server.url}/datadog`, apiKey: 'any', version: 1, tags: ['team:platform'] })
  const { buffer, account, letters } = delivering(exporter)
  await buffer.start(context)
  try {
    for (let time = 0; time < 5; time++) assert.deepEqual(await buffer.export(new Date(), scrape(time), context), ok)
    for (const deadline = Date.now() + 20_000; account.figures().delivered < 5000; await pause(50)) assert.ok(Date.now() < deadline)
    const { port } = server
    await server.stop()
    for (let time = 5; time < 10; time++) assert.deepEqual(await buffer.export(new Date(), scrape(time), context), ok)
    await pause(awayMs)
    assert.deepEqual([account.figures().pending, buffer.health().state], [5000, 'unhealthy'])
    server = await startVictoriaMetrics({ directory, port })
    await buffer.flush(context)
    const expected = Array.from({ length: 10 }, (_, time) => scrape(time).points)
      .flat()
      .map(({ series: { name, labels }, timeMs, value }) => shown(name, labels[0]![1], timeMs / 1000, value as number))
    assert.equal((await stored()).join('\n'), expected.sort().join('\n'))
    const { delivered, deadLettered, balanced } = account.figures()
    assert.deepEqual([delivered, deadLettered, letters, balanced], [10_000, 0, [], true])
  } finally {
    await buffer.stop(context)
  }
})

/** As it lies in a ConfigMap. */
const exporters = `
exporters:
  - name: prometheus
    type: prometheus
    config:
      pushgateway_url: http://prometheus-pushgateway.invalid:9091
      job_name: shop-profiling
      labels: { environment: production, cluster: k8s-prod }
  - name: datadog
    type: datadog
    config:
      api_key_secret: datadog-api-key
      site: datadoghq.com
      tags: ["environment:production", "service:shop"]
`

test('003-51 F18: a file with nothing but exporters runs as it stands, its key from the mounted secret, its address from the environment', async (t) => {
  const datadog = await startDatadog(t)
  const folder = await mkdtemp(join(tmpdir(), 'waybill-datadog-'))
  const config = join(folder, 'exporters.yaml')
  await writeFile(config, exporters)
  await writeFile(join(folder, 'datadog-api-key'), `${apiKey}\n`)
  const env = { WAYBILL_SECRETS_DIR: folder, DD_URL: datadog.url }
  const agent = await startAgent({ config, dataDir: join(folder, 'data'), env })
  t.after(() => rm(folder, { recursive: true, force: true }))
  t.after(() => agent.kill())
  await agent.until(async () => datadog.taken.length > 0, 60_000)
  const { path, body } = datadog.taken[0]!
  assert.equal(path, '/api/v2/series')
  for (const { tags } of (body as { series: { tags: string[] }[] }).series)
    assert.deepEqual(tags.slice(-2), ['environment:production', 'service:shop'])
  assert.ok(!agent.output().includes(apiKey))
  await agent.ledger()
})
