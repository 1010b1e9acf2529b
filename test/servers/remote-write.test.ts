/** Remote write, seen by Prometheus itself: the exporter by what it stores, the receiver by what it sends. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Prometheus, startPrometheus } from '../../scripts/servers/prometheus.ts'
import { PrometheusExporter } from '../../src/exporters/prometheus/prometheus.ts'
import { PrometheusRemoteWriteExporter } from '../../src/exporters/prometheus_remote_write/prometheus_remote_write.ts'
import { PrometheusRemoteWriteReceiver } from '../../src/receivers/prometheus_remote_write/prometheus_remote_write.ts'
import { type Batch, createContext, type Describe, metrics, ok, type Point, type PointValue, series } from '../../src/sdk.ts'
import { delivering } from './delivering.fixture.ts'
import { known, sendingAgent } from './sending-agent.fixture.ts'

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

const odd = 'quote " backslash \\ newline \n é 日本 😀 ;,={}'

/** Of a thousand series at one of ten times; each value its own. */
const knownPoint = (index: number) => ({
  time: new Date(startMs + Math.floor(index / 1000) * stepMs + (index % 7)).toISOString(),
  name: `known.${index % 10}`,
  unit: 'By',
  labels: { host: `host-${Math.floor(index / 10) % 100}`, 'odd.label': odd },
  value: index / 8 - 500,
})

const shown = (name: string, host: string | undefined, label: string | undefined, seconds: number, value: number): string =>
  `${name} ${host} ${label} ${seconds} ${value}`

test('10,000 known points, Prometheus away for ten seconds: each is there once, as it was', async (t) => {
  const folder = await mkdtemp(join(directory, 'outage-'))
  let server = await startPrometheus({ directory: folder })
  t.after(() => server.stop())
  const config = { url: `${server.url}/api/v1/write` }
  const agent = await sendingAgent(t, { directory, type: 'prometheus_remote_write', config, signals: ['metrics'] })
  const points = Array.from({ length: known }, (_, index) => knownPoint(index))
  await agent.throughOutage({
    post: (from, until) => agent.post('/metrics', points.slice(from, until)),
    stop: () => server.stop(),
    async start() {
      server = await startPrometheus({ directory: folder, port: server.port })
    },
  })
  const found = (await query(server, '{__name__=~"known_.*"}[1h]')).flatMap(
    ({ metric: { __name__: name = '', host, odd_label }, values }) =>
      values!.map(([at, value]) => shown(name, host, odd_label, at, Number(value))),
  )
  const expected = points.map(({ name, labels: { host }, time, value }) =>
    shown(`${name.replace('.', '_')}_bytes`, host, odd, Date.parse(time) / 1000, value),
  )
  assert.equal(found.sort().join('\n'), expected.sort().join('\n'))
})

const point = (name: string, value: PointValue, describe: Describe = {}, more: Partial<Point> = {}): Point => ({
  series: series(name, {}, describe),
  timeMs: startMs,
  value,
  ...more,
})

const exporterTo = ({ url }: Prometheus, options = {}) => new PrometheusRemoteWriteExporter({ url: `${url}/api/v1/write`, ...options })

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

async function query(server: Prometheus, expression: string, atMs = Date.now()): Promise<readonly Found[]> {
  const { result } = (await get(server, `/api/v1/query?time=${atMs / 1000}&query=${encodeURIComponent(expression)}`)) as { result: Found[] }
  return result
}

async function get({ url }: Prometheus, path: string): Promise<unknown> {
  const answer = (await (await fetch(url + path)).json()) as { data?: unknown; error?: string }
  if (answer.data === undefined) throw new Error(answer.error)
  return answer.data
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await condition()); await pause(100))
    if (Date.now() > deadline) assert.fail('it did not come to pass within 20 s')
}
