import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, type ExportResult, metrics, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { PrometheusRemoteWriteExporter, type PrometheusRemoteWriteExporterOptions } from './prometheus_remote_write.ts'
import { startRemoteWrite } from './remote-write.fixture.ts'

const batch = metrics([{ series: series('a'), timeMs: 1, value: 1 }])
const nowMs = Date.UTC(2026, 7, 2)
const context = createContext()
type T = Parameters<typeof startServer>[0]

const meaningOf = (result: ExportResult) => (result.status === 'retry' && result.scope ? `${result.status} ${result.scope}` : result.status)

async function write(t: T, url: string, options: Partial<PrometheusRemoteWriteExporterOptions> = {}, given = context) {
  const exporter = stopping(t, new PrometheusRemoteWriteExporter({ url, ...options }))
  const result = await exporter.export(new Date(0), batch, given)
  return { result, meaning: meaningOf(result), said: 'error' in result ? result.error.message : '', health: exporter.health() }
}

test('which status is worth another try is as the specification says; what is the destination’s fault waits', async (t) => {
  for (const [meaning, statuses] of Object.entries({
    ok: [200, 202, 204],
    retry: [429, 500, 501, 502, 503, 504, 507, 599],
    'retry destination': [401, 403, 404, 407, 415],
    'too-large': [413],
    reject: [301, 400, 405, 408, 409, 422],
  })) {
    for (const status of statuses) {
      const { url } = await startServer(t, answering(status))
      assert.equal((await write(t, url)).meaning, meaning, String(status))
    }
  }
})

test('429 and 5xx are left alone for as long as Retry-After asks', async (t) => {
  for (const [status, retryAfter, afterMs] of [
    [429, '7', 7000],
    [503, new Date(nowMs + 60_000).toUTCString(), 60_000],
    [500, 'soon', undefined],
  ] as const) {
    const { url } = await startServer(t, answering(status, { 'retry-after': retryAfter }))
    const { result } = await write(t, url, {}, createContext({ clock: new ManualClock(nowMs) }))
    assert.ok(result.status === 'retry')
    assert.equal(result.afterMs, afterMs)
  }
})

test('refused, unknown, not believed, hanging: the points wait, it is unhealthy, and it is told what to do', async (t) => {
  const gone = await startServer(t)
  await gone.close()
  const tls = await startServer(t, answering(204), { tls: serverTls })
  const hanging = await startServer(t, () => {})
  for (const [url, options, said] of [
    [gone.url, {}, /ECONNREFUSED/],
    ['http://nobody.invalid/write', {}, /nobody\.invalid/],
    [tls.url, {}, /self-signed certificate/],
    [hanging.url, { timeout: '50ms' }, /no answer from .* within 50ms/],
  ] as const) {
    const answer = await write(t, url, options)
    assert.deepEqual([answer.meaning, answer.health.state], ['retry destination', 'unhealthy'], url)
    assert.match(answer.said, said)
  }
})

test('404 tells of the switch that Prometheus needs', async (t) => {
  const { url } = await startServer(t, answering(404))
  assert.match((await write(t, url)).said, /--web\.enable-remote-write-receiver/)
})

test('a server that was restarted is written to again', async (t) => {
  const first = await startRemoteWrite(t)
  const exporter = stopping(t, new PrometheusRemoteWriteExporter({ url: first.url }))
  const send = () => exporter.export(new Date(0), batch, context)
  assert.equal((await send()).status, 'ok')
  await first.close()
  assert.equal(meaningOf(await send()), 'retry destination')
  const second = await startRemoteWrite(t, { port: first.port })
  assert.equal((await send()).status, 'ok')
  assert.deepEqual([second.stored.length, exporter.health().state], [1, 'healthy'])
})

test('no credential is in what it says', async (t) => {
  const secret = 'hidden-secret'
  const { url } = await startServer(t, answering(401, {}, `no ${secret} here`))
  for (const options of [
    { auth: { type: 'bearer', token: secret } },
    { auth: { type: 'basic', username: 'u', password: secret } },
    { headers: { 'X-Key': secret } },
    { url: `${url.replace('//', `//u:${secret}@`)}/?key=${secret}` },
  ] as const) {
    const { said, health } = await write(t, url, options)
    assert.doesNotMatch(`${said}${JSON.stringify(health)}`, new RegExp(secret))
  }
})
