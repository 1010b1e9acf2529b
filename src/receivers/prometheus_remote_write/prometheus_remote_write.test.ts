import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { everything, gauge } from '../../codecs/remote-write/points.fixture.ts'
import { writeRequest } from '../../codecs/remote-write/protobuf.fixture.ts'
import { RemoteWriteEncoder } from '../../codecs/remote-write/remote-write.ts'
import { createContext, type ExportResult, type Host, metrics, ok, partial, reject, retry, tooLarge } from '../../sdk.ts'
import plugin, { PrometheusRemoteWriteReceiver, type PrometheusRemoteWriteReceiverOptions } from './prometheus_remote_write.ts'
import { contentTypes, receiving } from './receiver.fixture.ts'

const one = new RemoteWriteEncoder().encode(metrics([gauge('a', 1)]))

test('both versions are taken, with native histograms and exemplars, and it is told how much', async (t) => {
  for (const version of [1, 2] as const) {
    const { send, records } = await receiving(t)
    const body = new RemoteWriteEncoder({ version, nativeHistograms: true }).encode(everything)
    const { status, text, written } = await send(body, { 'content-type': contentTypes[version] })
    assert.deepEqual([status, text, written], [204, '', [15, 1, 2]])
    assert.equal(records().length, 16)
  }
})

test('a request is answered only once it is accepted', async (t) => {
  const state = await receiving(t)
  const accepted = Promise.withResolvers<ExportResult>()
  state.answer = () => accepted.promise
  let answered = false
  const sent = state.send(one).finally(() => {
    answered = true
  })
  while (state.batches.length === 0) await new Promise(setImmediate)
  assert.equal(answered, false)
  accepted.resolve(ok)
  assert.equal((await sent).status, 204)
})

test('what comes of a request is told, and 2xx says that all is accepted', async (t) => {
  const state = await receiving(t)
  const body = new RemoteWriteEncoder({ nativeHistograms: true }).encode(metrics([gauge('a', 1), gauge('b', 2), everything.points[4]!]))
  const error = new Error('why')
  for (const [result, status, retryAfter, text, written] of [
    [ok, 204, null, /^$/, [2, 1, 0]],
    [retry(error), 503, '1', /^not taken yet: why\n$/, []],
    [retry(error, { afterMs: 6001, scope: 'destination' }), 503, '7', /why/, []],
    [reject(error), 400, null, /^not taken: why\n$/, [0, 0, 0]],
    [tooLarge(error), 413, null, /why/, []],
    [partial([{ index: 0, error }]), 400, null, /^1 samples were not taken: why\n$/, [1, 1, 0]],
    [partial([{ index: 2, error }]), 400, null, /^1 samples/, [2, 0, 0]],
    [partial([{ count: 2, error }]), 400, null, /^2 samples/, [0, 1, 0]],
    [partial([{ index: 0, error }], [1]), 503, '1', /^not taken yet: 1 of 3 points could not be taken yet\n$/, []],
  ] as const) {
    state.answer = () => result
    const answer = await state.send(body)
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [status, retryAfter])
    assert.match(answer.text, text)
    assert.deepEqual(
      answer.written.filter((count) => count !== undefined),
      written,
    )
  }
  state.answer = () => Promise.reject(new Error('internal detail'))
  const failed = await state.send(one)
  assert.equal(failed.status, 500)
  assert.doesNotMatch(failed.text, /internal/)
})

test('series that cannot be are refused, the others taken', async (t) => {
  const { send, records } = await receiving(t)
  const body = writeRequest(
    {
      timeseries: [
        { labels: [], samples: [{ value: 1 }, { value: 2 }] },
        { labels: [{ name: '__name__', value: 'a' }], samples: [{ value: 1 }] },
      ],
    },
    1,
  )
  const { status, text, written } = await send(body)
  assert.deepEqual(
    [status, text, written, records().length],
    [400, '2 samples were not taken: a series has no name: a label __name__\n', [1, 0, 0], 1],
  )
})

test('a request without samples, as of metadata alone, bothers nobody', async (t) => {
  const { send, batches } = await receiving(t)
  assert.equal((await send(writeRequest({ metadata: [{ type: 1, metricFamilyName: 'a' }] }, 1))).status, 204)
  assert.equal((await send(Buffer.alloc(0))).status, 204)
  assert.equal(batches.length, 0)
})

test('garbage is refused, with what is wrong with it', async (t) => {
  const { send, batches } = await receiving(t, { maxBodySize: '1KiB' })
  for (const [body, headers, status, text] of [
    [Buffer.from('hello'), {}, 400, /not taken: not the message expected, at byte \d/],
    [one, { 'content-type': contentTypes[2] }, 204, /^$/],
    [
      Buffer.from('hello'),
      { 'content-encoding': 'snappy' },
      400,
      /the body is not packed as snappy: (not in Snappy's block format|it cannot be)/,
    ],
    [one, { 'content-type': 'application/json' }, 415, /application\/x-protobuf/],
    [one, { 'content-type': 'application/x-protobuf;proto=other' }, 415, /proto=/],
    [one, { 'content-encoding': 'br' }, 415, /identity, gzip, zstd, snappy/],
    [Buffer.alloc(2000), {}, 413, /at most 1 KiB/],
    [Buffer.from(Array.from({ length: 3000 }, (_, n) => (n * 7919) % 251)), { 'content-encoding': 'identity' }, 413, /at most 1 KiB/],
  ] as const) {
    const answer = await send(body, headers)
    assert.equal(answer.status, status, String(text))
    assert.match(answer.text, text)
  }
  assert.equal(batches.length, 0)
})

test('content types and codings in every spelling', async (t) => {
  const { send } = await receiving(t)
  for (const headers of [
    { 'content-type': 'Application/X-Protobuf; proto="prometheus.WriteRequest"' },
    { 'content-type': 'application/x-protobuf ;charset=utf-8' },
    { 'content-encoding': 'identity' },
  ])
    assert.equal((await send(one, headers)).status, 204)
  assert.equal((await send(zstdCompressSync(one), { 'content-encoding': 'zstd' })).status, 204)
})

test('with a token, nobody writes without it; only POST, only at its path', async (t) => {
  const state = await receiving(t, { token: 'pa:ss' })
  assert.equal((await state.send(one)).status, 401)
  assert.equal((await state.send(one, { authorization: 'Bearer pa:ss' })).status, 204)
  assert.equal((await fetch(state.url, { headers: { authorization: 'Bearer pa:ss' } })).status, 405)
  assert.equal((await fetch(`${state.url}/other`, { headers: { authorization: 'Bearer pa:ss' } })).status, 404)
  assert.equal(state.batches.length, 1)
})

test('a stop lets what is under way be answered; afterwards it can listen again', async (t) => {
  const state = await receiving(t)
  const accepted = Promise.withResolvers<ExportResult>()
  state.answer = () => accepted.promise
  const sent = state.send(one)
  while (state.batches.length === 0) await new Promise(setImmediate)
  const stopping = state.receiver.stop(createContext())
  assert.deepEqual([state.receiver.health(), state.receiver.address()], [{ state: 'stopped' }, undefined])
  accepted.resolve(ok)
  assert.equal((await sent).status, 204)
  await stopping
  await assert.rejects(state.send(one))
  await state.receiver.stop()
  await state.receiver.listen(async () => ok, createContext())
  assert.deepEqual(state.receiver.health(), { state: 'healthy' })
})

test('a port in use rejects the start and makes it unhealthy, until it is free', async (t) => {
  const { receiver: other } = await receiving(t)
  const receiver = new PrometheusRemoteWriteReceiver({ listen: `127.0.0.1:${other.address()!.port}` })
  t.after(() => receiver.stop())
  assert.deepEqual(receiver.health(), { state: 'starting' })
  await assert.rejects(
    receiver.listen(async () => ok, createContext()),
    { code: 'DESTINATION_UNAVAILABLE', message: /another program listens there/ },
  )
  assert.equal(receiver.health().state, 'unhealthy')
  await other.stop()
  await receiver.listen(async () => ok, createContext())
  assert.deepEqual(receiver.health(), { state: 'healthy' })
})

test('wrong options are refused; as a plugin it is made from its configuration', () => {
  for (const [options, message] of [
    [{ listen: '0.0.0.0:9201' }, /a token is needed/],
    [{ listen: 'nonsense' }, /write host:port/],
    [{ path: 'write' }, /must begin with \//],
    [{ maxBodySize: 'much' }, /not a size/],
  ] as [PrometheusRemoteWriteReceiverOptions, RegExp][])
    assert.throws(() => new PrometheusRemoteWriteReceiver(options), { code: 'INVALID_OPTION', message })
  const config = plugin.config!.parse({ listen: ':0', token: 'x', maxBodySize: '1MiB' }) as never
  assert.equal(plugin.create({ name: 'in', config, host: {} as Host }).name, 'in')
})
