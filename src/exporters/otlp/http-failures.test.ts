import assert from 'node:assert/strict'
import dns from 'node:dns'
import { test } from 'node:test'
import { answering, pemFile, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { startHttpCollector } from './collector.fixture.ts'
import { tell } from './failures.fixture.ts'
import { OtlpExporter } from './otlp.ts'
import { context, now, points } from './records.fixture.ts'

test('HTTP: what each status means, and what to do', async (t) => {
  const cases: [status: number, meaning: string, told: RegExp][] = [
    [301, 'reject', /redirects are not followed: set endpoint to/],
    [400, 'reject', /answered 400: said hidden|answered 400: said \[redacted\]$/],
    [401, 'retry destination', /check the credentials in headers$/],
    [403, 'retry destination', /see what the credentials in headers allow$/],
    [404, 'retry destination', /check the path of the address$/],
    [408, 'reject', /answered 408/],
    [413, 'too-large', /answered 413/],
    [429, 'retry 7000', /answered 429/],
    [500, 'reject', /answered 500/],
    [502, 'retry 7000', /answered 502/],
    [503, 'retry 7000', /answered 503/],
    [504, 'retry 7000', /answered 504/],
  ]
  for (const [status, meaning, told] of cases) {
    const headers = { ...([429, 502, 503, 504].includes(status) && { 'retry-after': '7' }), location: '/there' }
    const { url } = await startServer(t, answering(status, headers, 'said hidden-token'))
    const { meaning: given, message, health } = await tell(t, { endpoint: url })
    assert.equal(`${status} ${given}`, `${status} ${meaning}`)
    assert.match(message, told)
    assert.equal(health, meaning === 'retry destination' ? 'unhealthy' : 'healthy')
  }
})

test('HTTP: other statuses can be worth another try', async (t) => {
  const { url } = await startServer(t, answering(500))
  assert.equal((await tell(t, { endpoint: url, retryOnStatusCodes: [500] })).meaning, 'retry')
})

test('HTTP: a web page is not the answer of a collector', async (t) => {
  const { url } = await startServer(t, answering(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>'))
  const { meaning, message } = await tell(t, { endpoint: url })
  assert.deepEqual([meaning, message], ['retry destination', `${url}/ answered with a web page, not OTLP; check the address`])
})

test('HTTP: a refused connection, and a name that nobody knows', async (t) => {
  const { url, close } = await startServer(t)
  await close()
  const refused = await tell(t, { endpoint: url })
  assert.match(
    `${refused.meaning}: ${refused.message}`,
    /^retry destination: cannot send to .*\/v1\/metrics: .*ECONNREFUSED.*; see that the server is running/,
  )
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  const unknown = await tell(t, { endpoint: 'http://nowhere.example:4318' })
  assert.match(`${unknown.meaning}: ${unknown.message}`, /^retry destination: .*ENOTFOUND.*; check the spelling of the host/)
})

test('HTTP: a server that hangs', async (t) => {
  const { url } = await startServer(t, () => {})
  const clock = new ManualClock()
  const telling = tell(t, { endpoint: url, timeout: '5s' }, createContext({ clock }))
  while (clock.sleeping === 0) await new Promise(setImmediate)
  await clock.advance(5000)
  const { meaning, message } = await telling
  assert.match(`${meaning}: ${message}`, /^retry destination: no answer from .*\/v1\/metrics within 5s; see whether/)
})

test('HTTP: a certificate that nobody vouches for, and one that is trusted', async (t) => {
  const collector = await startHttpCollector(t, { tls: serverTls })
  const { meaning, message } = await tell(t, { endpoint: collector.url })
  assert.match(`${meaning}: ${message}`, /^retry destination: .*self-signed certificate; .* as ca under tls$/)
  const trusting = stopping(t, new OtlpExporter({ endpoint: collector.url, tls: { ca: pemFile('server.cert') } }))
  assert.deepEqual(await trusting.export(now, points, context), ok)
})

test('HTTP: a server that is started anew', async (t) => {
  const first = await startHttpCollector(t)
  const exporter = stopping(t, new OtlpExporter({ endpoint: first.url }))
  assert.deepEqual(await exporter.export(now, points, context), ok)
  await first.close()
  assert.equal((await exporter.export(now, points, context)).status, 'retry')
  assert.equal(exporter.health().state, 'unhealthy')
  const second = await startHttpCollector(t, { port: first.port })
  assert.deepEqual(await exporter.export(now, points, context), ok)
  assert.deepEqual([exporter.health().state, second.taken.length], ['healthy', 1])
})
