import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answering, context, startServer, stopping } from '../../http/server.fixture.ts'
import { createContext, type ExportResult } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { HttpExporter, type HttpExporterOptions } from './http.ts'
import { now, points } from './points.fixture.ts'

/** The result, its scope and the error's message when a server answers so. */
async function whenAnswered(
  t: Parameters<typeof startServer>[0],
  answer: Parameters<typeof answering>,
  options: Partial<HttpExporterOptions> = {},
) {
  const { url } = await startServer(t, answering(...answer))
  const exporter = stopping(t, new HttpExporter({ endpoint: `${url}/in?key=hidden-query`, ...options }))
  const result = await exporter.export(now, points(1), createContext({ clock: new ManualClock(now.getTime()) }))
  return { url, result, meaning: meaningOf(result), message: 'error' in result ? result.error.message : '', health: exporter.health() }
}

const meaningOf = (result: ExportResult) => (result.status === 'retry' && result.scope ? `${result.status} ${result.scope}` : result.status)

test('F10 003-28: which status is worth another try', async (t) => {
  const expected: Record<string, readonly number[]> = {
    ok: [200, 201, 202, 204],
    retry: [408, 429, 500, 502, 503, 504],
    'retry destination': [401, 403, 404, 407],
    'too-large': [413],
    reject: [301, 304, 307, 400, 405, 409, 415, 422, 501],
  }
  for (const [meaning, statuses] of Object.entries(expected))
    for (const status of statuses) assert.equal((await whenAnswered(t, [status])).meaning, meaning, String(status))
})

test('F3 F10 003-28: the status codes of the user take the place of the usual ones', async (t) => {
  const options = { retryOnStatusCodes: [409, 500] }
  for (const [status, meaning] of [
    [409, 'retry'],
    [500, 'retry'],
    [503, 'reject'],
    [401, 'retry destination'],
    [413, 'too-large'],
  ] as const)
    assert.equal((await whenAnswered(t, [status], options)).meaning, meaning, String(status))
})

test('F20: a 429 or 503 is left alone for as long as it asks', async (t) => {
  for (const [status, retryAfter, afterMs] of [
    [429, '7', 7000],
    [503, 'Sun, 02 Aug 2026 10:25:00 GMT', 120_000],
    [503, 'soon', undefined],
    [401, '60', 60_000],
  ] as const) {
    const { result } = await whenAnswered(t, [status, { 'retry-after': retryAfter }])
    assert.ok(result.status === 'retry')
    assert.equal(result.afterMs, afterMs)
  }
})

test('a refusal tells who answered what, and what to do', async (t) => {
  for (const [status, body, told] of [
    [400, '{"error":\n  "no such field"}', 'POST URL/in answered 400: {"error": "no such field"}'],
    [401, '', 'POST URL/in answered 401; check the credentials under auth or headers'],
    [403, 'no', 'POST URL/in answered 403: no; see what the credentials under auth or headers allow'],
    [404, '', 'POST URL/in answered 404; check the path of endpoint'],
    [429, '', 'POST URL/in answered 429; set rate_limit to what the server allows'],
  ] as const) {
    const { url, message } = await whenAnswered(t, [status, {}, body])
    assert.equal(message, told.replace('URL', url))
  }
})

test('a redirect is not followed, and its target told without a secret', async (t) => {
  const { url: elsewhere, requests } = await startServer(t)
  const target = `${elsewhere.replace('//', '//user:hidden@')}/new?token=hidden`
  const { result, message } = await whenAnswered(t, [308, { location: target }])
  assert.equal(result.status, 'reject')
  assert.match(message, new RegExp(`answered 308; redirects are not followed: set endpoint to ${elsewhere}/new$`))
  assert.equal(requests.length, 0)
  const relative = await whenAnswered(t, [302, { location: '../v2' }])
  assert.ok(relative.message.endsWith(`set endpoint to ${relative.url}/v2`))
  assert.match((await whenAnswered(t, [302])).message, /set endpoint to the address that is meant$/)
})

test('a destination that is not to be had is unhealthy, with the reason, until it works', async (t) => {
  let status = 401
  const { url } = await startServer(t, (_request, response) => response.writeHead(status).end())
  const exporter = stopping(t, new HttpExporter({ endpoint: url }))
  const stateAfter = async (next: number) => {
    status = next
    await exporter.export(now, points(1), context)
    return exporter.health()
  }
  const refused = await stateAfter(401)
  assert.ok(refused.state === 'unhealthy' && /answered 401; check the credentials/.test(refused.reason))
  assert.deepEqual(await stateAfter(503), refused)
  assert.deepEqual(await stateAfter(200), { state: 'healthy' })
  assert.deepEqual(await stateAfter(503), { state: 'healthy' })
})

test('what an answer says is cut after 1 KiB, and a huge one is not read to its end', async (t) => {
  const [chunk, whole] = [Buffer.alloc(65_536, 'x'), 100_000_000]
  let sent = 0
  const { url, requests } = await startServer(t, (_request, response) => {
    const send = () => {
      sent += chunk.length
      if (sent < whole) response.write(chunk)
      else response.end(chunk)
    }
    response.writeHead(400).on('drain', send)
    send()
  })
  const exporter = stopping(t, new HttpExporter({ endpoint: url }))
  const result = await exporter.export(now, points(1), context)
  assert.ok(result.status === 'reject')
  assert.equal(result.error.message, `POST ${url}/ answered 400: ${'x'.repeat(1024)}`)
  assert.ok(sent < whole / 2, `${sent} bytes were sent`)
  await exporter.export(now, points(2), context)
  assert.equal(requests.length, 2)
})

test('the connection of a refusal is used again', async (t) => {
  const { url, requests } = await startServer(t, answering(500, {}, 'x'.repeat(100_000)))
  const exporter = stopping(t, new HttpExporter({ endpoint: url, connections: 1 }))
  for (const value of [1, 2, 3]) await exporter.export(now, points(value), context)
  assert.deepEqual(
    requests.map(({ connection }) => connection),
    [1, 1, 1],
  )
})

test('an answer counts even when the rest of its body never comes', async (t) => {
  for (const [status, expected] of [
    [200, 'ok'],
    [422, 'reject'],
  ] as const) {
    const { url } = await startServer(t, (_request, response) => {
      response.writeHead(status, { 'content-length': 10 }).write('half', () => response.destroy())
    })
    const exporter = stopping(t, new HttpExporter({ endpoint: url }))
    assert.equal((await exporter.export(now, points(1), context)).status, expected)
    assert.deepEqual(exporter.health(), { state: 'healthy' })
  }
})
