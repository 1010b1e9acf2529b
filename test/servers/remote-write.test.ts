/** Remote write, seen by Prometheus and VictoriaMetrics themselves: the exporter by what they store, the receiver by what they send. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Prometheus, startPrometheus } from '../../scripts/servers/prometheus.ts'
import { startVictoriaMetrics } from '../../scripts/servers/victoria-metrics.ts'
import { PrometheusExporter } from '../../src/exporters/prometheus/prometheus.ts'
import { PrometheusRemoteWriteExporter } from '../../src/exporters/prometheus_remote_write/prometheus_remote_write.ts'
import { PrometheusRemoteWriteReceiver } from '../../src/receivers/prometheus_remote_write/prometheus_remote_write.ts'
import {
  type Batch,
  createContext,
  type Describe,
  type MetricsBatch,
  metrics,
  ok,
  type Point,
  type PointValue,
  series,
} from '../../src/sdk.ts'
import { delivering } from './delivering.fixture.ts'

const context = createContext()
/** In whole seconds, and a while ago, so that no query has to look into the future. */
const startMs = Math.floor(Date.now() / 1000) * 1000 - 600_000
const stepMs = 15_000
let directory: string
let prometheus: Prometheus

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'waybill-remote-write-'))
  prometheus = await startPrometheus({ directory })
})

after(async () => {
  await prometheus?.stop()
  await rm(directory, { recursive: true, force: true })
})

interface Server {
  readonly url: string
  readonly port: number
  flush?(): Promise<void>
  stop(): Promise<void>
}

const servers: Readonly<Record<string, (options: { directory: string; port?: number }) => Promise<Server>>> = {
  Prometheus: startPrometheus,
  VictoriaMetrics: startVictoriaMetrics,
}

const odd = 'quote " backslash \\ newline \n é 日本 😀 ;,={}'

/** A thousand series at one of ten times, each value its own. */
const scrape = (time: number): MetricsBatch =>
  metrics(
    Array.from({ length: 1000 }, (_, index): Point => {
      const labels = { host: `host-${index % 100}`, 'odd.label': odd }
      const of = series(`known.${Math.floor(index / 100)}`, labels, { unit: 'By' })
      return { series: of, timeMs: startMs + time * stepMs + (index % 7), value: index - 500 + time / 16 }
    }),
  )

const shown = (name: string, labels: Readonly<Record<string, string>>, seconds: number, value: unknown): string =>
  `${name} ${labels.host} ${labels.odd_label} ${seconds} ${Number(value)}`

const expected = (times: number): string[] =>
  Array.from({ length: times }, (_, time) => scrape(time).points)
    .flat()
    .map(({ series: { name, labels }, timeMs, value }) =>
      shown(`${name.replace('.', '_')}_bytes`, { host: labels[0]![1], odd_label: odd }, timeMs / 1000, value),
    )
    .sort()

for (const [name, start] of Object.entries(servers))
  test(`${name}: 10,000 known points, of which it is away for half: each is there as it was, none is missing`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waybill-remote-write-'))
    let server = await start({ directory: folder })
    const { port, url } = server
    const { buffer, account, letters } = delivering(new PrometheusRemoteWriteExporter({ url: `${url}/api/v1/write` }))
    await buffer.start(context)
    try {
      for (let time = 0; time < 5; time++) assert.deepEqual(await buffer.export(new Date(), scrape(time), context), ok)
      await until(async () => account.figures().delivered === 5000)
      await server.stop()
      for (let time = 5; time < 10; time++) assert.deepEqual(await buffer.export(new Date(), scrape(time), context), ok)
      await pause(3000)
      assert.deepEqual([account.figures().pending, buffer.health().state], [5000, 'unhealthy'])
      server = await start({ directory: folder, port })
      await buffer.flush(context)
      await server.flush?.()
      const found = await query(server, '{__name__=~"known_.*"}[1h]')
      const stored = found.flatMap(({ metric: { __name__: name = '', ...labels }, values = [] }) =>
        values.map(([at, value]) => shown(name, labels, at, value)),
      )
      assert.equal(stored.sort().join('\n'), expected(10).join('\n'))
      const { accepted, delivered, deadLettered, balanced } = account.figures()
      assert.deepEqual([accepted, delivered, deadLettered, letters, balanced], [10_000, 10_000, 0, [], true])
    } finally {
      await buffer.stop(context)
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
  })

const point = (name: string, value: PointValue, describe: Describe = {}, more: Partial<Point> = {}): Point => ({
  series: series(name, {}, describe),
  timeMs: startMs,
  value,
  ...more,
})

const exporterTo = ({ url }: Server, options = {}) => new PrometheusRemoteWriteExporter({ url: `${url}/api/v1/write`, ...options })

test('Prometheus has the same distributions, and the exemplars', async () => {
  const exemplar = { value: 0.3, timeMs: startMs, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }
  const exponential = {
    count: 10,
    sum: 4.5,
    scale: 0,
    zeroCount: 1,
    positive: { offset: -1, counts: [1, 2, 0, 0, 0, 4] },
    negative: { offset: 1, counts: [2] },
  }
  const points = [
    point(
      'http.duration',
      { count: 6, sum: 4.5, bounds: [0.25, 1], counts: [1, 3, 2] },
      { kind: 'histogram', unit: 's' },
      { exemplars: [exemplar] },
    ),
    point('gc.duration', { count: 9, sum: 1.5, quantiles: [{ quantile: 0.5, value: 0.1 }] }, { kind: 'summary', unit: 's' }),
    point('native', exponential, { kind: 'histogram' }),
    point('jobs', 7, { kind: 'counter' }),
  ]
  assert.deepEqual(await exporterTo(prometheus, { nativeHistograms: true }).export(new Date(), metrics(points), context), ok)
  const found = await query(prometheus, '{__name__=~"http_.*|gc_.*|jobs_.*"}', startMs)
  assert.deepEqual(
    Object.fromEntries(
      found.map(({ metric: { __name__: name, ...labels }, value }) => [`${name}${JSON.stringify(labels)}`, value?.[1]]).sort(),
    ),
    {
      'gc_duration_seconds_count{}': '9',
      'gc_duration_seconds_sum{}': '1.5',
      'gc_duration_seconds{"quantile":"0.5"}': '0.1',
      'http_duration_seconds_bucket{"le":"+Inf"}': '6',
      'http_duration_seconds_bucket{"le":"0.25"}': '1',
      'http_duration_seconds_bucket{"le":"1.0"}': '4',
      'http_duration_seconds_count{}': '6',
      'http_duration_seconds_sum{}': '4.5',
      'jobs_total{}': '7',
    },
  )
  const [native] = await query(prometheus, 'native', startMs)
  assert.deepEqual(native?.histogram?.[1], {
    count: '10',
    sum: '4.5',
    buckets: [
      [1, '-4', '-2', '2'],
      [3, '-0', '0', '1'],
      [0, '0.5', '1', '1'],
      [0, '1', '2', '2'],
      [0, '16', '32', '4'],
    ],
  })
  const [exemplars] = (await get(prometheus, `/api/v1/query_exemplars?query=http_duration_seconds_bucket&start=0&end=9999999999`)) as [
    { seriesLabels: { le: string }; exemplars: { labels: object; value: string }[] },
  ]
  assert.deepEqual([exemplars.seriesLabels.le, exemplars.exemplars[0]?.labels], ['1.0', { trace_id: exemplar.traceId }])
})

test('a series that ends is gone from then on', async () => {
  const exporter = exporterTo(prometheus)
  const at = (seconds: number) => startMs + seconds * 1000
  await exporter.export(new Date(), metrics([point('ended', 1), point('goes.on', 1)]), context)
  await exporter.export(new Date(), metrics([point('ended', Number.NaN, {}, { timeMs: at(1), stale: true })]), context)
  const names = async (timeMs: number) =>
    (await query(prometheus, '{__name__=~"ended|goes_on"}', timeMs)).map(({ metric }) => metric.__name__)
  assert.deepEqual([await names(at(0)), await names(at(2))], [['ended', 'goes_on'], ['goes_on']])
})

test('what comes again is no error, and what comes too late is a dead letter, with what the server says', async () => {
  const { buffer, account, letters } = delivering(exporterTo(prometheus))
  const send = (timeMs: number, value: number) => buffer.export(new Date(), metrics([point('order', value, {}, { timeMs })]), context)
  for (const [timeMs, value] of [
    [startMs, 1],
    [startMs, 1],
    [startMs - 1000, 2],
    [startMs + 1000, 3],
  ] as const)
    assert.deepEqual(await send(timeMs, value), ok)
  await buffer.flush(context)
  await buffer.stop(context)
  const { delivered, deadLettered, balanced } = account.figures()
  assert.deepEqual([delivered, deadLettered, balanced, letters.map(({ points }) => points[0]?.value)], [3, 1, true, [2]])
  assert.match(letters[0]!.reason, /answered 400: out of order sample/)
})

test('a Prometheus of version 2.42 does not speak version 2, which is told, and the points wait', async () => {
  const exporter = exporterTo(prometheus, { version: 2 })
  const result = await exporter.export(new Date(), metrics([point('two', 1)]), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /does not speak version 2: set version to 1/)
})

test('what Prometheus scrapes and sends by remote write is received: values, kinds, help, exemplars', async () => {
  const batches: Batch[] = []
  const receiver = new PrometheusRemoteWriteReceiver({ listen: '127.0.0.1:0' })
  const exposed = new PrometheusExporter({ listen: '127.0.0.1:0' })
  const folder = await mkdtemp(join(tmpdir(), 'waybill-remote-write-'))
  await receiver.listen(async (batch) => {
    batches.push(batch)
    return ok
  }, context)
  await exposed.start(context)
  const exemplar = { value: 0.3, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }
  await exposed.export(
    new Date(),
    metrics([
      point('sent.jobs', 7, { kind: 'counter', help: 'Jobs.' }, { exemplars: [exemplar] }),
      point('sent.load', 0.4273, { unit: '1', help: odd }),
      point('sent.time', { count: 6, sum: 4.5, bounds: [0.25], counts: [1, 5] }, { kind: 'histogram', unit: 's' }),
    ]),
    context,
  )
  const sender = await startPrometheus({
    directory: folder,
    scrape: [{ job: 'sent', target: `127.0.0.1:${exposed.address()!.port}` }],
    writesTo: `http://127.0.0.1:${receiver.address()!.port}/api/v1/write`,
  })
  try {
    const points = () =>
      batches.flatMap((batch) => (batch.signal === 'metrics' ? batch.points : [])).filter(({ series }) => series.name.startsWith('sent_'))
    // Prometheus sends an exemplar once, maybe before it has told the kinds.
    await until(async () => points().some(({ exemplars }) => exemplars) && points().some(({ series }) => series.kind === 'counter'))
    const newest = new Map(
      points().map(({ series, value }) => [`${series.name}${Object.fromEntries(series.labels).le ?? ''}`, [series.kind, value]]),
    )
    assert.deepEqual(Object.fromEntries([...newest].sort()), {
      sent_jobs_total: ['counter', 7],
      sent_load_ratio: ['gauge', 0.4273],
      'sent_time_seconds_bucket+Inf': ['gauge', 6],
      'sent_time_seconds_bucket0.25': ['gauge', 1],
      sent_time_seconds_count: ['gauge', 6],
      sent_time_seconds_sum: ['gauge', 4.5],
    })
    const jobs = points().findLast(({ series }) => series.name === 'sent_jobs_total')
    assert.deepEqual([jobs?.series.help, Object.fromEntries(jobs!.series.labels).job], ['Jobs.', 'sent'])
    assert.equal(points().flatMap(({ exemplars = [] }) => exemplars)[0]?.traceId, exemplar.traceId)
  } finally {
    await sender.stop()
    await exposed.stop()
    await receiver.stop()
    await rm(folder, { recursive: true, force: true })
  }
})

interface Found {
  readonly metric: Readonly<Record<string, string>>
  readonly value?: readonly [seconds: number, value: string]
  readonly values?: readonly (readonly [seconds: number, value: string])[]
  readonly histogram?: readonly [seconds: number, histogram: object]
}

async function query(server: Server, expression: string, atMs = Date.now()): Promise<readonly Found[]> {
  const { result } = (await get(server, `/api/v1/query?time=${atMs / 1000}&query=${encodeURIComponent(expression)}`)) as { result: Found[] }
  return result
}

async function get({ url }: Server, path: string): Promise<unknown> {
  const answer = (await (await fetch(url + path)).json()) as { data?: unknown; error?: string }
  if (answer.data === undefined) throw new Error(answer.error)
  return answer.data
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await pause(100))
    if (Date.now() > deadline) assert.fail('it did not come to pass within 20 s')
}
