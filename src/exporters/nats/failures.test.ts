import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { createContext, type ExportResult, metrics, type Point, series, type WaybillError } from '../../sdk.ts'
import { samplePoints } from '../../testing/sample-points.ts'
import { startFakeNats } from './nats.fixture.ts'
import { NatsExporter, type NatsExporterOptions } from './nats.ts'

const load = <Module>(name: string): Promise<Module> => import(name)
const ok = { status: 'ok' }
const context = createContext()
const secrets = { type: 'user', user: 'me', password: 'very-secret' } as const

async function exporting(t: TestContext, options: Partial<NatsExporterOptions> = {}) {
  const server = await startFakeNats()
  const exporter = new NatsExporter({ load, servers: [server.url], auth: secrets, timeout: 1000, ...options })
  t.after(async () => {
    await exporter.stop()
    await server.close()
  })
  return { server, exporter, send: (count = 3, given = context) => exporter.export(new Date(0), samplePoints(count, 'x'), given) }
}

/** Fails unless the records come back because of the server, which the health tells too, without a secret. */
function sentBack(result: ExportResult, exporter: NatsExporter, message: RegExp, hint: RegExp): void {
  assert.ok(result.status === 'retry' && result.scope === 'destination', result.status)
  const error = result.error as WaybillError
  assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
  assert.match(error.message, message)
  assert.match(error.hint ?? '', hint)
  assert.deepEqual(exporter.health(), { state: 'unhealthy', reason: error.explain() })
  assert.ok(!error.explain().includes(secrets.password))
}

test('refused, and there again', async (t) => {
  const { server, exporter, send } = await exporting(t)
  assert.deepEqual(await send(), ok)
  await server.close()
  sentBack(await send(), exporter, /connection (closed|refused)/, /server/)
  sentBack(await send(), exporter, /connection refused/, /server is running/)
  const again = await startFakeNats(Number(new URL(server.url).port))
  t.after(() => again.close())
  assert.deepEqual(await send(), ok)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  assert.equal(again.stored.length, 3)
})

test('a host without an address', async (t) => {
  const { exporter, send } = await exporting(t, { servers: ['nats://nowhere.invalid:4222'], timeout: 5000 })
  sentBack(await send(), exporter, /nowhere\.invalid/, /spelling of the host/)
})

test('hanging: when it connects, and when it has a message', async (t) => {
  const { server, exporter, send } = await exporting(t)
  server.mute = true
  sentBack(await send(), exporter, /timeout/i, /raise timeout/)
  server.mute = false
  server.behaviour = () => 'silence'
  sentBack(await send(), exporter, /timeout/i, /raise timeout/)
  server.behaviour = () => 'store'
  assert.deepEqual(await send(), ok)
})

test('who is not let in, with a server that repeats the password', async (t) => {
  const { server, exporter, send } = await exporting(t)
  server.refusal = `Authorization Violation for ${secrets.password}`
  sentBack(await send(), exporter, /Authorization Violation/i, /check auth/)
})

test('a server that speaks no TLS where it should, and one that is no NATS', async (t) => {
  const { exporter, send } = await exporting(t, { tls: {} })
  sentBack(await send(), exporter, /tls/i, /TLS/)
  const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await once(web.listen(0, '127.0.0.1'), 'listening')
  t.after(() => web.close())
  const lost = new NatsExporter({ load, servers: [`nats://127.0.0.1:${(web.address() as { port: number }).port}`], timeout: 300 })
  t.after(() => lost.stop())
  sentBack(await lost.export(new Date(0), samplePoints(1, 'x'), context), lost, /./, /./)
})

test('cut in the middle: what was stored is not sent again, and what comes again is dropped by the server', async (t) => {
  const { server, send } = await exporting(t)
  let left = 2
  server.behaviour = () => (left-- > 0 ? 'store' : 'cut')
  const given = createContext({ delivery: { id: 'd1', attempt: 1, firstAcceptedMs: 0 } })
  const result = await send(5, given)
  assert.ok(result.status === 'partial' || result.status === 'retry')
  server.behaviour = () => 'store'
  const batch = samplePoints(5, 'again')
  const { exporter } = { exporter: new NatsExporter({ load, servers: [server.url] }) }
  t.after(() => exporter.stop())
  for (let times = 0; times < 2; times++) assert.deepEqual(await exporter.export(new Date(0), batch, given), ok)
  assert.equal(server.stored.length, 2 + 5)
})

test('when the connection is lost, another one is made for all that wait', async (t) => {
  const { server, send } = await exporting(t, { timeout: 20_000 })
  assert.deepEqual(await send(), ok)
  server.cut()
  // The first may still be on its way when the end of the connection comes.
  await send()
  const results = await Promise.all(Array.from({ length: 20 }, () => send(20)))
  assert.deepEqual(new Set(results.map(({ status }) => status)), new Set(['ok']))
  assert.equal(server.connections, 1)
})

test('what was not even sent when one failed is given back too, in order', async (t) => {
  const { server, send } = await exporting(t, { timeout: 3000 })
  server.behaviour = ({ body }) => (body.includes('"x-7"') ? 'silence' : 'store')
  const result = await send(1500)
  assert.ok(result.status === 'partial')
  assert.equal(server.stored.length, 511)
  assert.deepEqual(result.retry, [7, ...Array.from({ length: 1500 - 512 }, (_, index) => index + 512)])
})

test('of two records that are the same, the one that failed is not taken for the one that was stored', async (t) => {
  const { server, exporter } = await exporting(t)
  const records = ['same', 'other', 'same', 'another'].map((body) => ({ timeNs: 1n, body }))
  const given = createContext({ delivery: { id: 'd1', attempt: 1, firstAcceptedMs: 0 } })
  let left = 3
  server.behaviour = ({ body }) => (body.includes('same') && left++ > 3 ? 'silence' : 'store')
  const result = await exporter.export(new Date(0), { signal: 'logs', records }, given)
  assert.deepEqual(result, { status: 'partial', rejected: [], retry: [0, 2] })
  server.behaviour = () => 'store'
  const again = result.status === 'partial' ? result.retry.map((index) => records[index]!) : []
  assert.deepEqual(await exporter.export(new Date(0), { signal: 'logs', records: again }, given), ok)
  const bodies = server.stored.map(({ body }) => (JSON.parse(body) as { body: string }).body)
  assert.deepEqual(bodies.toSorted(), ['another', 'other', 'same', 'same'])
})

test('what a stream refuses: for good, until it has room, or because there is none', async (t) => {
  const { server, exporter, send } = await exporting(t)
  const answer = (code: number, description: string) => ({ error: { code: 400, err_code: code, description } })
  server.behaviour = () => answer(10077, 'maximum messages exceeded')
  sentBack(await send(), exporter, /maximum messages exceeded/, /the stream is full/)
  server.behaviour = ({ body }) => (body.includes('x-1') ? answer(10054, 'message size exceeds maximum allowed') : 'store')
  const result = await send()
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1],
  )
  const several = new NatsExporter({ load, servers: [server.url], format: 'jsonl' })
  t.after(() => several.stop())
  assert.equal((await several.export(new Date(0), samplePoints(3, 'x'), context)).status, 'too-large')
})

test('a message that the server would not take is not sent to it', async (t) => {
  const { server, exporter } = await exporting(t)
  server.info = { ...server.info, max_payload: 1000 }
  const point = (size: number): Point => ({ series: series('load', { text: 'x'.repeat(size) }), timeMs: 0, value: 1 })
  const result = await exporter.export(new Date(0), metrics([point(1), point(2000), point(2)]), context)
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1],
  )
  assert.equal(server.stored.length, 2)
  const several = new NatsExporter({ load, servers: [server.url], format: 'jsonl' })
  t.after(() => several.stop())
  assert.equal((await several.export(new Date(0), metrics([point(600), point(600)]), context)).status, 'too-large')
})

test('OTLP has no place for rows', async (t) => {
  const { exporter } = await exporting(t, { format: 'otlp_protobuf' })
  const table = { name: 'costs', columns: [{ name: 'pod', type: 'string' }] } as const
  assert.equal((await exporter.export(new Date(0), { signal: 'rows', table, rows: [['a']] }, context)).status, 'reject')
})
