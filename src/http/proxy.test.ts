import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { ok } from '../sdk.ts'
import { startProxy } from './proxy.fixture.ts'
import { answering, destinationTo, pem, post, serverTls, startServer } from './server.fixture.ts'

const tls = { ca: pem('server.cert') }

test('003-60: through a proxy, in a tunnel for https and forwarded for http', async (t) => {
  const proxy = await startProxy(t)
  const secure = await startServer(t, undefined, { tls: serverTls })
  const plain = await startServer(t)
  for (const { url } of [secure, plain]) {
    const destination = destinationTo(t, { url: `${url}/in?a=b`, proxy: proxy.url, tls, connections: 1 })
    assert.deepEqual(await post(destination), ok)
    assert.deepEqual(await post(destination), ok)
  }
  assert.deepEqual(proxy.asked, [`CONNECT 127.0.0.1:${secure.port}`, `POST ${plain.url}/in?a=b`, `POST ${plain.url}/in?a=b`])
  assert.deepEqual(
    [...secure.requests, ...plain.requests].map(({ url, headers }) => [url, headers.host]),
    [secure, secure, plain, plain].map(({ port }) => ['/in?a=b', `127.0.0.1:${port}`]),
  )
})

test('a proxy that asks for a user name and password is given them, and nobody else is', async (t) => {
  const proxy = await startProxy(t, `Basic ${Buffer.from('me:hidden@').toString('base64')}`)
  for (const server of [await startServer(t, undefined, { tls: serverTls }), await startServer(t)]) {
    const withUser = proxy.url.replace('//', '//me:hidden%40@')
    const destination = destinationTo(t, { url: server.url, proxy: withUser, tls })
    assert.deepEqual(await post(destination), ok)
    assert.equal(server.requests[0]!.headers.authorization, undefined)
    assert.doesNotMatch(inspect(destination, { depth: Number.POSITIVE_INFINITY, showHidden: true }), /hidden/)
  }
})

test('a proxy that lets nobody pass, or is not there, is told', async (t) => {
  const strict = await startProxy(t, 'Basic other')
  const gone = await startServer(t)
  await gone.close()
  for (const [proxy, told] of [
    [strict.url.replace('//', '//me:hidden@'), /407.*; check the .*user name and password in/],
    [gone.url, /ECONNREFUSED/],
  ] as const)
    for (const server of [await startServer(t, undefined, { tls: serverTls }), await startServer(t)]) {
      const destination = destinationTo(t, { url: server.url, proxy, tls })
      const result = await post(destination)
      assert.ok(result.status === 'retry' && result.scope === 'destination', inspect(result))
      const health = destination.health()
      assert.ok(health.state === 'unhealthy')
      assert.match(health.reason, told)
      assert.doesNotMatch(health.reason, /hidden/)
      assert.equal(server.requests.length, 0)
    }
})

test('a token is asked for through the proxy too', async (t) => {
  const proxy = await startProxy(t)
  const api = await startServer(t)
  const issuer = await startServer(t, answering(200, {}, '{"access_token":"a","token_type":"bearer"}'))
  const auth = { type: 'oauth2', tokenUrl: `${issuer.url}/token`, clientId: 'me', clientSecret: 'b' } as const
  const destination = destinationTo(t, { url: `${api.url}/in`, auth, proxy: proxy.url })
  assert.deepEqual(await post(destination), ok)
  assert.deepEqual(proxy.asked, [`POST ${issuer.url}/token`, `POST ${api.url}/in`])
})

test('003-60: it sends from the local address given', { skip: process.platform !== 'linux' }, async (t) => {
  const { url, requests } = await startServer(t)
  for (const localAddress of ['127.0.0.1', '127.0.0.2']) {
    const destination = destinationTo(t, { url, localAddress })
    assert.deepEqual(await post(destination), ok)
    assert.equal(requests.at(-1)!.remoteAddress, localAddress)
  }
  const proxy = await startProxy(t)
  for (const server of [await startServer(t, undefined, { tls: serverTls }), await startServer(t)]) {
    const destination = destinationTo(t, { url: server.url, localAddress: '127.0.0.3', proxy: proxy.url, tls })
    assert.deepEqual(await post(destination), ok)
  }
  assert.deepEqual(proxy.clients, ['127.0.0.3', '127.0.0.3'])
  const destination = destinationTo(t, { url, localAddress: '192.0.2.1' })
  const result = await post(destination)
  assert.equal(result.status, 'retry')
  const health = destination.health()
  assert.ok(health.state === 'unhealthy' && health.reason.endsWith('see that the local address is one of this machine'))
})
