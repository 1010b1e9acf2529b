import assert from 'node:assert/strict'
import dns from 'node:dns'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { createContext, ok, WaybillError } from '../sdk.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { context, type DestinationOptions, destinationTo, post, serverTls, startServer } from './server.fixture.ts'

const hidden = {
  headers: { 'X-Custom': 'hidden-header' },
  auth: { type: 'basic', username: 'me', password: 'hidden-password' },
} as const
const withSecrets = (url: string) => `${url}/in?key=hidden-query`

/** What is told when the destination can have no answer: a `retry` about the destination, the same in its health, and never a secret. */
async function untold(t: TestContext, options: DestinationOptions, given = context) {
  const destination = destinationTo(t, { ...hidden, ...options })
  const result = await post(destination, given)
  assert.ok(result.status === 'retry' && result.scope === 'destination', inspect(result))
  assert.ok(result.error instanceof WaybillError && result.error.code === 'DESTINATION_UNAVAILABLE', inspect(result.error))
  const health = destination.health()
  assert.ok(health.state === 'unhealthy')
  assert.equal(health.reason, result.error.explain())
  assert.doesNotMatch(inspect([destination, result, health], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden-/)
  return result.error.explain()
}

test('a refused connection', async (t) => {
  const { url, port, close } = await startServer(t)
  await close()
  const told = await untold(t, { url: withSecrets(url) })
  assert.match(told, new RegExp(`^cannot send to ${url}/in: .*ECONNREFUSED.*${port}; see that the server is running`))
})

test('a name that nobody knows', async (t) => {
  t.mock.method(dns, 'lookup', (host: string, _options: unknown, callback: (error: Error) => void) =>
    callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' })),
  )
  const told = await untold(t, { url: withSecrets('http://nowhere.example') })
  assert.equal(
    told,
    'cannot send to http://nowhere.example/in: getaddrinfo ENOTFOUND nowhere.example; check the spelling of the host, and the name servers of this machine',
  )
})

test('a certificate that nobody vouches for', async (t) => {
  const { url, requests } = await startServer(t, undefined, { tls: serverTls })
  const told = await untold(t, { url: withSecrets(url) })
  assert.match(
    told,
    new RegExp(`^cannot send to ${url}/in: self-signed certificate; if the server is to be trusted, give .* as ca under tls$`),
  )
  assert.equal(requests.length, 0)
})

test('TLS with a server that does not speak it, and the other way round', async (t) => {
  const plain = await startServer(t)
  assert.match(await untold(t, { url: withSecrets(plain.url.replace('http:', 'https:')) }), /see that the server speaks TLS on that port/)
  const secure = await startServer(t, undefined, { tls: serverTls })
  assert.match(await untold(t, { url: withSecrets(secure.url.replace('https:', 'http:')) }), /the connection was cut|speaks HTTP/)
})

test('a server that is no HTTP server', async (t) => {
  const server = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => server.close())
  const told = await untold(t, { url: withSecrets(`http://127.0.0.1:${(server.address() as { port: number }).port}`) })
  assert.match(told, /does not match the HTTP\/1.1 protocol .*; see that the server/)
})

test('a server that hangs, before it answers and after it took the connection', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => sockets.add(socket))
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const slow = await startServer(t, () => {})
  for (const url of [slow.url, `http://127.0.0.1:${(silent.address() as { port: number }).port}`]) {
    const clock = new ManualClock()
    const telling = untold(t, { url: withSecrets(url), timeout: '5s' }, createContext({ clock }))
    while (clock.sleeping === 0) await new Promise(setImmediate)
    await clock.advance(4999)
    assert.equal(clock.sleeping, 1)
    await clock.advance(1)
    assert.match(await telling, new RegExp(`^no answer from ${url}/in within 5s; see whether the server is overloaded`))
  }
})

test('a server that cuts the connection', async (t) => {
  const { url } = await startServer(t, (request) => request.socket.destroy())
  assert.match(await untold(t, { url: withSecrets(url) }), /the connection was cut: the log of the server/)
})

test('an answer that is slow but in time', async (t) => {
  const { url } = await startServer(t, (_request, response) => setTimeout(() => response.writeHead(202).end(), 20))
  const destination = destinationTo(t, { url, timeout: '30s' })
  assert.deepEqual(await post(destination), ok)
})

test('a server that is started anew', async (t) => {
  const first = await startServer(t)
  const destination = destinationTo(t, { url: first.url })
  assert.deepEqual(await post(destination), ok)
  await first.close()
  assert.equal((await post(destination)).status, 'retry')
  assert.equal(destination.health().state, 'unhealthy')
  const second = await startServer(t, undefined, { port: first.port })
  assert.deepEqual(await post(destination), ok)
  assert.deepEqual(destination.health(), { state: 'healthy' })
  assert.equal(second.requests.length, 1)
})

test('F20: what a server says of a secret is not repeated, however it spells it', async (t) => {
  const password = 'hidden "pass" wörd'
  const { url, requests } = await startServer(t, (request, response) => {
    const { authorization = '', 'x-custom': custom } = request.headers
    response
      .writeHead(403)
      .end(JSON.stringify({ authorization, custom, password, query: request.url, encoded: encodeURIComponent(password) }))
  })
  const destination = destinationTo(t, { ...hidden, url: withSecrets(url), auth: { ...hidden.auth, password } })
  const result = await post(destination)
  assert.ok(result.status === 'retry')
  assert.equal(
    result.error.message,
    `POST ${url}/in answered 403: {"authorization":"[redacted]","custom":"[redacted]","password":"[redacted]",` +
      '"query":"/in?key=[redacted]","encoded":"[redacted]"}; see what the credentials allow',
  )
  assert.equal(requests[0]!.headers.authorization, `Basic ${Buffer.from(`me:${password}`).toString('base64')}`)
  assert.doesNotMatch(inspect([destination, result, destination.health()], { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
})

test('whoever gives up is told so at once, and the destination is not to blame', async (t) => {
  const { url, requests } = await startServer(t, () => {})
  const impatient = new AbortController()
  const destination = destinationTo(t, { url })
  const exporting = post(destination, { ...context, signal: impatient.signal })
  while (requests.length === 0) await new Promise(setImmediate)
  impatient.abort()
  const result = await exporting
  assert.ok(result.status === 'retry' && result.scope === undefined)
  assert.equal(result.error.message, `aborted before ${url}/ had answered`)
  assert.deepEqual(destination.health(), { state: 'healthy' })
  const before = await post(destination, { ...context, signal: AbortSignal.abort() })
  assert.equal(before.status, 'retry')
  assert.equal(requests.length, 1)
})

test('a stop lets what is under way be answered', async (t) => {
  const answer = Promise.withResolvers<void>()
  const { url, requests } = await startServer(t, (_request, response) => void answer.promise.then(() => response.end()))
  const destination = destinationTo(t, { url })
  const exporting = post(destination)
  while (requests.length === 0) await new Promise(setImmediate)
  const stopping = destination.stop(context)
  answer.resolve()
  assert.deepEqual(await exporting, ok)
  await stopping
})
