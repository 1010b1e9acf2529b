/** The Prometheus exporter, pushing, seen by the Pushgateway itself and by the Prometheus that scrapes it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Pushgateway, startPushgateway } from '../../scripts/servers/pushgateway.ts'
import { PrometheusExporter, type PrometheusExporterOptions } from '../../src/exporters/prometheus/prometheus.ts'
import { createContext, type Describe, type MetricsBatch, metrics, ok, type Point, series } from '../../src/sdk.ts'
import { delivering } from './delivering.fixture.ts'

const context = createContext()
let gateway: Pushgateway

before(async () => {
  gateway = await startPushgateway()
})

after(() => gateway?.stop())

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

/** A tenth of 10,000 series, a point each; each value its own. */
const part = (number: number): MetricsBatch =>
  metrics(
    Array.from({ length: 1000 }, (_, index) =>
      point('known', number * 1000 + index / 8, {}, { part: String(number), index: String(index), odd }),
    ),
  )

test('F4 003-08: 10,000 known points, of which it is away for half: each is there as it was, none is missing', async () => {
  const group = { instance: 'web-server-01', job: 'foundation/profiling' }
  const { buffer, account, letters } = delivering(pushing({ jobName: group.job, instanceLabel: group.instance }))
  await buffer.start(context)
  const { port } = gateway
  for (let number = 0; number < 5; number++) assert.deepEqual(await buffer.export(new Date(), part(number), context), ok)
  await until(async () => account.figures().delivered === 5000)
  await gateway.stop()
  for (let number = 5; number < 10; number++) assert.deepEqual(await buffer.export(new Date(), part(number), context), ok)
  await pause(2000)
  assert.equal(account.figures().pending, 5000)
  gateway = await startPushgateway({ port })
  await buffer.flush(context)
  const { metrics: families } = (await groupOf(group))!
  const found = families.known!.metrics.map(({ labels: { part, index, odd, ...rest }, value }) => [part, index, odd, rest, Number(value)])
  const expected = Array.from({ length: 10_000 }, (_, n) => [
    String(Math.floor(n / 1000)),
    String(n % 1000),
    odd,
    group,
    Math.floor(n / 1000) * 1000 + (n % 1000) / 8,
  ])
  const sorted = (rows: unknown[]) =>
    rows
      .map((row) => JSON.stringify(row))
      .sort()
      .join('\n')
  assert.equal(sorted(found), sorted(expected))
  const { delivered, deadLettered, balanced } = account.figures()
  assert.deepEqual([delivered, deadLettered, letters, balanced], [10_000, 0, [], true])
  await buffer.stop(context)
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

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await pause(100))
    if (Date.now() > deadline) assert.fail('it did not come to pass within 20 s')
}
