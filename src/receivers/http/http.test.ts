import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { JsonLinesEncoder } from '../../codecs/jsonl/jsonl.ts'
import {
  type Batch,
  createContext,
  type ExportResult,
  type Host,
  metrics,
  ok,
  partial,
  reject,
  retry,
  series,
  tooLarge,
} from '../../sdk.ts'
import plugin, { HttpReceiver, type HttpReceiverOptions } from './http.ts'
import { nowMs, receiving } from './receiver.fixture.ts'

const encoder = new JsonLinesEncoder()
const one = '{"name":"x","value":1}'

const batches: readonly Batch[] = [
  metrics([
    { series: series('load', { core: '0' }, { kind: 'counter', unit: '1' }), timeMs: 1.5, value: 2 },
    { series: series('size'), timeMs: 3, value: { count: 1, sum: 2, bounds: [1], counts: [0, 1] } },
  ]),
  { signal: 'logs', records: [{ timeNs: 5n, body: 'hello', severityText: 'INFO' }] },
  { signal: 'traces', spans: [{ traceId: 'a', spanId: 'b', name: 'GET', startTimeNs: 1n, endTimeNs: 2n }] },
  { signal: 'alerts', alerts: [{ id: 'i', name: 'Full', severity: 'major', status: 'firing', startsAtMs: 1, labels: {} }] },
]

test('every signal is taken at its path, as JSON lines and as an array', async (t) => {
  const state = await receiving(t)
  for (const batch of batches) {
    const lines = encoder.lines(batch)
    for (const body of [lines.join('\n'), `\r\n${lines.join('\n\n')}\n`, ` [${lines.join(',')}]`])
      assert.deepEqual(
        [await state.send(`/${batch.signal}`, body), state.batches.pop()],
        [{ status: 204, retryAfter: null, text: '' }, batch],
      )
  }
})

test('a point and a log without a time are of now', async (t) => {
  const state = await receiving(t)
  await state.send('/metrics', one)
  await state.send('/logs', '{"body":"hello"}')
  assert.deepEqual(state.batches, [
    metrics([{ series: series('x'), timeMs: nowMs, value: 1 }]),
    { signal: 'logs', records: [{ timeNs: BigInt(nowMs) * 1_000_000n, body: 'hello' }] },
  ])
})

test('bodies are unpacked', async (t) => {
  const state = await receiving(t)
  assert.equal((await state.send('/metrics', gzipSync(one), { 'content-encoding': 'gzip' })).status, 204)
  assert.equal((await state.send('/metrics', zstdCompressSync(one), { 'content-encoding': 'zstd' })).status, 204)
  assert.equal((await state.send('/metrics', one, { 'content-encoding': 'br' })).status, 415)
  assert.equal(state.batches.length, 2)
})

test('a request is answered only once it is accepted', async (t) => {
  const state = await receiving(t)
  const accepted = Promise.withResolvers<ExportResult>()
  state.answer = () => accepted.promise
  let answered = false
  const sent = state.send('/metrics', one).finally(() => {
    answered = true
  })
  while (state.batches.length === 0) await new Promise(setImmediate)
  assert.equal(answered, false)
  accepted.resolve(ok)
  assert.equal((await sent).status, 204)
})

test('what comes of a request is told, and 2xx says that all is accepted', async (t) => {
  const state = await receiving(t)
  const error = new Error('why')
  for (const [result, status, retryAfter, text] of [
    [ok, 204, null, /^$/],
    [retry(error), 429, '1', /^not taken yet: why\n$/],
    [retry(error, { afterMs: 6001, scope: 'destination' }), 503, '7', /why/],
    [reject(error), 422, null, /^nothing was taken: why\n$/],
    [tooLarge(error), 413, null, /why/],
    [partial([{ index: 0, error }]), 422, null, /^1 of 2 records were not taken: why\n$/],
    [partial([{ count: 2, error }]), 422, null, /^2 of 2 records/],
    [partial([{ index: 0, error }], [1]), 429, '1', /^not taken yet: 1 of 2 records could not be taken yet\n$/],
    [partial([]), 204, null, /^$/],
  ] as const) {
    state.answer = () => result
    const answer = await state.send('/metrics', `${one}\n${one}`)
    assert.deepEqual([answer.status, answer.retryAfter], [status, retryAfter])
    assert.match(answer.text, text)
  }
  state.answer = () => Promise.reject(new Error('internal detail'))
  const failed = await state.send('/metrics', one)
  assert.equal(failed.status, 500)
  assert.doesNotMatch(failed.text, /internal/)
})

test('of a request with a record that cannot be read nothing is taken, and which it is is told', async (t) => {
  const state = await receiving(t)
  for (const [path, body, text] of [
    ['/metrics', `${one}\n\n{"name":"x"}\n${one}`, /^nothing was taken: line 3: value: is missing\n$/],
    ['/metrics', `${one}\n{`, /^nothing was taken: line 2: /],
    ['/metrics', `[${one},{"name":"x","value":"y"}]`, /^nothing was taken: record 2: value: expected a number, not "y"\n$/],
    ['/metrics', `[${one}`, /^nothing was taken: /],
    ['/alerts', one, /line 1: id: is missing/],
    ['/logs', Buffer.from([0xff]), /line 1: /],
    ['/rows', '{"a":1}', /rows need the name of their table: \?table=/],
    ['/rows?table=t&columns=a', '{"a":1}', /columns are name:type/],
    ['/rows?table=t&columns=a:int,a:int', '{"a":1}', /there are two columns a/],
    ['/rows?table=t&columns=a:int', '{"a":1}\n{"a":1,"b":2}', /line 2: there is no column "b"/],
    ['/rows?table=t&columns=a:int', '[{"a":1},{"a":1.5}]', /record 2: a: expected a value of type int, not 1.5/],
    ['/rows?table=t', '[1]', /record 1: expected an object, not 1/],
  ] as const) {
    const answer = await state.send(path, body)
    assert.equal(answer.status, 400, `${path} ${body}`)
    assert.match(answer.text, text)
  }
  assert.equal(state.batches.length, 0)
})

test('rows stand in the columns that are told', async (t) => {
  const state = await receiving(t)
  const columns = 'at:datetime,who:string,n:int,cost:real,ok:bool,more:json'
  const body = '{"at":"1970-01-01T00:00:01Z","n":"9223372036854775807","cost":"NaN","ok":true,"more":[1],"who":null}\n{}'
  assert.equal((await state.send(`/rows?table=costs&columns=${columns}`, body)).status, 204)
  const [batch] = state.batches
  assert.ok(batch?.signal === 'rows')
  assert.deepEqual(batch.rows, [
    [1000, null, 9223372036854775807n, Number.NaN, true, [1]],
    [null, null, null, null, null, null],
  ])
})

test('of rows that do not tell their columns they are found, and the same ones are the same table', async (t) => {
  const state = await receiving(t)
  const body = '{"who":"a","n":1,"cost":1,"ok":true,"mixed":1,"none":null}\n{"cost":1.5,"mixed":"x","late":{}}'
  for (let times = 0; times < 2; times++) await state.send('/rows?table=costs', body)
  const [first, second] = state.batches
  assert.ok(first?.signal === 'rows' && second?.signal === 'rows')
  const types = first.table.columns.map(({ name, type }) => `${name}:${type}`)
  assert.deepEqual(types, ['who:string', 'n:int', 'cost:real', 'ok:bool', 'mixed:json', 'none:string', 'late:json'])
  assert.deepEqual(first.rows[1], [null, null, 1.5, null, 'x', null, {}])
  assert.equal(first.table, second.table)
})

test('a request without records bothers nobody', async (t) => {
  const state = await receiving(t)
  for (const body of ['', '\n', '[]']) assert.equal((await state.send('/metrics', body)).status, 204)
  assert.equal((await state.send('/rows?table=t', '')).status, 204)
  assert.equal(state.batches.length, 0)
})

test('larger bodies, other paths and other methods are refused', async (t) => {
  const state = await receiving(t, { maxBodySize: '1KiB' })
  assert.equal((await state.send('/metrics', one.padEnd(1025))).status, 413)
  assert.equal((await state.send('/metrics', gzipSync(one.padEnd(2000)), { 'content-encoding': 'gzip' })).status, 413)
  assert.equal((await state.send('/', one)).status, 404)
  assert.equal((await fetch(`${state.url}/metrics`)).status, 405)
  assert.equal(state.batches.length, 0)
})

test('with a token, nobody posts without it; without one, no web page does', async (t) => {
  const guarded = await receiving(t, { token: 'secret' })
  assert.equal((await guarded.send('/metrics', one)).status, 401)
  assert.equal((await guarded.send('/metrics', one, { authorization: 'Bearer secret', origin: 'https://a.example' })).status, 204)
  const open = await receiving(t)
  assert.equal((await open.send('/metrics', one, { origin: 'https://a.example' })).status, 403)
  assert.equal(open.batches.length, 0)
})

test('a stop lets what is under way be answered; afterwards it can listen again', async (t) => {
  const state = await receiving(t)
  const accepted = Promise.withResolvers<ExportResult>()
  state.answer = () => accepted.promise
  const sent = state.send('/metrics', one)
  while (state.batches.length === 0) await new Promise(setImmediate)
  const stopping = state.receiver.stop(createContext())
  assert.deepEqual([state.receiver.health(), state.receiver.address()], [{ state: 'stopped' }, undefined])
  accepted.resolve(ok)
  assert.equal((await sent).status, 204)
  await stopping
  await assert.rejects(state.send('/metrics', one))
  await state.receiver.stop()
  await state.receiver.listen(async () => ok, createContext())
  assert.deepEqual(state.receiver.health(), { state: 'healthy' })
})

test('a port in use rejects the start and makes it unhealthy, until it is free', async (t) => {
  const { receiver: other } = await receiving(t)
  const receiver = new HttpReceiver({ listen: `127.0.0.1:${other.address()!.port}` })
  t.after(() => receiver.stop())
  assert.deepEqual(receiver.health(), { state: 'starting' })
  const listen = () => receiver.listen(async () => ok, createContext())
  await assert.rejects(listen(), { code: 'DESTINATION_UNAVAILABLE', message: /another program listens there/ })
  assert.equal(receiver.health().state, 'unhealthy')
  await other.stop()
  await listen()
  assert.deepEqual(receiver.health(), { state: 'healthy' })
})

test('wrong options are refused; as a plugin it is made from its configuration', () => {
  for (const [options, message] of [
    [{ listen: '0.0.0.0:8080' }, /a token is needed/],
    [{ listen: 'nonsense' }, /write host:port/],
    [{ maxBodySize: 'much' }, /not a size/],
    [{ maxRequests: 0 }, /maxRequests/],
  ] as [HttpReceiverOptions, RegExp][])
    assert.throws(() => new HttpReceiver(options), { code: 'INVALID_OPTION', message })
  const config = plugin.config!.parse({ listen: ':0', token: 'x', maxBodySize: '1MiB' }) as never
  assert.equal(plugin.create({ name: 'in', config, host: {} as Host }).name, 'in')
})
