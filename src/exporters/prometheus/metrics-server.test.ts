import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createContext, formatAddress, Secret } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { MetricsServer, type MetricsServerOptions } from './metrics-server.ts'
import { scrape } from './scrape.fixture.ts'

async function serve(t: TestContext, body: string | (() => string) = 'up 1\n', options: Partial<MetricsServerOptions> = {}) {
  const clock = new ManualClock()
  const server = new MetricsServer({
    address: { host: '127.0.0.1', port: 0 },
    path: '/metrics',
    token: undefined,
    clock,
    log: createContext().log,
    expose: (accept) => ({ contentType: accept ?? 'none', body: Buffer.from(typeof body === 'string' ? body : body()) }),
    ...options,
  })
  await server.listen()
  t.after(() => server.close())
  return { clock, server, port: server.address.port, url: `http://${formatAddress(server.address)}` }
}

test('002-15 /metrics is answered with 200, query or not; everything else with 404', async (t) => {
  const { url } = await serve(t)
  for (const path of ['/metrics', '/metrics?', '/metrics?name[]=up']) {
    const { status, text, headers } = await scrape(url + path, { accept: 'a/b' })
    assert.deepEqual([status, text, headers['content-type'], headers['content-length']], [200, 'up 1\n', 'a/b', '5'])
  }
  for (const path of ['/', '/metrics/', '/Metrics', '/metrics2', '/favicon.ico', '//metrics']) {
    const { status, headers, text } = await scrape(url + path)
    assert.deepEqual([status, headers['content-type']], [404, 'text/plain; charset=utf-8'], path)
    assert.match(text, /there is something at \/metrics\n$/)
  }
})

test('HEAD is answered as GET, without the body', async (t) => {
  const { url } = await serve(t, 'x'.repeat(5000))
  for (const headers of [{}, { 'accept-encoding': 'gzip' }]) {
    const get = await scrape(`${url}/metrics`, headers)
    const head = await scrape(`${url}/metrics`, headers, 'HEAD')
    assert.equal(head.status, 200)
    assert.equal(head.bytes.length, 0)
    for (const name of ['content-type', 'content-length', 'content-encoding']) assert.equal(head.headers[name], get.headers[name], name)
  }
  assert.equal((await scrape(`${url}/other`, {}, 'HEAD')).status, 404)
})

test('other methods are answered with 405', async (t) => {
  const { url } = await serve(t)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await scrape(`${url}/metrics`, {}, method)
    assert.deepEqual([status, headers.allow], [405, 'GET, HEAD'], method)
  }
})

test('large bodies are compressed for those who take it', async (t) => {
  const { url } = await serve(t, 'a'.repeat(2000))
  const plain = await scrape(`${url}/metrics`)
  const packed = await scrape(`${url}/metrics`, { 'accept-encoding': 'gzip' })
  assert.deepEqual([plain.headers['content-encoding'], packed.headers['content-encoding']], [undefined, 'gzip'])
  assert.equal(packed.headers['content-length'], String(packed.bytes.length))
  assert.equal(packed.headers.vary, 'accept, accept-encoding')
  assert.equal(packed.text, plain.text)
  assert.ok(packed.bytes.length < 200)
  const small = await serve(t)
  assert.equal((await scrape(`${small.url}/metrics`, { 'accept-encoding': 'gzip' })).headers['content-encoding'], undefined)
})

test('with a token, nothing is told without it', async (t) => {
  const { url } = await serve(t, 'up 1\n', { token: new Secret('pa:ss') })
  for (const authorization of ['', 'Bearer', 'Bearer wrong', 'Bearer pa:sS', 'Basic pa:ss', 'pa:ss']) {
    const { status, headers, text } = await scrape(`${url}/metrics`, { authorization })
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer'])
    assert.doesNotMatch(text, /up|pa:ss/)
  }
  assert.equal((await scrape(`${url}/metrics`)).status, 401)
  assert.equal((await scrape(`${url}/metrics`, { authorization: 'Bearer pa:ss' })).status, 200)
})

test('a failure to write the metrics is a 500, and the next scrape is answered', async (t) => {
  let fails = true
  const { url } = await serve(t, () => {
    if (fails) throw new Error('internal detail')
    return 'up 1\n'
  })
  const { status, text } = await scrape(`${url}/metrics`)
  assert.equal(status, 500)
  assert.doesNotMatch(text, /internal detail/)
  fails = false
  assert.equal((await scrape(`${url}/metrics`)).status, 200)
})

test('one connection serves several scrapes', async (t) => {
  const { url } = await serve(t)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  t.after(() => agent.destroy())
  const ports = new Set<number | undefined>()
  for (let n = 0; n < 3; n++) {
    const [response] = await once(get(`${url}/metrics`, { agent }), 'response')
    ports.add(response.socket.localPort)
    response.resume()
    await once(response, 'end')
  }
  assert.equal(ports.size, 1)
})

/** Larger than what the system buffers for a socket. */
const large = 'x'.repeat(16 << 20)

async function neverReads(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  socket.pause()
  socket.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
  return socket
}

test('a scraper that does not read its answer is cut off', async (t) => {
  const { clock, port, server } = await serve(t, large)
  const socket = await neverReads(port)
  await until(() => clock.sleeping === 1)
  await clock.advance(29_999)
  assert.equal(clock.sleeping, 1)
  await clock.advance(1)
  socket.resume()
  await once(socket, 'close')
  assert.ok(socket.bytesRead < large.length)
  assert.ok(server.address.port > 0)
})

test('only so many answers wait for their scrapers at once', async (t) => {
  const { clock, port, url } = await serve(t, large)
  const sockets = await Promise.all(Array.from({ length: 8 }, () => neverReads(port)))
  await until(() => clock.sleeping === 8)
  const refused = await scrape(`${url}/metrics`)
  assert.deepEqual([refused.status, refused.headers['retry-after']], [503, '1'])
  for (const socket of sockets) socket.destroy()
  await until(() => clock.sleeping === 0)
  assert.equal((await scrape(`${url}/metrics`)).status, 200)
})

test('closing cuts connections, also one that has sent half a request', async (t) => {
  const { port, server, url } = await serve(t)
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /metrics HTTP/1.1\r\nHost:')
  await scrape(`${url}/metrics`)
  const closed = once(socket, 'close')
  const before = performance.now()
  await server.close()
  await closed
  assert.ok(performance.now() - before < 1000)
})

test('what is not HTTP is answered with 400', async (t) => {
  const { port } = await serve(t)
  const socket = connect(port, '127.0.0.1').end('nonsense\r\n\r\n')
  const [answer] = await once(socket, 'data')
  assert.match(String(answer), /^HTTP\/1\.1 400/)
  socket.destroy()
})

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 5000) assert.fail('it did not come to pass within 5 s')
    await pause(5)
  }
}
