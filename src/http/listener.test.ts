import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type OutgoingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { createContext, type LogFields, Secret, silent } from '../sdk.ts'
import { HttpListener, type HttpListenerOptions, type ReceivedRequest } from './listener.ts'

const at = { host: '127.0.0.1', port: 0 }
const { clock } = createContext()

async function listening(t: TestContext, options: Partial<HttpListenerOptions> = {}) {
  const received: ReceivedRequest[] = []
  const routes: HttpListenerOptions['routes'] = {
    '/in': {
      POST: (request) => {
        received.push(request)
        return { status: 204 }
      },
    },
  }
  const listener = new HttpListener({ address: at, routes, clock, log: silent, ...options })
  await listener.listen()
  t.after(() => listener.close({ signal: AbortSignal.abort() }))
  const { port } = listener.address
  return {
    listener,
    port,
    received,
    send: (body?: Uint8Array, headers: OutgoingHttpHeaders = {}, path = '/in', method = 'POST') =>
      send({ port, path, method, headers, body }),
  }
}

interface Sent {
  readonly port: number
  readonly path: string
  readonly method: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Uint8Array | undefined
}

async function send({ body, ...options }: Sent) {
  const sent = request({ ...options, host: at.host, agent: false })
  sent.on('error', () => {})
  const [response] = await Promise.all([once(sent, 'response'), sent.end(body)])
  const { statusCode, headers } = response[0]
  return { status: statusCode as number, headers, text: String(await buffer(response[0])) }
}

test('a request comes with its body, headers and query', async (t) => {
  const { send, received } = await listening(t)
  assert.deepEqual((await send(Buffer.from('hello'), { 'X-A': 'b' }, '/in?q=1&q=2')).status, 204)
  const [{ body, headers, query } = received[0]!] = received
  assert.deepEqual([String(body), headers['x-a'], query.getAll('q')], ['hello', 'b', ['1', '2']])
  assert.equal((await send()).status, 204)
  assert.equal(received[1]?.body.length, 0)
})

test('a body is unpacked, in whichever way is known', async (t) => {
  const { send, received } = await listening(t, { unpacking: { reversed: (body) => body.toReversed() } })
  const text = Buffer.from('hello')
  for (const [encoding, body] of [
    ['identity', text],
    ['gzip', gzipSync(text)],
    ['ZSTD', zstdCompressSync(text)],
    ['reversed', text.toReversed()],
  ] as const)
    assert.equal((await send(body, { 'content-encoding': encoding })).status, 204, encoding)
  assert.deepEqual(
    received.map(({ body }) => Buffer.from(body).toString()),
    ['hello', 'hello', 'hello', 'hello'],
  )
  for (const encoding of ['br', 'gzip, gzip', 'constructor']) {
    const { status, headers } = await send(text, { 'content-encoding': encoding })
    assert.deepEqual([status, headers['accept-encoding']], [415, 'identity, gzip, zstd, reversed'], encoding)
  }
  const wrong = await send(text, { 'content-encoding': 'gzip' })
  assert.deepEqual([wrong.status, wrong.text], [400, 'the body is not packed as gzip: incorrect header check\n'])
})

test('a body that is too large is refused, however large, packed or of no known length', async (t) => {
  const { send, received } = await listening(t, { mostBodyBytes: 1000 })
  const message = 'a body has at most 1000 B, as it comes and unpacked\n'
  for (const [body, headers] of [
    [Buffer.alloc(1001), {}],
    [Buffer.alloc(1001), { 'transfer-encoding': 'chunked' }],
    [gzipSync(Buffer.alloc(1001)), { 'content-encoding': 'gzip' }],
    [zstdCompressSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'zstd' }],
    [Buffer.alloc(60_000), {}],
  ] as const) {
    const { status, text } = await send(body, headers)
    assert.deepEqual([status, text], [413, message])
  }
  assert.equal((await send(Buffer.alloc(1000))).status, 204)
  assert.equal(received.length, 1)
})

test('nobody can make it read for ever what it does not want', async (t) => {
  const { port } = await listening(t, { mostBodyBytes: 1000 })
  const socket = connect(port, at.host).on('error', () => {})
  socket.write('POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n')
  const closed = new Promise((resolve) => socket.once('close', resolve))
  const chunk = Buffer.alloc(10_000)
  const write = () => void (socket.writable && socket.write(chunk, write))
  write()
  await closed
  assert.ok(socket.bytesWritten < 20_000_000)
})

test('paths, methods and the token', async (t) => {
  const { send, received } = await listening(t, { token: new Secret('pa:ss') })
  const authorization = 'Bearer pa:ss'
  for (const wrong of ['', 'Bearer', 'Bearer pa:sS', 'Basic pa:ss']) {
    const { status, headers } = await send(Buffer.from('x'), { authorization: wrong }, '/elsewhere')
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer'])
  }
  for (const path of ['/', '/in/', '/In', '//in', '/constructor'])
    assert.equal((await send(undefined, { authorization }, path)).status, 404, path)
  for (const method of ['GET', 'HEAD', 'PUT', 'OPTIONS']) {
    const { status, headers } = await send(undefined, { authorization }, '/in', method)
    assert.deepEqual([status, headers.allow], [405, 'POST'], method)
  }
  assert.equal(received.length, 0)
  assert.equal((await send(undefined, { authorization })).status, 204)
})

test('only so many requests are answered at once', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  const POST = async () => {
    waiting++
    await promise
    return { status: 200 }
  }
  const { send, listener } = await listening(t, { mostRequests: 2, routes: { '/in': { POST } } })
  const first = [send(), send()]
  while (waiting < 2) await new Promise(setImmediate)
  const third = await send()
  assert.deepEqual([third.status, third.headers['retry-after']], [503, '1'])
  resolve()
  assert.deepEqual(
    (await Promise.all(first)).map(({ status }) => status),
    [200, 200],
  )
  assert.equal((await send()).status, 200)
  assert.ok(listener.address.port > 0)
})

test('what an answerer throws is a 500 that tells nothing, and is logged', async (t) => {
  const logged: LogFields[] = []
  const log = { ...silent, error: (_: string, fields: LogFields = {}) => void logged.push(fields) }
  const POST = () => {
    throw new Error('internal detail')
  }
  const { send } = await listening(t, { log, routes: { '/in': { POST } } })
  const { status, text } = await send()
  assert.equal(status, 500)
  assert.doesNotMatch(text, /internal detail/)
  assert.match(String(logged[0]?.error), /internal detail/)
})

test('a client that goes away half way harms nobody', async (t) => {
  const { port, send, received } = await listening(t)
  const socket = connect(port, at.host)
  socket.write('POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf')
  await once(socket, 'connect')
  socket.destroy()
  assert.equal((await send()).status, 204)
  assert.equal(received.length, 1)
})

test('closing lets what is under way be answered, and takes no more', async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const POST = async () => {
    begun.resolve()
    await promise
    return { status: 200, body: Buffer.from('done') }
  }
  const { send, listener } = await listening(t, { routes: { '/in': { POST } } })
  const under = send()
  await begun.promise
  const closing = listener.close(createContext())
  await assert.rejects(send(), { code: 'ECONNREFUSED' })
  resolve()
  const { status, text, headers } = await under
  assert.deepEqual([status, text, headers.connection], [200, 'done', 'close'])
  await closing
  await listener.close(createContext())
})

test('closing cuts off what is not answered by the deadline', async (t) => {
  const begun = Promise.withResolvers<void>()
  const POST = () => {
    begun.resolve()
    return new Promise<never>(() => {})
  }
  const { send, listener } = await listening(t, { routes: { '/in': { POST } } })
  const under = assert.rejects(send(), { code: 'ECONNRESET' })
  await begun.promise
  const deadline = new AbortController()
  const closing = listener.close(deadline)
  deadline.abort()
  await Promise.all([closing, under])
})

test('an address in use is told with what to do', async (t) => {
  const { port } = await listening(t)
  const other = new HttpListener({ address: { ...at, port }, routes: {}, clock, log: silent })
  await assert.rejects(other.listen(), {
    code: 'DESTINATION_UNAVAILABLE',
    message: /another program listens there/,
    hint: /choose another address/,
  })
  await other.close(createContext())
})
