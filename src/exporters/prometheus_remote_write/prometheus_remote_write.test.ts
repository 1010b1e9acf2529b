import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { stopping } from '../../http/server.fixture.ts'
import { createContext, type Host, metrics, ok, type Point, series } from '../../sdk.ts'
import plugin, { PrometheusRemoteWriteExporter, type PrometheusRemoteWriteExporterOptions } from './prometheus_remote_write.ts'
import { startRemoteWrite } from './remote-write.fixture.ts'

const at = new Date(0)
const context = createContext()
const gauge = (name: string, value: number, timeMs = 1): Point => ({ series: series(name), timeMs, value })
const indexesOf = (rejected: readonly object[]) => rejected.map((r) => ('index' in r ? r.index : r))

async function writing(t: TestContext, options: Partial<PrometheusRemoteWriteExporterOptions> = {}) {
  const server = await startRemoteWrite(t)
  const exporter = stopping(t, new PrometheusRemoteWriteExporter({ url: `${server.url}/api/v1/write`, ...options }))
  await exporter.start(context)
  return { server, exporter, send: (...points: Point[]) => exporter.export(at, metrics(points), context) }
}

test('version 1: the headers that the specification asks for, and the samples', async (t) => {
  const { server, send, exporter } = await writing(t, {
    externalLabels: { cluster: 'c' },
    headers: { 'X-Scope-OrgID': 'me' },
    auth: { type: 'bearer', token: 't' },
  })
  assert.deepEqual(await send(gauge('cpu.load', 0.5, 7)), ok)
  const [{ method, url, headers }] = server.requests as [(typeof server.requests)[0]]
  assert.deepEqual([method, url], ['POST', '/api/v1/write'])
  assert.deepEqual(
    ['content-type', 'content-encoding', 'x-prometheus-remote-write-version', 'x-scope-orgid', 'authorization'].map(
      (name) => headers[name],
    ),
    ['application/x-protobuf', 'snappy', '0.1.0', 'me', 'Bearer t'],
  )
  assert.match(headers['user-agent']!, /^waybill/)
  assert.deepEqual(server.stored, [{ labels: { __name__: 'cpu_load', cluster: 'c' }, timestamp: 7, value: 0.5 }])
  assert.equal(exporter.destination, `${server.url}/api/v1/write`)
})

test('version 2: its own headers, metadata with each series', async (t) => {
  const { server, send } = await writing(t, { version: 2, prefix: 'my' })
  assert.deepEqual(await send({ series: series('jobs.taken', {}, { kind: 'counter', help: 'Jobs.' }), timeMs: 1, value: 2 }), ok)
  const { headers } = server.requests[0]!
  assert.deepEqual(
    [headers['content-type'], headers['x-prometheus-remote-write-version']],
    ['application/x-protobuf;proto=io.prometheus.write.v2.Request', '2.0.0'],
  )
  assert.deepEqual(
    [server.stored[0]?.labels, server.writes[0]?.series[0]?.metadata],
    [{ __name__: 'my_jobs_taken_total' }, { type: 'METRIC_TYPE_COUNTER', help: 'Jobs.', unit: '' }],
  )
})

test('nothing to send is no request', async (t) => {
  const { server, send } = await writing(t)
  assert.deepEqual(await send(), ok)
  const result = await send(gauge('日本', 1))
  assert.ok(result.status === 'partial')
  assert.deepEqual([indexesOf(result.rejected), server.requests.length], [[0], 0])
})

test('what cannot be sent is rejected by index, with whatever becomes of the others', async (t) => {
  for (const version of [1, 2] as const) {
    const { server, send } = await writing(t, { version })
    const taken = await send(gauge('日本', 1), gauge('a', 1), gauge('b', 1))
    assert.ok(taken.status === 'partial')
    assert.deepEqual([indexesOf(taken.rejected), server.stored.length], [[0], 2])
    server.refuse = () => true
    const refused = await send(gauge('日本', 1), gauge('a', 1), gauge('b', 1))
    assert.ok(refused.status === 'partial')
    assert.deepEqual(indexesOf(refused.rejected), [0, 1, 2])
    assert.match(refused.rejected[1]!.error.message, /answered 400: 2 samples are out of order/)
    server.answerInstead = (_, response) => Boolean(response.writeHead(503).end())
    assert.equal((await send(gauge('日本', 1), gauge('a', 1))).status, 'retry')
  }
})

test('version 2: a server that has written a part tells how much, and that much is rejected', async (t) => {
  const { server, send } = await writing(t, { version: 2 })
  server.refuse = ({ __name__: name }) => name !== 'a'
  const result = await send(gauge('a', 1), gauge('b', 1), gauge('c', 1))
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((r) => ('count' in r ? r.count : r)),
    [2],
  )
  const counts = { count: 3, sum: 1, bounds: [1, 2], counts: [1, 1, 1] }
  const parts = await send(gauge('a', 2), { series: series('h', {}, { kind: 'histogram' }), timeMs: 1, value: counts }, gauge('a', 3, 2))
  assert.ok(parts.status === 'partial')
  // Five samples of the histogram are missing, which cannot be more than three points.
  assert.deepEqual(
    parts.rejected.map((r) => ('count' in r ? r.count : r)),
    [3],
  )
  server.refuse = () => false
  server.answerInstead = (_, response) => Boolean(response.writeHead(200, { 'X-Prometheus-Remote-Write-Samples-Written': '1' }).end())
  const less = await send(gauge('a', 1), gauge('b', 1))
  assert.ok(less.status === 'partial')
  assert.match(less.rejected[0]!.error.message, /has written only 1 of 2 samples/)
  server.answerInstead = (_, response) =>
    Boolean(response.writeHead(400, { 'X-Prometheus-Remote-Write-Samples-Written': '1' }).end('exemplars'))
  const exemplars = await send(gauge('a', 1))
  assert.ok(exemplars.status === 'partial')
  assert.deepEqual(
    exemplars.rejected.map((r) => ('count' in r ? r.count : r)),
    [1],
  )
})

test('version 2: a server that does not speak it keeps the points waiting, whether it says so or not', async (t) => {
  const { server, send, exporter } = await writing(t, { version: 2 })
  for (const [status, headers, message] of [
    [415, {}, /answered 415; the server does not speak this version/],
    [200, {}, /does not tell what it wrote, so it does not speak version 2: set version to 1/],
  ] as const) {
    server.answerInstead = (_, response) => Boolean(response.writeHead(status, headers).end())
    const result = await send(gauge('a', 1))
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.match(result.error.message, message)
    assert.equal(exporter.health().state, 'unhealthy')
  }
})

test('large batches are several requests in the order of times, and what is left of them is told', async (t) => {
  const { server, send } = await writing(t, { maxPointsPerRequest: 2 })
  const points = [gauge('a', 5, 50), gauge('日本', 0, 0), gauge('a', 1, 10), gauge('b', 2, 20), gauge('a', 3, 30)]
  const whole = await send(...points)
  assert.ok(whole.status === 'partial')
  assert.deepEqual([indexesOf(whole.rejected), server.stored.map(({ value }) => value), server.requests.length], [[1], [1, 2, 3, 5], 3])
  for (const [status, rejected, retry] of [
    [503, [1], [3, 4, 0]],
    [413, [1], [3, 4, 0]],
    [400, [1, 3, 4], []],
  ] as const) {
    let requests = 0
    server.answerInstead = (_, response) => {
      requests++
      return requests === 2 ? Boolean(response.writeHead(status).end()) : false
    }
    const result = await send(...points)
    assert.ok(result.status === 'partial')
    assert.deepEqual([indexesOf(result.rejected), result.retry], [rejected, retry], String(status))
  }
  for (const [status, expected] of [
    [503, 'retry'],
    [413, 'too-large'],
  ] as const) {
    server.answerInstead = (_, response) => Boolean(response.writeHead(status).end())
    assert.equal((await send(...points)).status, expected)
  }
})

test('wrong options are refused, with what to do', () => {
  const url = 'http://localhost:9090/api/v1/write'
  for (const [options, message] of [
    [{}, /url/],
    [{ url: 'localhost:9090' }, /begins with http/],
    [{ url, version: 3 }, /version/],
    [{ url, prefix: 'my-prefix' }, /letters, digits and _/],
    [{ url, externalLabels: { 'a-b': 'c' } }, /is no name for a label/],
    [{ url, headers: { 'Content-Encoding': 'gzip' } }, /is set by the exporter/],
    [{ url, headers: { 'x-prometheus-remote-write-version': '1' } }, /is set by the exporter/],
    [{ url, headers: { Authorization: 'x' }, auth: { type: 'bearer', token: 't' } }, /is set by auth/],
    [{ url: 'http://u:p@localhost/', auth: { type: 'bearer', token: 't' } }, /url holds a user name already/],
    [{ url, retryOnStatusCodes: [400] }, /retryOnStatusCodes/],
  ] as const)
    assert.throws(() => new PrometheusRemoteWriteExporter(options as never), { code: 'INVALID_OPTION', message })
})

test('as a plugin it is made from its configuration', () => {
  const config = plugin.config!.parse({ url: 'https://user:hidden@mimir.example/api/v1/push?key=hidden', auth: { type: 'none' } }) as never
  const exporter = plugin.create({ name: 'mimir', config, host: {} as Host })
  assert.deepEqual([exporter.name, exporter.destination], ['mimir', 'https://mimir.example/api/v1/push'])
})
