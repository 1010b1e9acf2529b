import assert from 'node:assert/strict'
import dns from 'node:dns'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { answering, context, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { HttpExporter, type HttpExporterOptions } from './http.ts'
import { now, points } from './points.fixture.ts'

const auth = { type: 'bearer', token: 'hidden-token' } as const

/** What is told when the records wait, in the result as in the health, without a secret. */
async function told(t: TestContext, endpoint: string, options: Partial<HttpExporterOptions> = {}, given = context): Promise<string> {
  const exporter = stopping(t, new HttpExporter({ endpoint: `${endpoint}/in?key=hidden-query`, auth, ...options }))
  const result = await exporter.export(now, points(1), given)
  const health = exporter.health()
  assert.doesNotMatch(inspect([exporter, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden-/)
  assert.ok(result.status === 'retry' && result.scope === 'destination' && health.state === 'unhealthy', inspect(result))
  return health.reason
}

test('refused, unknown and not believed: the records wait, and it is told what to do', async (t) => {
  const gone = await startServer(t)
  await gone.close()
  assert.match(await told(t, gone.url), /ECONNREFUSED.*see that the server is running/)
  const tls = await startServer(t, answering(200), { tls: serverTls })
  assert.match(await told(t, tls.url), /self-signed certificate.*as ca under tls/)
  assert.deepEqual(tls.requests, [])
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  assert.match(await told(t, 'http://nowhere.example'), /ENOTFOUND.*check the spelling of the host/)
})

test('a server that hangs', async (t) => {
  const { url } = await startServer(t, () => {})
  const clock = new ManualClock(now.getTime())
  const telling = told(t, url, { timeout: '5s' }, createContext({ clock }))
  while (clock.sleeping === 0) await new Promise(setImmediate)
  await clock.advance(5000)
  assert.match(await telling, /^no answer from .*\/in within 5s/)
})

test('a server that was restarted is sent to again', async (t) => {
  const first = await startServer(t)
  const exporter = stopping(t, new HttpExporter({ endpoint: first.url }))
  const send = () => exporter.export(now, points(1), context)
  assert.deepEqual(await send(), ok)
  await first.close()
  assert.equal((await send()).status, 'retry')
  assert.equal(exporter.health().state, 'unhealthy')
  const second = await startServer(t, answering(200), { port: first.port })
  assert.deepEqual(await send(), ok)
  assert.deepEqual([second.requests.length, exporter.health().state], [1, 'healthy'])
})
