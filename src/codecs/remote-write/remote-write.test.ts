import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { ByteWriter, metrics, resource, scope } from '../../core/index.ts'
import { atMs, everything, gauge, point } from './points.fixture.ts'
import { readRequest } from './protobuf.fixture.ts'
import { RemoteWriteEncoder, type RemoteWriteOptions } from './remote-write.ts'

const golden = (name: string) => readFileSync(`${import.meta.dirname}/golden/${name}`)
const labelsOf = (points: readonly Parameters<typeof metrics>[0][number][], options: RemoteWriteOptions = {}) =>
  readRequest(new RemoteWriteEncoder(options).encode(metrics(points)), options.version ?? 1).series.map(({ labels }) => labels)

for (const version of [1, 2] as const)
  test(`version ${version}: the bytes are as they were, and mean what they should`, () => {
    const bytes = new RemoteWriteEncoder({ version, nativeHistograms: true }).encode(everything)
    assert.deepEqual(
      JSON.parse(JSON.stringify(readRequest(bytes, version), spelled)),
      JSON.parse(String(golden(`request-${version}.json`))),
    )
    assert.ok(golden(`request-${version}.pb`).equals(bytes))
  })

/** NaN and infinities by their names, which JSON has none for. */
const spelled = (_: string, value: unknown) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)

test('the end of a series has the bits that mean it, and no other NaN does', () => {
  for (const version of [1, 2] as const) {
    const encoder = new RemoteWriteEncoder({ version })
    const bits = (value: Parameters<typeof gauge>[2]) =>
      Buffer.from(encoder.encode(metrics([gauge('a', Number.NaN, value)]))).toString('hex')
    assert.match(bits({ stale: true }), /09020000000000f07f10/)
    assert.doesNotMatch(bits({}), /09020000000000f07f10/)
    assert.match(bits({}), /09000000000000f87f10/)
  }
})

test('names, labels, resources and scopes are as in the text format; external labels do not replace them', () => {
  const app = resource({ 'service.name': 'shop', 'host.name': 'a' })
  const of = point('cpu.time', { core: '0', region: 'eu' }, { kind: 'counter', unit: 's', resource: app, scope: scope('lib', '1') }, 1)
  assert.deepEqual(
    labelsOf([of], { prefix: 'my', resourceAttributes: ['host.name'], externalLabels: { region: 'us', cluster: 'c', none: '' } }),
    [
      {
        __name__: 'my_cpu_time_seconds_total',
        cluster: 'c',
        core: '0',
        host_name: 'a',
        job: 'shop',
        otel_scope_name: 'lib',
        otel_scope_version: '1',
        region: 'eu',
      },
      { __name__: 'target_info', cluster: 'c', host_name: 'a', job: 'shop', region: 'us' },
    ],
  )
})

test('a resource is told of once a request, at its newest point, and never at an older time than before', () => {
  const app = resource({ 'service.name': 'shop', version: '1' })
  const encoder = new RemoteWriteEncoder()
  const told = (...times: number[]) => {
    const batch = metrics(times.map((timeMs, index) => point(`a${index}`, {}, { resource: app }, 1, { timeMs })))
    const { series } = readRequest(encoder.encode(batch), 1)
    return series.filter(({ labels }) => labels.__name__ === 'target_info').map(({ samples }) => samples)
  }
  assert.deepEqual(told(20, 30, 10), [[{ value: 1, timestamp: 30 }]])
  assert.deepEqual(told(20), [])
  assert.deepEqual(told(30), [[{ value: 1, timestamp: 30 }]])
  assert.deepEqual(labelsOf([point('a', {}, { resource: app }, 1)], { targetInfo: false }), [{ __name__: 'a', job: 'shop' }])
})

test('what is in a request is counted', () => {
  const encoder = new RemoteWriteEncoder({ version: 2 })
  const { rejected, ...counts } = encoder.encodeInto(new ByteWriter(), everything)
  assert.deepEqual([counts, rejected], [{ samples: 15, histograms: 1, exemplars: 2 }, []])
  assert.deepEqual(encoder.encodeInto(new ByteWriter(), metrics([])), { samples: 0, histograms: 0, exemplars: 0, rejected: [] })
})

test('what cannot be sent is left out and named', () => {
  const counts = { count: 0, bounds: [], counts: [0] }
  const points = [
    gauge('日本', 1),
    gauge('fine', 1),
    gauge('never', 1, { timeMs: Number.NaN }),
    gauge('far', 1, { timeMs: 1e300 }),
    point('since', {}, { kind: 'counter', temporality: 'delta' }, 1),
    point('kind', {}, {}, counts),
    point('scale', {}, { kind: 'histogram' }, { ...counts, scale: -5, zeroCount: 0, positive: none, negative: none } as never),
  ]
  const writer = new ByteWriter()
  const { rejected, samples } = new RemoteWriteEncoder({ version: 2 }).encodeInto(writer, metrics(points))
  assert.deepEqual(
    rejected.map((r) => ['index' in r && r.index, r.error.message]),
    [
      [0, 'nothing of the name can be said in Prometheus: it has no letter from a to z and no digit'],
      [2, 'NaN is not a time'],
      [3, '1e+300 is not a time'],
      [4, 'remote write has totals since a start, not what came since the last point: send it with cumulative temporality'],
      [5, 'the value of a gauge is a number, not a histogram'],
      [6, 'a native histogram has a scale of at least -4, not -5'],
    ],
  )
  assert.equal(samples, 1)
  assert.deepEqual(
    readRequest(writer.take(), 2).series.map(({ labels }) => labels),
    [{ __name__: 'fine' }],
  )
})

const none = { offset: 0, counts: [] }

test('each request of version 2 has the table of its own texts, however often series come again', () => {
  const encoder = new RemoteWriteEncoder({ version: 2 })
  const batches = [['a', 'b', 'c'], ['c', 'a'], ['c', 'a'], ['b'], ['a', 'b', 'c']]
  for (const names of batches) {
    const batch = metrics(names.map((name) => point(name, { host: `h-${name}`, zone: 'z' }, { help: `of ${name}` }, 1)))
    const { series } = readRequest(encoder.encode(batch), 2)
    assert.deepEqual(
      series.map(({ labels, metadata }) => [labels, metadata?.help]),
      names.map((name) => [{ __name__: name, host: `h-${name}`, zone: 'z' }, `of ${name}`]),
    )
  }
})

test('exemplars have their texts in the table too, which are not there in the next request', () => {
  const encoder = new RemoteWriteEncoder({ version: 2 })
  for (const traceId of ['t1', 't2', undefined, 't1', undefined]) {
    const exemplars = traceId === undefined ? [] : [{ value: 1, timeMs: 1, traceId }]
    const jobs = ['a', 'b'].map((name) => point(`${name}_total`, { host: `h-${name}` }, { kind: 'counter' }, 1, { exemplars }))
    const { series } = readRequest(encoder.encode(metrics([...jobs, gauge('c', 1)])), 2)
    assert.deepEqual(
      series.map(({ labels, exemplars = [] }) => [labels.__name__, labels.host, exemplars[0]?.labels.trace_id]),
      [
        ['a_total', 'h-a', traceId],
        ['b_total', 'h-b', traceId],
        ['c', undefined, undefined],
      ],
    )
  }
})

test('a fraction of a millisecond is cut off', () => {
  const { series } = readRequest(new RemoteWriteEncoder().encode(metrics([gauge('a', 1, { timeMs: atMs + 0.75 })])), 1)
  assert.deepEqual(series[0]?.samples, [{ value: 1, timestamp: atMs }])
})
