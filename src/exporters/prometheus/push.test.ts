import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { answering, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, type Describe, metrics, ok, type Point, type PointValue, Receipt, resource, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { PrometheusExporter, type PrometheusExporterOptions } from './prometheus.ts'

const at = new Date(0)
const context = createContext()
const point = (
  name: string,
  value: PointValue,
  more: Partial<Point> = {},
  labels: Record<string, string> = {},
  describe: Describe = {},
): Point => ({
  series: series(name, labels, describe),
  timeMs: 1,
  value,
  ...more,
})

async function pushing(t: TestContext, options: Partial<PrometheusExporterOptions> = {}, answer = answering(200)) {
  const server = await startServer(t, answer)
  const exporter = stopping(t, new PrometheusExporter({ pushgatewayUrl: server.url, ...options }))
  await exporter.start(context)
  return { ...server, exporter, text: () => String(server.requests.at(-1)?.body) }
}

test('F4 003-08 003-10: with pushgateway_url it pushes text to the group, PUT to replace and POST to add', async (t) => {
  for (const [pushMethod, method] of [
    ['replace', 'PUT'],
    ['add', 'POST'],
  ] as const) {
    const { exporter, requests, url } = await pushing(t, {
      jobName: 'foundation_profiling',
      instanceLabel: 'web/01',
      pushMethod,
      groupingKey: { zone: 'a' },
    })
    assert.deepEqual(await exporter.export(at, metrics([point('system.cpu.load', 0.5, { timeMs: 5 })]), context), ok)
    const [{ headers, body, ...request }] = requests as [(typeof requests)[0]]
    assert.deepEqual([request.method, request.url], [method, '/metrics/job/foundation_profiling/instance@base64/d2ViLzAx/zone/a'])
    assert.match(headers['content-type']!, /^text\/plain; version=0\.0\.4/)
    assert.equal(String(body), '# HELP system_cpu_load system.cpu.load\n# TYPE system_cpu_load gauge\nsystem_cpu_load 0.5\n')
    assert.deepEqual([exporter.destination, exporter.address()], [`${url}/`, undefined])
  }
})

test('F4: 202 is as good as 200; a path in front of the Pushgateway is kept', async (t) => {
  const { url, requests } = await startServer(t, answering(202))
  const exporter = stopping(t, new PrometheusExporter({ mode: 'push', pushgatewayUrl: `${url}/gateway/` }))
  assert.deepEqual(await exporter.export(at, metrics([point('a', 1)]), context), ok)
  assert.equal(requests[0]?.url, '/gateway/metrics/job/waybill')
})

test('every push has all series, the newest point of each, and what was counted in all', async (t) => {
  const delta: Describe = { kind: 'counter', temporality: 'delta' }
  const { exporter, text } = await pushing(t)
  await exporter.export(at, metrics([point('a', 1), point('n', 2, {}, {}, delta)]), context)
  await exporter.export(at, metrics([point('b', 2), point('n', 3, { timeMs: 2 }, {}, delta)]), context)
  assert.match(text(), /^a 1\n[\s\S]*^b 2\n[\s\S]*^n_total 5\n/m)
})

test('a series without new points is pushed no more after staleAfter', async (t) => {
  const clock = new ManualClock()
  const { exporter, text } = await pushing(t, { staleAfter: '10s' })
  await exporter.export(at, metrics([point('a', 1)]), createContext({ clock }))
  await clock.advance(10_000)
  await exporter.export(at, metrics([point('b', 1)]), createContext({ clock }))
  assert.match(text(), /^# HELP b b\n/)
})

test('F4: no label of a sample conflicts with one of the group', async (t) => {
  const app = resource({ 'service.name': 'shop', 'service.instance.id': 'i-1', 'host.name': 'h' })
  const { exporter, text } = await pushing(t, { instanceLabel: 'me', groupingKey: { zone: 'a' }, resourceAttributes: ['host.name'] })
  await exporter.export(at, metrics([point('a', 1, {}, { zone: 'b', core: '0' }, { resource: app })]), context)
  assert.match(text(), /^a\{core="0",exported_instance="i-1",exported_job="shop",exported_zone="b",host_name="h"\} 1$/m)
  assert.doesNotMatch(text(), /target_info/)
})

const mapping = {
  messages_per_second: { name: 'foundation_log_messages_per_second', type: 'gauge', help: 'Rate of log messages processed per second' },
  errors: { name: 'errors_total', type: 'counter' },
} as const

test('F4 003-09: only mapped metrics are pushed, as they are mapped; the others are dropped by name', async (t) => {
  const { exporter, text } = await pushing(t, { metricsMapping: mapping, labels: { environment: 'production', host: 'not this' } })
  const receipt = new Receipt()
  const batch = metrics([
    point('messages_per_second', 7, {}, {}, { unit: '1/s', kind: 'counter', monotonic: false }),
    point('other', 1),
    point('errors', 2, {}, { host: 'h' }),
    point('toString', 1),
  ])
  assert.deepEqual(await exporter.export(at, batch, createContext({ receipt })), ok)
  assert.equal(
    text(),
    [
      '# HELP errors_total errors',
      '# TYPE errors_total counter',
      'errors_total{environment="production",host="h"} 2',
      '# HELP foundation_log_messages_per_second Rate of log messages processed per second',
      '# TYPE foundation_log_messages_per_second gauge',
      'foundation_log_messages_per_second{environment="production",host="not this"} 7',
      '',
    ].join('\n'),
  )
  assert.deepEqual([[...receipt.dropped], exporter.filteredCount()], [[['unmapped', 2]], 2])
})

test('F4: what is not taken is not dropped either; what is refused is named without it, and does not spoil the next push', async (t) => {
  let status = 503
  const { exporter, requests } = await pushing(t, { metricsMapping: { a: { name: 'a' }, b: { name: 'b' } } }, (_, response) =>
    response.writeHead(status).end(),
  )
  const receipt = new Receipt()
  const send = (...names: string[]) => exporter.export(at, metrics(names.map((name) => point(name, 1))), createContext({ receipt }))
  assert.equal((await send('a', 'other')).status, 'retry')
  assert.deepEqual([receipt.dropped.size, exporter.filteredCount()], [0, 0])
  status = 400
  const result = await send('other', 'a')
  assert.ok(result.status === 'partial')
  assert.deepEqual([result.rejected.map((r) => 'index' in r && r.index), result.retry, receipt.dropped.get('unmapped')], [[1], [], 1])
  assert.match(result.rejected[0]!.error.message, /answered 400; the Pushgateway has a metric of the same name/)
  assert.equal((await send('a')).status, 'reject')
  status = 200
  assert.deepEqual(await send('b'), ok)
  assert.doesNotMatch(String(requests.at(-1)!.body), /^a /m)
})

test('a point that cannot be pushed is rejected, the others are pushed', async (t) => {
  const { exporter, text } = await pushing(t)
  const result = await exporter.export(at, metrics([point('日本', 1), point('a', 1)]), context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((r) => 'index' in r && r.index),
    [0],
  )
  assert.match(text(), /^a 1$/m)
})

test('pushes take turns, and the last one has everything', async (t) => {
  const answered = Promise.withResolvers<void>()
  const { exporter, requests, text } = await pushing(t, {}, async (_, response) => {
    await answered.promise
    response.writeHead(200).end()
  })
  const exports = ['a', 'b', 'c'].map((name) => exporter.export(at, metrics([point(name, 1)]), context))
  while (requests.length === 0) await new Promise(setImmediate)
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate)
  assert.equal(requests.length, 1)
  answered.resolve()
  assert.deepEqual(await Promise.all(exports), [ok, ok, ok])
  assert.equal(requests.length, 3)
  assert.match(text(), /^a 1\n[\s\S]*^b 1\n[\s\S]*^c 1\n/m)
})

test('the group is deleted when it stops, where that is wanted and something was pushed', async (t) => {
  for (const [deleteOnShutdown, pushes, expected] of [
    [true, 1, ['PUT', 'DELETE']],
    [true, 0, []],
    [false, 1, ['PUT']],
  ] as const) {
    const { exporter, requests } = await pushing(t, { deleteOnShutdown })
    for (let n = 0; n < pushes; n++) await exporter.export(at, metrics([point('a', 1)]), context)
    await exporter.stop(context)
    await exporter.stop(context)
    assert.deepEqual(
      requests.map(({ method, url }) => [method, url]),
      expected.map((method) => [method, '/metrics/job/waybill']),
    )
  }
})

test('a user name and password, and headers, are sent and never shown', async (t) => {
  const { exporter, requests } = await pushing(
    t,
    { auth: { type: 'basic', username: 'u', password: 'hidden' }, headers: { 'X-Key': 'hidden-too' } },
    answering(401, {}, 'no hidden, no hidden-too'),
  )
  const result = await exporter.export(at, metrics([point('a', 1)]), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.doesNotMatch(result.error.message + JSON.stringify(exporter.health()), /hidden/)
  assert.deepEqual([requests[0]?.headers.authorization, requests[0]?.headers['x-key']], ['Basic dTpoaWRkZW4=', 'hidden-too'])
})

test('wrong options to push are refused', () => {
  const url = 'http://localhost:9091'
  for (const [options, message] of [
    [{ mode: 'push' }, /is required to push/],
    [{ mode: 'pull', pushgatewayUrl: url }, /is no option of mode pull/],
    [{ pushgatewayUrl: 'localhost:9091' }, /begins with http/],
    [{ pushgatewayUrl: url, jobName: '' }, /jobName/],
    [{ pushgatewayUrl: url, groupingKey: { job: 'a' } }, /job is given by job_name/],
    [{ pushgatewayUrl: url, groupingKey: { 'a-b': 'a' } }, /is no name for a label/],
    [{ pushgatewayUrl: url, headers: { 'Content-Type': 'a' } }, /is set by the exporter/],
    [{ metricsMapping: { a: { name: 'a.b' } } }, /letters, digits and _/],
    [{ listen: '127.0.0.1:0', metricsPort: 1 }, /is given by listen already/],
  ] as const)
    assert.throws(() => new PrometheusExporter(options as never), { code: 'INVALID_OPTION', message })
})
