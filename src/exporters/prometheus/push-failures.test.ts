import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, metrics, series } from '../../sdk.ts'
import { PrometheusExporter, type PrometheusExporterOptions } from './prometheus.ts'

const batch = metrics([{ series: series('a'), timeMs: 1, value: 1 }])
type T = Parameters<typeof startServer>[0]

/** The result of a push, its scope, when to come again, and what is said of it. */
async function push(t: T, pushgatewayUrl: string, options: Partial<PrometheusExporterOptions> = {}) {
  const exporter = stopping(t, new PrometheusExporter({ pushgatewayUrl, ...options }))
  const result = await exporter.export(new Date(0), batch, createContext())
  const meaning = result.status === 'retry' && result.scope ? `retry ${result.scope}` : result.status
  return {
    meaning,
    afterMs: result.status === 'retry' ? result.afterMs : undefined,
    said: 'error' in result ? result.error.message : '',
    state: exporter.health().state,
  }
}

test('which status means what', async (t) => {
  for (const [status, meaning] of [
    [200, 'ok'],
    [202, 'ok'],
    [400, 'reject'],
    [401, 'retry destination'],
    [403, 'retry destination'],
    [404, 'retry destination'],
    [413, 'retry destination'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ] as const) {
    const { url } = await startServer(t, answering(status, { 'retry-after': '7' }))
    const answer = await push(t, url)
    assert.equal(answer.meaning, meaning, String(status))
    if (status === 429) assert.equal(answer.afterMs, 7000)
  }
})

test('refused, unknown, not believed, hanging: the points wait, and it is told what to do', async (t) => {
  const gone = await startServer(t)
  await gone.close()
  const tls = await startServer(t, answering(200), { tls: serverTls })
  const hanging = await startServer(t, () => {})
  for (const [url, options, said] of [
    [gone.url, {}, /ECONNREFUSED/],
    ['http://nobody.invalid:9091', {}, /nobody\.invalid/],
    [tls.url, {}, /self-signed certificate/],
    [hanging.url, { timeout: '50ms' }, /no answer from .* within 50ms/],
  ] as const) {
    const answer = await push(t, url, options)
    assert.deepEqual([answer.meaning, answer.state], ['retry destination', 'unhealthy'], url)
    assert.match(answer.said, said)
  }
})

test('a Pushgateway that was restarted, and lost all, has all again with the next push', async (t) => {
  const first = await startServer(t)
  const exporter = stopping(t, new PrometheusExporter({ pushgatewayUrl: first.url }))
  const send = (name: string) => exporter.export(new Date(0), metrics([{ series: series(name), timeMs: 1, value: 1 }]), createContext())
  assert.equal((await send('a')).status, 'ok')
  await first.close()
  assert.equal((await send('b')).status, 'retry')
  const second = await startServer(t, answering(200), { port: first.port })
  assert.equal((await send('b')).status, 'ok')
  assert.match(String(second.requests[0]?.body), /^a 1\n[\s\S]*^b 1\n/m)
  assert.equal(exporter.health().state, 'healthy')
})
