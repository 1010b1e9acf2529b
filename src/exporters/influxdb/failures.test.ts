import assert from 'node:assert/strict'
import dns from 'node:dns'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { answering, context, now, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { metrics, ok, series } from '../../sdk.ts'
import { startInfluxDB } from './influxdb.fixture.ts'
import { InfluxDBExporter } from './influxdb.ts'

const secrets = { username: 'me', password: 'hidden-password' }
const batch = metrics([
  { series: series('load', { core: '0' }), timeMs: now.getTime(), value: 1 },
  { series: series('load', { core: '1' }), timeMs: now.getTime(), value: 2 },
])

/** What is told when the points wait, in the result as in the health, without a secret. */
async function told(t: TestContext, url: string): Promise<string> {
  const exporter = stopping(t, new InfluxDBExporter({ url, database: 'a', ...secrets }))
  const result = await exporter.export(now, batch, context)
  const health = exporter.health()
  assert.doesNotMatch(inspect([exporter, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
  assert.ok(result.status === 'retry' && result.scope === 'destination' && health.state === 'unhealthy', inspect(result))
  return health.reason
}

test('I9: refused, cut off, unknown and not believed: the points wait, and it is told what to do', async (t) => {
  const gone = await startServer(t)
  await gone.close()
  assert.match(await told(t, gone.url), /ECONNREFUSED.*see that the server is running/)
  const cutting = await startServer(t, (request) => void request.socket.destroy())
  assert.match(await told(t, cutting.url), /the connection was cut/)
  const tls = await startServer(t, answering(204), { tls: serverTls })
  assert.match(await told(t, tls.url), /self-signed certificate.*as ca under tls/)
  assert.deepEqual(tls.requests, [])
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  assert.match(await told(t, 'http://nowhere.example'), /ENOTFOUND.*check the spelling of the host/)
})

test('I9: a server that was restarted is written to again', async (t) => {
  const first = await startInfluxDB(t)
  const exporter = stopping(t, new InfluxDBExporter({ url: first.url, database: 'a', ...secrets }))
  const send = () => exporter.export(now, batch, context)
  assert.deepEqual(await send(), ok)
  await first.close()
  assert.equal((await send()).status, 'retry')
  assert.equal(exporter.health().state, 'unhealthy')
  const second = await startInfluxDB(t, { port: first.port })
  assert.deepEqual(await send(), ok)
  assert.deepEqual([second.stored.size, exporter.health().state], [2, 'healthy'])
})
