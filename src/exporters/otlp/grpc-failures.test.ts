import assert from 'node:assert/strict'
import dns from 'node:dns'
import { constants } from 'node:http2'
import { test } from 'node:test'
import { fieldsOf } from '../../codecs/otlp/message-writer.ts'
import { retryInfo, rpcStatus } from '../../codecs/otlp/messages.ts'
import { pemFile, serverTls, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { answerGrpc, type GrpcAnswering, startGrpcCollector } from './collector.fixture.ts'
import { tell } from './failures.fixture.ts'
import { OtlpExporter } from './otlp.ts'
import { context, now, points } from './records.fixture.ts'

const protocol = 'grpc'

const leaveAlone = (seconds: number): Uint8Array =>
  fieldsOf(rpcStatus, {
    code: 14,
    details: [{ typeUrl: 'type.googleapis.com/google.rpc.RetryInfo', value: fieldsOf(retryInfo, { retryDelay: { seconds } }) }],
  })

test('gRPC: what each status means, and what to do', async (t) => {
  const cases: [answer: GrpcAnswering, meaning: string, told: RegExp][] = [
    [{ status: 1 }, 'retry', /answered CANCELLED/],
    [
      { status: 2, text: 'oops' },
      'reject',
      /\/opentelemetry\.proto\.collector\.metrics\.v1\.MetricsService\/Export answered UNKNOWN: oops$/,
    ],
    [{ status: 3, text: 'größe hidden-token' }, 'reject', /INVALID_ARGUMENT: größe \[redacted\]$/],
    [{ status: 4 }, 'retry', /DEADLINE_EXCEEDED/],
    [{ status: 5 }, 'retry destination', /NOT_FOUND; check the endpoint$/],
    [{ status: 7 }, 'retry destination', /PERMISSION_DENIED; see what the credentials in headers allow$/],
    [{ status: 8, text: 'quota' }, 'reject', /RESOURCE_EXHAUSTED: quota$/],
    [{ status: 8, details: leaveAlone(5) }, 'retry 5000', /RESOURCE_EXHAUSTED/],
    [{ status: 8, text: 'grpc: received message larger than max (5 vs. 4)' }, 'too-large', /larger than max/],
    [{ status: 9 }, 'reject', /FAILED_PRECONDITION/],
    [{ status: 10 }, 'retry', /ABORTED/],
    [{ status: 11 }, 'retry', /OUT_OF_RANGE/],
    [{ status: 12 }, 'retry destination', /UNIMPLEMENTED; the server takes no OTLP of this signal over gRPC there/],
    [{ status: 13 }, 'reject', /INTERNAL/],
    [{ status: 14, details: leaveAlone(30) }, 'retry 30000', /UNAVAILABLE/],
    [{ status: 14, details: Buffer.from('ff', 'hex') }, 'retry', /UNAVAILABLE/],
    [{ status: 15 }, 'retry', /DATA_LOSS/],
    [{ status: 16 }, 'retry destination', /UNAUTHENTICATED; check the credentials in headers$/],
    [{ status: 77 }, 'reject', /answered code 77/],
  ]
  for (const [answer, meaning, told] of cases) {
    const collector = await startGrpcCollector(t)
    collector.answerInstead = (to) => {
      if ('respond' in to) answerGrpc(to, answer)
      return true
    }
    const { meaning: given, message, health } = await tell(t, { endpoint: collector.url, protocol })
    assert.equal(`${answer.status} ${given}`, `${answer.status} ${meaning}`)
    assert.match(message, told)
    assert.equal(health, meaning === 'retry destination' ? 'unhealthy' : 'healthy')
  }
})

test('gRPC: answers that are none of gRPC are those of HTTP', async (t) => {
  const cases: [status: number, meaning: string][] = [
    [200, 'retry destination'],
    [400, 'reject'],
    [401, 'retry destination'],
    [403, 'retry destination'],
    [404, 'retry destination'],
    [413, 'too-large'],
    [429, 'retry'],
    [503, 'retry'],
  ]
  for (const [status, meaning] of cases) {
    const collector = await startGrpcCollector(t)
    collector.answerInstead = (to) => {
      if ('respond' in to) to.respond({ ':status': status }, { endStream: true })
      return true
    }
    assert.equal((await tell(t, { endpoint: collector.url, protocol })).meaning, meaning, `${status}`)
  }
})

test('gRPC: a refused connection, and a name that nobody knows', async (t) => {
  const { url, close } = await startGrpcCollector(t)
  await close()
  const refused = await tell(t, { endpoint: url, protocol })
  assert.match(
    `${refused.meaning}: ${refused.message}`,
    /^retry destination: cannot send to .*: .*ECONNREFUSED.*; see that the server is running/,
  )
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  const unknown = await tell(t, { endpoint: 'http://nowhere.example:4317', protocol })
  assert.match(`${unknown.meaning}: ${unknown.message}`, /^retry destination: .*ENOTFOUND.*; check the spelling of the host/)
})

test('gRPC: a server that hangs is left, with its connection', async (t) => {
  const collector = await startGrpcCollector(t)
  let hangs = true
  collector.answerInstead = () => hangs
  const clock = new ManualClock()
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol, timeout: '5s' }))
  const waiting = exporter.export(now, points, createContext({ clock }))
  while (clock.sleeping === 0 || collector.connections === 0) await new Promise(setImmediate)
  await clock.advance(5000)
  const result = await waiting
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  const health = exporter.health()
  assert.ok(health.state === 'unhealthy' && /^no answer from .* within 5s; see whether/.test(health.reason))
  hangs = false
  assert.deepEqual(await exporter.export(now, points, context), ok)
  assert.deepEqual([collector.connections, exporter.health().state], [2, 'healthy'])
})

test('gRPC: whoever gives up is told so at once, and the server is not to blame', async (t) => {
  const collector = await startGrpcCollector(t)
  let asked = 0
  collector.answerInstead = () => ++asked > 0
  const impatient = new AbortController()
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol }))
  const exporting = exporter.export(now, points, { ...context, signal: impatient.signal })
  while (asked === 0) await new Promise(setImmediate)
  impatient.abort()
  const result = await exporting
  assert.ok(result.status === 'retry' && result.scope === undefined)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
})

test('gRPC: a certificate that nobody vouches for, and one that is trusted', async (t) => {
  const collector = await startGrpcCollector(t, { tls: serverTls })
  const { meaning, message } = await tell(t, { endpoint: collector.url, protocol })
  assert.match(`${meaning}: ${message}`, /^retry destination: .*self-signed certificate; .* as ca under tls$/)
  const trusting = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol, tls: { ca: pemFile('server.cert') } }))
  assert.deepEqual(await trusting.export(now, points, context), ok)
})

test('gRPC: a server that speaks only HTTP/1.1', async (t) => {
  const { url } = await startServer(t)
  assert.equal((await tell(t, { endpoint: url, protocol })).meaning, 'retry destination')
})

test('gRPC: a call that is cut off, or refused with the connection', async (t) => {
  for (const cut of ['stream', 'session'] as const) {
    const collector = await startGrpcCollector(t)
    collector.answerInstead = (to) => {
      if ('respond' in to && cut === 'stream') to.close(constants.NGHTTP2_REFUSED_STREAM)
      else if ('respond' in to) to.session!.destroy()
      return true
    }
    assert.equal((await tell(t, { endpoint: collector.url, protocol })).meaning, 'retry destination', cut)
  }
})

test('gRPC: one connection for all calls, and another when the server sends away', async (t) => {
  const collector = await startGrpcCollector(t)
  const exporter = stopping(t, new OtlpExporter({ endpoint: collector.url, protocol }))
  const results = await Promise.all([1, 2, 3].map(() => exporter.export(now, points, context)))
  assert.deepEqual([results, collector.connections], [[ok, ok, ok], 1])
  const [told, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  collector.answerInstead = (to) => {
    if (!('session' in to)) return false
    to.session!.goaway()
    // Comes back once the client has read what was sent before it.
    to.session!.ping(() => told.resolve())
    void answer.promise.then(() => answerGrpc(to, { message: new Uint8Array() }))
    return true
  }
  const slow = exporter.export(now, points, context)
  await told.promise
  collector.answerInstead = () => false
  assert.deepEqual(await exporter.export(now, points, context), ok)
  answer.resolve()
  assert.deepEqual([await slow, collector.connections], [ok, 2], 'what was under way is answered all the same')
})

test('gRPC: a server that is started anew', async (t) => {
  const first = await startGrpcCollector(t)
  const exporter = stopping(t, new OtlpExporter({ endpoint: first.url, protocol }))
  assert.deepEqual(await exporter.export(now, points, context), ok)
  await first.close()
  assert.equal((await exporter.export(now, points, context)).status, 'retry')
  const second = await startGrpcCollector(t, { port: first.port })
  assert.deepEqual(await exporter.export(now, points, context), ok)
  assert.deepEqual([exporter.health().state, second.taken.length], ['healthy', 1])
})
