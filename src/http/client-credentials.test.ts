import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { type TestContext, test } from 'node:test'
import { inspect } from 'node:util'
import { createContext, ok } from '../sdk.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { answering, type DestinationOptions, destinationTo, now, post, startServer } from './server.fixture.ts'

const secret = 'hidden s3cret/+'
const json = { 'content-type': 'application/json' }

/** An API that takes the tokens in `valid`, and a server that issues `token-1`, `token-2` … or answers as told. */
async function setup(t: TestContext, { issue, ...options }: Partial<DestinationOptions> & { issue?: RequestListener } = {}) {
  const valid = new Set<string>()
  const issuer = await startServer(
    t,
    issue ??
      ((_request, response) => {
        const token = `token-${issuer.requests.length}`
        valid.add(`Bearer ${token}`)
        response.writeHead(200, json).end(JSON.stringify({ access_token: token, token_type: 'bearer', expires_in: 3600 }))
      }),
  )
  const api = await startServer(t, (request, response) =>
    response.writeHead(valid.has(request.headers.authorization ?? '') ? 204 : 401).end(),
  )
  const auth = { type: 'oauth2', tokenUrl: `${issuer.url}/token?tenant=a`, clientId: 'me & you', clientSecret: secret } as const
  const clock = new ManualClock(now.getTime())
  const destination = destinationTo(t, { url: api.url, auth, ...options })
  const context = createContext({ clock })
  const send = () => post(destination, context)
  return { api, issuer, valid, auth, clock, destination, context, send }
}

test('a token is asked for as RFC 6749 has it, and sent as a bearer', async (t) => {
  const { api, issuer, auth, send } = await setup(t)
  assert.deepEqual(await send(), ok)
  const [asked] = issuer.requests
  assert.deepEqual([asked!.method, asked!.url, String(asked!.body)], ['POST', '/token?tenant=a', 'grant_type=client_credentials'])
  assert.equal(asked!.headers['content-type'], 'application/x-www-form-urlencoded')
  const credentials = Buffer.from(asked!.headers.authorization!.slice('Basic '.length), 'base64').toString()
  assert.deepEqual(credentials.split(':').map(decodeURIComponent), [auth.clientId, secret])
  assert.equal(api.requests[0]!.headers.authorization, 'Bearer token-1')

  const scoped = await setup(t)
  const destination = destinationTo(t, { url: scoped.api.url, auth: { ...scoped.auth, scope: 'write read' } })
  assert.deepEqual(await post(destination, scoped.context), ok)
  assert.equal(String(scoped.issuer.requests[0]!.body), 'grant_type=client_credentials&scope=write+read')
})

test('a token is kept until a minute before it ends', async (t) => {
  const { issuer, clock, send } = await setup(t)
  await send()
  await clock.advance(3_539_999)
  assert.deepEqual(await send(), ok)
  assert.equal(issuer.requests.length, 1)
  await clock.advance(1)
  assert.deepEqual(await send(), ok)
  assert.equal(issuer.requests.length, 2)
})

test('a token of a short life is kept for half of it, and one that tells no end until it is refused', async (t) => {
  for (const [life, keptMs] of [
    [{ expires_in: '60' }, 30_000],
    [{}, 1e9],
  ] as const) {
    const answer = answering(200, json, JSON.stringify({ access_token: 'a', token_type: 'Bearer', ...life }))
    const { issuer, valid, clock, send } = await setup(t, { issue: answer })
    valid.add('Bearer a')
    await send()
    await clock.advance(keptMs - 1)
    assert.deepEqual(await send(), ok)
    assert.equal(issuer.requests.length, 1)
  }
})

test('concurrent exports ask for one token', async (t) => {
  const { issuer, api, send } = await setup(t)
  assert.deepEqual(await Promise.all(Array.from({ length: 10 }, send)), Array(10).fill(ok))
  assert.deepEqual([issuer.requests.length, api.requests.length], [1, 10])
})

test('after a 401 a new token is asked for, once', async (t) => {
  const { issuer, api, valid, send } = await setup(t)
  await send()
  valid.clear()
  assert.deepEqual(await send(), ok)
  assert.deepEqual([issuer.requests.length, api.requests.length], [2, 3])

  const refusing = await setup(t, { issue: answering(200, json, JSON.stringify({ access_token: 'never', token_type: 'bearer' })) })
  const result = await refusing.send()
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /answered 401/)
  assert.deepEqual([refusing.issuer.requests.length, refusing.api.requests.length], [2, 2])
})

test('a refusal of the token before does not end the one after it', async (t) => {
  const renewed = Promise.withResolvers<void>()
  let refusals = 0
  const api = await startServer(t, async ({ headers: { authorization } }, response) => {
    if (authorization === 'Bearer token-2') return response.end()
    if (++refusals === 2) await renewed.promise
    return response.writeHead(401).end()
  })
  const { issuer, send } = await setup(t, { url: api.url })
  const both = [send(), send()]
  assert.deepEqual(await Promise.race(both), ok)
  renewed.resolve()
  assert.deepEqual(await Promise.all(both), [ok, ok])
  assert.equal(issuer.requests.length, 2)
})

test('the token server’s refusals and failures are about the destination, and tell no secret', async (t) => {
  const echo = JSON.stringify({ error: 'invalid_client', error_description: `${secret} is wrong, or ${encodeURIComponent(secret)}` })
  for (const [answer, told, afterMs] of [
    [
      answering(401, json, echo),
      /answered 401 to the request for a token: {"error":"invalid_client",.*\[redacted\] is wrong, or \[redacted\]/,
      undefined,
    ],
    [answering(503, { 'retry-after': '9' }), /answered 503/, 9000],
    [
      answering(200, json, '{"access_token":"hidden-token","token_type":"mac"}'),
      /answered 200 to the request for a token: no bearer token/,
      undefined,
    ],
    [answering(200, {}, '<html>hidden</html>'), /no bearer token/, undefined],
    [answering(200, json, 'null'), /no bearer token/, undefined],
  ] as const) {
    const { api, issuer, destination, send } = await setup(t, { issue: answer })
    const result = await send()
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.match(result.error.message, told)
    assert.ok(result.error.message.startsWith(`${issuer.url}/token answered`))
    assert.equal(result.afterMs, afterMs)
    assert.equal(api.requests.length, 0)
    assert.equal(destination.health().state, 'unhealthy')
    assert.doesNotMatch(
      inspect([destination, result, destination.health()], { depth: Number.POSITIVE_INFINITY, showHidden: true }),
      /hidden/,
    )
  }
})

test('whoever gives up does not take the token from those who wait', async (t) => {
  const issued = Promise.withResolvers<void>()
  const { issuer, valid, destination, context, send } = await setup(t, {
    issue: (_request, response) =>
      void issued.promise.then(() => response.end(JSON.stringify({ access_token: 'late', token_type: 'bearer' }))),
  })
  valid.add('Bearer late')
  const impatient = new AbortController()
  const first = post(destination, { ...context, signal: impatient.signal })
  const second = send()
  while (issuer.requests.length === 0) await new Promise(setImmediate)
  impatient.abort()
  const given = await first
  assert.ok(given.status === 'retry' && given.scope === undefined)
  issued.resolve()
  assert.deepEqual(await second, ok)
  assert.equal(issuer.requests.length, 1)
})

test('a token that the API repeats is not told', async (t) => {
  const api = await startServer(t, (request, response) => response.writeHead(400).end(`no: ${request.headers.authorization}`))
  const { send } = await setup(t, { url: api.url })
  const result = await send()
  assert.ok(result.status === 'reject')
  assert.match(result.error.message, /answered 400: no: \[redacted\]$/)
})
