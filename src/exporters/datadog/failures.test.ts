import assert from 'node:assert/strict'
import dns from 'node:dns'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { answering, context, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { type Context, createContext, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { samplePoints } from '../../testing/sample-points.ts'
import { apiKey, startDatadog } from './datadog.fixture.ts'
import { DatadogExporter, type DatadogExporterOptions } from './datadog.ts'

const two = samplePoints(2, 'failures', Date.now())
type T = Parameters<typeof startServer>[0]

/** What becomes of two points, in words; fails when anything that is told holds the key. */
async function told(t: T, url: string, options: DatadogExporterOptions = {}, given: Context = context) {
  const exporter = stopping(t, new DatadogExporter({ url, apiKey, ...options }))
  const result = await exporter.export(new Date(0), two, given)
  const health = exporter.health()
  assert.doesNotMatch(inspect([exporter, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
  const more = result.status === 'retry' ? (result.scope ?? result.afterMs ?? '') : ''
  const error = 'error' in result ? result.error : result.status === 'partial' ? result.rejected[0]?.error : undefined
  return `${result.status} ${more} ${health.state}: ${error?.message}`
}

test('what each status means, and what to do', async (t) => {
  const cases: [status: number, told: RegExp][] = [
    [301, /^partial .*healthy: .*redirects are not followed: set url to/],
    [400, /^partial .*healthy: .*answered 400: said \[redacted\]$/],
    [401, /^retry destination unhealthy: .*check api_key$/],
    [403, /^retry destination unhealthy: .*check api_key, and that it is a key of the account there$/],
    [404, /^retry destination unhealthy: .*check the path of the address$/],
    [410, /^partial .*healthy: .*answered 410/],
    [413, /^partial .*healthy: .*answered 413/],
    [429, /^retry 7000 healthy: .*answered 429/],
    [500, /^retry 7000 healthy: .*answered 500/],
    [503, /^retry 7000 healthy: .*answered 503/],
  ]
  for (const [status, expected] of cases) {
    const { url } = await startServer(t, answering(status, { 'retry-after': '7', location: '/there' }, `said ${apiKey}`))
    assert.match(await told(t, url), expected)
  }
})

test('refused, unknown and not believed: the points wait, and it is told what to do', async (t) => {
  const gone = await startServer(t)
  await gone.close()
  assert.match(await told(t, gone.url), /^retry destination unhealthy: .*ECONNREFUSED/)
  const tls = await startServer(t, answering(200), { tls: serverTls })
  assert.match(await told(t, tls.url), /^retry destination unhealthy: .*self-signed certificate/)
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  assert.match(await told(t, 'http://nowhere.example'), /^retry destination unhealthy: .*ENOTFOUND/)
})

test('a server that hangs', async (t) => {
  const { url } = await startServer(t, () => {})
  const clock = new ManualClock(Date.now())
  const telling = told(t, url, { timeout: '5s' }, createContext({ clock }))
  while (clock.sleeping === 0) await new Promise(setImmediate)
  await clock.advance(5000)
  assert.match(await telling, /^retry destination unhealthy: no answer from .*\/api\/v2\/series within 5s/)
})

test('a server that was restarted is told again', async (t) => {
  const first = await startDatadog(t)
  const exporter = stopping(t, new DatadogExporter({ url: first.url, apiKey }))
  const send = () => exporter.export(new Date(0), two, context)
  assert.deepEqual(await send(), ok)
  await first.close()
  assert.equal((await send()).status, 'retry')
  assert.equal(exporter.health().state, 'unhealthy')
  const second = await startDatadog(t, { port: first.port })
  assert.deepEqual(await send(), ok)
  assert.deepEqual([second.taken.length, exporter.health().state], [1, 'healthy'])
})
