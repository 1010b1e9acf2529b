import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { userAgent } from '../../http/index.ts'
import { context, startServer, stopping } from '../../http/server.fixture.ts'
import { type Batch, ok } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { HTTPExporter, HttpExporter, type HttpExporterOptions } from './http.ts'
import { now, points } from './points.fixture.ts'

test('an endpoint is enough: one POST with the records in an array', async (t) => {
  const { url, requests } = await startServer(t)
  const exporter = stopping(t, new HttpExporter({ endpoint: `${url}/in?precision=s` }))
  assert.deepEqual(await exporter.export(now, points(), context), ok)
  assert.deepEqual(await exporter.export(now, points(1, 2), context), ok)
  assert.equal(requests.length, 1)
  const { method, url: path, headers, body } = requests[0]!
  assert.deepEqual(
    [method, path, headers['content-type'], headers['user-agent']],
    ['POST', '/in?precision=s', 'application/json', userAgent],
  )
  assert.deepEqual(
    JSON.parse(String(body)).map(({ name, value }: { name: string; value: number }) => [name, value]),
    [
      ['system.cpu.load', 1],
      ['system.cpu.load', 2],
    ],
  )
})

test('F10 003-27: endpoint, method, headers and a transformer, as written for the first users', async (t) => {
  const { url, requests } = await startServer(t)
  const batch = points(0.5, 0.75)
  const exporter = stopping(
    t,
    new HTTPExporter({
      endpoint: `${url}/metrics`,
      method: 'PUT',
      headers: { authorization: 'Bearer api-token', 'content-type': 'application/vnd.api+json', 'X-Source': 'foundation-profiling' },
      payloadTransformer: (given) => ({
        source: 'foundation-profiling',
        metrics: given === batch ? batch.points.map(({ value }) => value) : 'another batch',
      }),
    }),
  )
  assert.deepEqual(await exporter.export(now, batch, context), ok)
  const { method, url: path, headers, body } = requests[0]!
  assert.deepEqual([method, path], ['PUT', '/metrics'])
  assert.equal(headers.authorization, 'Bearer api-token')
  assert.equal(headers['content-type'], 'application/vnd.api+json')
  assert.equal(headers['x-source'], 'foundation-profiling')
  assert.deepEqual(JSON.parse(String(body)), { source: 'foundation-profiling', metrics: [0.5, 0.75] })
})

test('F10: the method is POST unless it is told', async (t) => {
  const { url, requests } = await startServer(t)
  for (const method of [undefined, 'PUT', 'PATCH'] as const) {
    const exporter = stopping(t, new HttpExporter({ endpoint: url, ...(method && { method }) }))
    assert.deepEqual(await exporter.export(now, points(1), context), ok)
  }
  assert.deepEqual(
    requests.map(({ method }) => method),
    ['POST', 'PUT', 'PATCH'],
  )
})

test('F10: a transformer that throws, or makes nothing that JSON can say, is a reject without a request', async (t) => {
  const { url, requests } = await startServer(t)
  const transformers: [payloadTransformer: (batch: Batch) => unknown, told: RegExp][] = [
    [() => assert.fail('no such field'), /^api could not make a payload: no such field$/],
    [async () => Promise.reject(new Error('later')), /later/],
    [() => undefined, /nothing to send/],
    [() => 1n, /BigInt/],
  ]
  for (const [payloadTransformer, told] of transformers) {
    const exporter = stopping(t, new HttpExporter({ name: 'api', endpoint: url, payloadTransformer }))
    const result = await exporter.export(now, points(1), context)
    assert.ok(result.status === 'reject')
    assert.match(result.error.message, told)
    assert.deepEqual(exporter.health(), { state: 'healthy' })
  }
  assert.equal(requests.length, 0)
})

test('F3: a compressed body says so, and unpacks to the JSON', async (t) => {
  const { url, requests } = await startServer(t)
  const bodies: string[] = []
  for (const compression of ['none', 'gzip', 'zstd'] as const) {
    const exporter = stopping(t, new HttpExporter({ endpoint: url, compression }))
    assert.deepEqual(await exporter.export(now, points(...Array(100).fill(7)), context), ok)
    const { headers, body } = requests.at(-1)!
    assert.equal(headers['content-encoding'], compression === 'none' ? undefined : compression)
    assert.equal(Number(headers['content-length']), body.length)
    const unpack = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync }[compression]
    bodies.push(String(unpack(body)))
    if (compression !== 'none') assert.ok(body.length < bodies[0]!.length / 5)
  }
  assert.equal(new Set(bodies).size, 1)
})

test('the connection is used again', async (t) => {
  const { url, requests } = await startServer(t)
  const exporter = stopping(t, new HttpExporter({ endpoint: url, connections: 1 }))
  await Promise.all([1, 2, 3].map((value) => exporter.export(now, points(value), context)))
  await exporter.export(now, points(4), context)
  assert.deepEqual(
    requests.map(({ connection }) => connection),
    [1, 1, 1, 1],
  )
})

test('every try of the same records has one idempotency key, and other records of the delivery have another', async (t) => {
  const { url, requests } = await startServer(t)
  const keysOf = async (options: Partial<HttpExporterOptions>, header: string) => {
    const exporter = stopping(t, new HttpExporter({ endpoint: url, ...options }))
    const delivery = { id: 'box/7', attempt: 1, firstAcceptedMs: 0 }
    await exporter.export(now, points(1, 2), { ...context, delivery })
    await exporter.export(now, points(1, 2), { ...context, delivery: { ...delivery, attempt: 2 } })
    await exporter.export(now, points(2), { ...context, delivery: { ...delivery, attempt: 3 } })
    await exporter.export(now, points(1, 2), { ...context, delivery: { ...delivery, id: 'box/8' } })
    await exporter.export(now, points(1, 2), context)
    return requests.slice(-5).map(({ headers }) => headers[header])
  }
  let ticks = 0
  for (const [options, header] of [
    [{}, 'idempotency-key'],
    [{ idempotencyHeader: 'X-Request-Id', payloadTransformer: () => ticks++ }, 'x-request-id'],
  ] as const) {
    const [first, again, rest, next, none] = await keysOf(options, header)
    assert.match(String(first), /^box\/7-[0-9a-f]{16}$/)
    assert.equal(again, first)
    assert.match(String(rest), /^box\/7-/)
    assert.notEqual(rest, first)
    assert.match(String(next), /^box\/8-/)
    assert.equal(none, undefined)
  }
})

test('the destination is the address without what may be a secret', () => {
  const exporter = new HttpExporter({ endpoint: 'https://user:hidden@example.com:8443/in?token=hidden#hidden' })
  assert.equal(exporter.destination, 'https://example.com:8443/in')
})

test('stopped, it takes nothing; started again, it sends', async (t) => {
  const { url, requests } = await startServer(t)
  const exporter = stopping(t, new HttpExporter({ endpoint: url }))
  await exporter.start(context)
  await exporter.stop(context)
  assert.deepEqual(exporter.health(), { state: 'stopped' })
  const result = await exporter.export(now, points(1), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  assert.match(result.error.message, /stopped/)
  assert.equal(requests.length, 0)
  await exporter.start(context)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  assert.deepEqual(await exporter.export(now, points(1), context), ok)
})

test('as a plugin it takes the checked configuration, secrets and all', async (t) => {
  const { url, requests } = await startServer(t)
  const config = plugin.config!.parse({
    endpoint: url,
    headers: { 'X-Key': 'hidden' },
    auth: { type: 'bearer', token: 'hidden-too' },
    timeout: '5s',
    retryOnStatusCodes: [500],
  })
  assert.doesNotMatch(JSON.stringify(config), /hidden/)
  const exporter = plugin.create({ name: 'api', config: config as never, host: createTestHost() })
  assert.equal(exporter.name, 'api')
  assert.deepEqual(await exporter.export(now, points(1), context), ok)
  await exporter.stop!(context)
  assert.equal(requests[0]!.headers['x-key'], 'hidden')
  assert.equal(requests[0]!.headers.authorization, 'Bearer hidden-too')
  assert.deepEqual(plugin.signals, ['metrics', 'traces', 'logs', 'alerts', 'rows'])
})
