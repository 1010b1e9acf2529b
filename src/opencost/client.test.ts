import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { OpenCostClient, type OpenCostClientOptions } from './client.ts'
import { allocation, allocationReply, answering, assetsReply, disk, startServer, testContext } from './server.fixture.ts'

const all = async <T>(records: AsyncIterable<readonly T[]> | Promise<AsyncIterable<readonly T[]>>) =>
  (await Array.fromAsync(await records)).flat()

/** A client that is closed with the test. */
function clientOf(t: TestContext, endpoint: string, options: OpenCostClientOptions = {}): OpenCostClient {
  const client = new OpenCostClient({ retries: 0, ...options, endpoint })
  t.after(() => client.close())
  return client
}

test('001-01 allocations are asked for with all that was given, and come typed', async (t) => {
  const { url, requests } = await startServer(t, answering(allocationReply))
  const client = clientOf(t, `${url}/model/`)
  const { context } = testContext()
  assert.deepEqual(await all(client.allocations({ window: '1h' }, context)), [allocation])
  await all(
    client.allocations(
      { window: '1h30m', aggregate: 'pod', includeIdle: true, shareIdle: true, step: '60m', accumulate: true, filter: 'namespace:"a"' },
      context,
    ),
  )
  const asked = requests.map(({ url }) => new URL(url!, 'http://localhost'))
  assert.deepEqual(
    asked.map(({ pathname }) => pathname),
    ['/model/allocation', '/model/allocation'],
  )
  assert.deepEqual(
    asked.map(({ searchParams }) => Object.fromEntries(searchParams)),
    [
      { window: '1h', aggregate: 'container', includeIdle: 'false', shareIdle: 'false' },
      {
        window: '2026-11-21T04:08:50Z,2026-11-21T05:38:50Z',
        aggregate: 'pod',
        includeIdle: 'true',
        shareIdle: 'true',
        step: '60m',
        accumulate: 'true',
        filter: 'namespace:"a"',
      },
    ],
  )
  assert.equal(client.address, `${url}/model`)
})

test('001-02 assets come typed with their keys, also as Kubecost lists them, and the server is asked only what it knows', async (t) => {
  let reply: object = assetsReply
  const { url, requests } = await startServer(t, (request, response) => answering(reply)(request, response))
  const client = clientOf(t, url)
  const { context } = testContext()
  const assets = await all(client.assets({ window: 'today' }, context))
  assert.deepEqual(
    assets.map(({ name }) => name),
    ['k/disk', 'k/node', 'k/management'],
  )
  assert.deepEqual(assets[0]!.asset, disk)
  reply = { code: 200, data: [assetsReply.data, null, {}] }
  assert.deepEqual(await all(client.assets({ window: 'today', filter: 'assetType:"disk"' }, context)), assets)
  assert.deepEqual(
    requests.map(({ url }) => url),
    ['/assets?window=today', '/assets?window=today&filter=assetType%3A%22disk%22'],
  )
})

test('001-35 a token is sent, never told, and the option is named where one is asked for', async (t) => {
  const { url, requests } = await startServer(t, (request, response) =>
    answering(`no: ${request.headers.authorization}`, 403)(request, response),
  )
  const client = clientOf(t, url, { token: 'hidden-token', headers: { 'x-scope': 'a' } })
  await assert.rejects(client.assets({ window: '1h' }), (error: Error & { hint: string }) => {
    assert.match(error.message, /\/assets answered 403: no: Bearer \[redacted\]$/)
    assert.match(error.hint, /--token-file.*option token/)
    return true
  })
  assert.equal(requests[0]!.headers.authorization, 'Bearer hidden-token')
  assert.equal(requests[0]!.headers['x-scope'], 'a')
  const named = clientOf(t, url.replace('//', '//me:p%40ss@'))
  await assert.rejects(named.assets({ window: '1h' }))
  assert.equal(requests[1]!.headers.authorization, `Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  assert.equal(named.address, url)
})

test('001-34 what OpenCost says of a mistake is told: an envelope, plain text, or nothing of a web page', async (t) => {
  const { context } = testContext()
  for (const [body, status, told] of [
    [{ code: 500, status: '', data: null, message: 'Error: boundary' }, 500, /answered 500: Error: boundary$/],
    ["Invalid 'window' parameter: illegal window: 1y\n", 400, /answered 400: Invalid 'window' parameter: illegal window: 1y$/],
    ['<html>gateway</html>', 502, /answered 502$/],
    ['', 302, /answered 302$/],
    ['404 page not found\n', 404, /answered 404: 404 page not found$/],
    ['<html>login</html>', 200, /answered what cannot be read: .*byte 0/],
    ['{"code":200,"data":[{"a":{"name":"a"', 200, /answered what cannot be read: it breaks off/],
    [{ code: 503, status: '', data: null, message: 'not ready' }, 200, /answered with the code 503: not ready/],
  ] as const) {
    const { url } = await startServer(t, answering(body, status))
    await assert.rejects(all(clientOf(t, url).allocations({ window: '1h' }, context)), { code: 'SOURCE_UNAVAILABLE', message: told })
  }
})

test('001-33 what may pass is asked for again, with growing waits and as long as the server says', async (t) => {
  const { context, warnings, slept } = testContext()
  const answers = [answering('', 503), answering('', 429, { 'retry-after': '9' }), answering(allocationReply)]
  const { url, requests } = await startServer(t, (request, response) => answers.shift()!(request, response))
  assert.equal((await all(clientOf(t, url, { retries: 2 }).allocations({ window: '1h' }, context))).length, 1)
  assert.deepEqual(slept, [1000, 9000])
  assert.equal(warnings.length, 2)
  assert.equal(requests.length, 3)

  const refusing = await startServer(t, answering('no', 400))
  await assert.rejects(clientOf(t, refusing.url, { retries: 5 }).assets({ window: '1h' }, context))
  assert.equal(refusing.requests.length, 1)
  const failing = await startServer(t, answering('', 500))
  await assert.rejects(clientOf(t, failing.url, { retries: 1 }).assets({ window: '1h' }, context))
  assert.equal(failing.requests.length, 2)
})

test('001-33 no server, a silent one, and one that stops in the middle', async (t) => {
  const { context } = testContext()
  await assert.rejects(clientOf(t, 'http://127.0.0.1:1').assets({ window: '1h' }, context), {
    message: /cannot read from http:\/\/127\.0\.0\.1:1\/assets: connect ECONNREFUSED/,
    hint: /kubectl port-forward/,
  })
  const silent = await startServer(t, () => {})
  await assert.rejects(clientOf(t, silent.url, { timeout: '50ms' }).assets({ window: '1h' }, context), {
    message: `no answer from ${silent.url}/assets within 50ms`,
    hint: /--timeout/,
  })
  const stalling = await startServer(t, (_request, response) => void response.write('{"code":200,"data":[{'))
  await assert.rejects(all(clientOf(t, stalling.url, { timeout: '50ms' }).allocations({ window: '1h' }, context)), {
    message: /within 50ms/,
  })
  const cutting = await startServer(t, (_request, response) => void response.write('{"code":200,"data":[{', () => response.destroy()))
  await assert.rejects(all(clientOf(t, cutting.url).allocations({ window: '1h' }, context)), { message: /cannot read from/ })
})

test('who stops early closes the connection', async (t) => {
  const reply = JSON.stringify(allocationReply)
  let closed: Promise<unknown> | undefined
  const { url } = await startServer(t, (_request, response) => {
    closed = once(response, 'close')
    response.write(reply.slice(0, -3))
  })
  for await (const records of await clientOf(t, url).allocations({ window: '1h' })) {
    assert.equal(records.length, 1)
    break
  }
  await closed
})

test('options that make no sense are refused', () => {
  for (const options of [{ endpoint: 'localhost:9003' }, { endpoint: 'ftp://a' }, { retries: 1.5 }, { timeout: 0 }])
    assert.throws(() => new OpenCostClient(options), { code: 'INVALID_OPTION' }, JSON.stringify(options))
  assert.throws(() => new OpenCostClient({ timeout: 'soon' }), { code: 'INVALID_DURATION' })
})
