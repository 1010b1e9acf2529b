/** The Prometheus exporter, pushing, seen by the Pushgateway itself and by the Prometheus that scrapes it. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Pushgateway, startPushgateway } from '../../scripts/servers/pushgateway.ts'
import { PrometheusExporter, type PrometheusExporterOptions } from '../../src/exporters/prometheus/prometheus.ts'
import { createContext, type Describe, metrics, ok, type Point, series } from '../../src/sdk.ts'
import { delivering } from './delivering.fixture.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

const context = createContext()
let directory: string
let gateway: Pushgateway

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-pushgateway-'))
  gateway = await startPushgateway()
})

after(async () => {
  await gateway?.stop()
  await rm(directory, { recursive: true, force: true })
})

const pushing = (options: Partial<PrometheusExporterOptions>) => new PrometheusExporter({ pushgatewayUrl: gateway.url, ...options })
const point = (name: string, value: Point['value'], describe: Describe = {}, labels: Record<string, string> = {}): Point => ({
  series: series(name, labels, describe),
  timeMs: 1,
  value,
})
const groupOf = async (labels: Readonly<Record<string, string>>) =>
  (await gateway.groups()).find((group) => assertSame(group.labels, labels))
const assertSame = (a: object, b: object) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort())

const odd = 'quote " backslash \\ newline \n é 日本 😀 ;,={}'

test('F4 003-08: 10,000 known points, the Pushgateway away for ten seconds: each is there as it was, none is missing', async (t) => {
  const group = { instance: 'web-server-01', job: 'foundation/profiling' }
  const config = { pushgateway_url: gateway.url, job_name: group.job, instance_label: group.instance }
  const agent = await sendingAgent(t, { directory, type: 'prometheus', config, signals: ['metrics'] })
  const points = Array.from({ length: known }, (_, index) => ({ name: 'known', labels: { index: String(index), odd }, value: index / 8 }))
  await agent.throughOutage({
    post: (from, until) => agent.post('/metrics', points.slice(from, until)),
    stop: () => gateway.stop(),
    async start() {
      gateway = await startPushgateway({ port: gateway.port })
    },
  })
  const { metrics: families } = (await groupOf(group))!
  const found = families.known!.metrics.map(({ labels, value }) => ({ labels, value: Number(value) }))
  const expected = points.map(({ labels, value }) => ({ labels: { ...labels, ...group }, value }))
  const lines = (samples: typeof found) => samples.map(({ labels, value }) => JSON.stringify([Object.entries(labels).sort(), value]))
  assert.equal(lines(found).sort().join('\n'), lines(expected).sort().join('\n'))
})

test('F4: grouping keys with slashes, nothing and dots, in the path and back', async () => {
  const groupingKey = { path: '/var/tmp', empty: '', up: '..', odd, percent: '100%25 a+b' }
  assert.deepEqual(
    await pushing({ jobName: 'a/b c', groupingKey }).export(
      new Date(),
      metrics([point('grouped', 1, {}, { job: 'own', path: 'own' })]),
      context,
    ),
    ok,
  )
  const group = await groupOf({ job: 'a/b c', ...groupingKey })
  assert.deepEqual(group?.metrics.grouped?.metrics[0]?.labels, {
    job: 'a/b c',
    ...groupingKey,
    instance: '',
    exported_job: 'own',
    exported_path: 'own',
  })
})

test('F4 003-09: mapped metrics have their names, types and help, and additional labels', async () => {
  const metricsMapping = {
    avg_latency_ms: {
      name: 'foundation_log_processing_latency_milliseconds',
      type: 'gauge',
      help: 'Average log processing latency in milliseconds',
    },
    errors: { name: 'foundation_errors_total', type: 'counter' },
  } as const
  const exporter = pushing({ jobName: 'mapped', metricsMapping, additionalLabels: { environment: 'production' } })
  assert.deepEqual(
    await exporter.export(new Date(), metrics([point('avg_latency_ms', 1.5), point('errors', 3), point('other', 1)]), context),
    ok,
  )
  assert.deepEqual((await groupOf({ job: 'mapped' }))?.metrics, {
    foundation_errors_total: {
      type: 'COUNTER',
      help: 'errors',
      metrics: [{ labels: { environment: 'production', instance: '', job: 'mapped' }, value: '3' }],
    },
    foundation_log_processing_latency_milliseconds: {
      type: 'GAUGE',
      help: 'Average log processing latency in milliseconds',
      metrics: [{ labels: { environment: 'production', instance: '', job: 'mapped' }, value: '1.5' }],
    },
  })
})

test('F4: PUT replaces what was in the group, POST adds to it, and a stop may delete it', async () => {
  const names = async () => Object.keys((await groupOf({ job: 'shared' }))?.metrics ?? {}).sort()
  const push = async (name: string, options: Partial<PrometheusExporterOptions>) => {
    const exporter = pushing({ jobName: 'shared', ...options })
    assert.deepEqual(await exporter.export(new Date(), metrics([point(name, 1)]), context), ok)
    return exporter
  }
  await push('a', {})
  await push('b', { pushMethod: 'add' })
  assert.deepEqual(await names(), ['a', 'b'])
  const last = await push('c', { deleteOnShutdown: true })
  assert.deepEqual(await names(), ['c'])
  await last.stop(context)
  assert.equal(await groupOf({ job: 'shared' }), undefined)
})

test('a metric that is of another type in another group is refused, with what the Pushgateway says', async () => {
  await pushing({ jobName: 'first' }).export(new Date(), metrics([point('clash', 1)]), context)
  const { buffer, letters, account } = delivering(pushing({ jobName: 'second' }))
  const histogram = { count: 1, sum: 1, bounds: [1], counts: [1, 0] }
  assert.deepEqual(await buffer.export(new Date(), metrics([point('clash', histogram, { kind: 'histogram' })]), context), ok)
  assert.deepEqual(await buffer.export(new Date(), metrics([point('fine', 1)]), context), ok)
  await buffer.flush(context)
  assert.match(letters[0]!.reason, /answered 400: pushed metrics are invalid or inconsistent/)
  assert.deepEqual([account.figures().delivered, account.figures().deadLettered], [1, 1])
  await buffer.stop(context)
})
