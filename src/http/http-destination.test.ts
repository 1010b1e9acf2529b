import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { ok, retry, Secret } from '../sdk.ts'
import { HttpDestination } from './http-destination.ts'
import { answering, context, destinationTo, startServer, stopping } from './server.fixture.ts'

test('a request has the path and query of the address and its own', async (t) => {
  const { url, requests } = await startServer(t)
  for (const [address, request, asked] of [
    [`${url}/in?key=a%20b`, {}, 'POST /in?key=a%20b'],
    [`${url}/in/?key=a`, { path: '/v1/points', query: { to: 'x & y' } }, 'POST /in/v1/points?key=a&to=x+%26+y'],
    [url, { method: 'PUT', path: '/metrics/job/a%2Fb' }, 'PUT /metrics/job/a%2Fb'],
    [url, { method: 'GET' }, 'GET /'],
  ] as const) {
    const { result, answer } = await destinationTo(t, { url: address }).send(request, context)
    assert.deepEqual([result, answer?.status], [ok, 204])
    assert.equal(`${requests.at(-1)!.method} ${requests.at(-1)!.url}`, asked)
  }
})

test('headers of the user stand above the usual ones, and below those of the request and auth', async (t) => {
  const { url, requests } = await startServer(t)
  const destination = destinationTo(t, {
    url,
    headers: { 'user-agent': 'mine', 'X-Id': 'mine', 'content-type': 'text/mine' },
    auth: { type: 'bearer', token: 'a' },
  })
  await destination.send({ body: Buffer.from('x'), contentType: 'text/plain', headers: { 'X-Id': 'given' } }, context)
  const { 'user-agent': agent, 'x-id': id, 'content-type': type, authorization } = requests[0]!.headers
  assert.deepEqual([agent, id, type, authorization], ['mine', 'given', 'text/mine', 'Bearer a'])
})

test('a body is compressed, and says so', async (t) => {
  const { url, requests } = await startServer(t)
  for (const [compression, unpack] of [
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
    ['none', (bytes: Buffer) => bytes],
  ] as const) {
    const destination = stopping(t, new HttpDestination({ url, compression }))
    await destination.send({ body: Buffer.from('hello') }, context)
    await destination.send({ method: 'GET' }, context)
    const [withBody, without] = requests.slice(-2)
    assert.equal(withBody!.headers['content-encoding'], compression === 'none' ? undefined : compression)
    assert.equal(unpack(withBody!.body).toString(), 'hello')
    assert.equal(without!.headers['content-encoding'], undefined)
  }
})

test('what the exporter knows of its API is in the message and the result', async (t) => {
  const { url } = await startServer(t, (request, response) =>
    response.writeHead(Number(request.url!.slice(1))).end('quota of b: exhausted'),
  )
  const destination = stopping(
    t,
    new HttpDestination({
      url,
      advice: { 403: 'give the key the role writer' },
      interpret: ({ body }, usual) =>
        usual.status === 'reject' && body.includes('exhausted') ? retry(usual.error, { scope: 'destination' }) : usual,
    }),
  )
  const { result: forbidden } = await destination.send({ path: '/403' }, context)
  assert.ok(forbidden.status === 'retry')
  assert.equal(forbidden.error.message, `POST ${url}/403 answered 403: quota of b: exhausted; give the key the role writer`)
  const { result: full, answer } = await destination.send({ path: '/400' }, context)
  assert.ok(full.status === 'retry' && full.scope === 'destination')
  assert.equal(answer?.body.toString(), 'quota of b: exhausted')
  assert.deepEqual(destination.health(), { state: 'unhealthy', reason: full.error.message })
  assert.equal((await destination.send({ path: '/500' }, context)).result.status, 'retry')
  assert.equal(destination.health().state, 'unhealthy')
  assert.deepEqual((await destination.send({ path: '/200' }, context)).result, ok)
  assert.deepEqual(destination.health(), { state: 'healthy' })
})

test('it hides its secrets in any text', () => {
  const auth = { type: 'api_key', header: 'Authorization', key: new Secret('Token hidden-key') } as const
  const destination = new HttpDestination({ url: 'https://me:hidden-word@example.com/in?key=hidden-query', auth: { type: 'none' } })
  assert.equal(destination.redact('hidden-word\n or hidden-query'), '[redacted] or [redacted]')
  assert.equal(destination.address, 'https://example.com/in')
  assert.equal(new HttpDestination({ url: 'https://example.com', auth }).redact('Token hidden-key, hidden-key'), '[redacted], [redacted]')
})

test('what it was answered is the first 64 KiB', async (t) => {
  const { url } = await startServer(t, answering(200, {}, 'x'.repeat(100_000)))
  const { answer } = await destinationTo(t, { url }).send({}, context)
  assert.equal(answer?.body.length, 65_536)
})
