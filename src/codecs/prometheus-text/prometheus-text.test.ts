import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter, type Describe, metrics, type Point, type PointValue, resource, scope, series } from '../../core/index.ts'
import { parse, type ReadSample } from './parse.fixture.ts'
import { type PrometheusFormat, PrometheusTextEncoder, type PrometheusTextOptions } from './prometheus-text.ts'

const point = (name: string, labels: Record<string, string>, describe: Describe, value: PointValue, more: Partial<Point> = {}): Point => ({
  series: series(name, labels, describe),
  timeMs: 1000,
  value,
  ...more,
})
const gauge = (name: string, value: number, labels: Record<string, string> = {}, timeMs = 1000) =>
  point(name, labels, {}, value, { timeMs })

const write = (points: readonly Point[], options: PrometheusTextOptions = {}) =>
  Buffer.from(new PrometheusTextEncoder(options).encode(metrics(points))).toString()
const samples = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
const rejections = (points: readonly Point[]) => new PrometheusTextEncoder().encodeInto(new ByteWriter(), metrics(points))

const shop = resource({ 'service.name': 'shop', 'service.instance.id': 'i-1', 'host.name': 'höst' })
const exemplars = [
  { value: 0.3, timeMs: 1_795_229_285_974, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
  { value: 0.2, labels: { which: 'smaller' } },
  { value: 7, labels: { which: 'last "bucket"' } },
]
const everything: readonly Point[] = [
  point('system.cpu.utilization', { core: '1' }, { unit: '1', help: 'Used "part" of a core \\ \nby state.' }, 0.4273),
  point('system.cpu.time', { core: '0' }, { kind: 'counter', unit: 's', resource: shop, scope: scope('lib', '1') }, 12.5, {
    startTimeMs: 500,
    exemplars,
  }),
  point('system.cpu.utilization', { core: '0' }, { unit: '1' }, Number.NaN),
  point(
    'http.duration',
    { path: '/"é"' },
    { kind: 'histogram', unit: 's' },
    { count: 6, sum: 9.5, bounds: [0.25, 1], counts: [1, 3, 2] },
    { startTimeMs: 1, exemplars },
  ),
  point('below.zero', {}, { kind: 'histogram' }, { count: 1, sum: -5, bounds: [-1, 1], counts: [1, 0, 0] }),
  point('not.kept', {}, { kind: 'histogram' }, { count: 7, bounds: [], counts: [] }),
  point(
    'sizes',
    {},
    { kind: 'histogram', unit: 'By' },
    { count: 3, sum: 5, scale: 0, zeroCount: 1, positive: { offset: 1, counts: [2] }, negative: { offset: 0, counts: [] } },
  ),
  point(
    'gc',
    { g: '1' },
    { kind: 'summary' },
    {
      count: 9,
      sum: 1.5,
      quantiles: [
        { quantile: 0.5, value: 0.1 },
        { quantile: 1, value: Number.POSITIVE_INFINITY },
      ],
    },
  ),
  point('up.or.down', {}, { kind: 'counter', monotonic: false, unit: '{thing}' }, Number.NEGATIVE_INFINITY),
  point('ended', {}, {}, Number.NaN, { stale: true }),
]

for (const [format, file] of [
  ['text', 'exposition.txt'],
  ['openmetrics', 'exposition.openmetrics.txt'],
] as const)
  test(`${format}: as in golden/${file}`, () => {
    assert.equal(write(everything, { format, created: true }), readFileSync(join(import.meta.dirname, 'golden', file), 'utf8'))
  })

test('content types are exact', () => {
  assert.equal(new PrometheusTextEncoder().contentType, 'text/plain; version=0.0.4; charset=utf-8')
  const { contentType } = new PrometheusTextEncoder({ format: 'openmetrics' })
  assert.equal(contentType, 'application/openmetrics-text; version=1.0.0; charset=utf-8')
})

test('nothing is an empty text, or only its end', () => {
  assert.equal(write([]), '')
  assert.equal(write([], { format: 'openmetrics' }), '# EOF\n')
})

test('names that become one are one family, its samples together', () => {
  const points = [gauge('CPU Total %', 1, { a: '1' }), gauge('other', 2), gauge('CPU.Total', 3, { a: '2' })]
  assert.deepEqual(write(points).split('\n').slice(0, 4), [
    '# HELP CPU_Total CPU Total %',
    '# TYPE CPU_Total gauge',
    'CPU_Total{a="1"} 1',
    'CPU_Total{a="2"} 3',
  ])
})

test('series that become one are one sample, of the newest point', () => {
  assert.deepEqual(samples(write([gauge('a.b', 1, { x: '' }, 5), gauge('a_b', 2, {}, 4), gauge('a-b', 3, {}, 3)])), ['a_b 1'])
  assert.deepEqual(samples(write([gauge('a.b', 1), gauge('a-b', 2)])), ['a_b 2'])
})

test('one encoder serves one batch after another, and tells them apart', () => {
  const encoder = new PrometheusTextEncoder()
  const text = (...points: Point[]) => samples(Buffer.from(encoder.encode(metrics(points))).toString())
  assert.deepEqual(text(gauge('a', 1), gauge('b', 2)), ['a 1', 'b 2'])
  assert.deepEqual(text(gauge('b', 3)), ['b 3'])
  assert.deepEqual(text(point('b', {}, { kind: 'counter' }, 4)), ['b_total 4'])
})

test('what cannot be exposed is told by index, and the rest is written', () => {
  const points = [
    gauge('a', 1),
    point('a', {}, { kind: 'histogram' }, { count: 0, bounds: [], counts: [0] }),
    gauge('日本', 1),
    point('c', {}, { kind: 'counter' }, { count: 0, bounds: [], counts: [0] }),
    gauge('d', 2),
  ]
  const told = rejections(points).map((rejection) => ['index' in rejection && rejection.index, rejection.error.message])
  assert.deepEqual(told, [
    [1, 'the histogram a cannot be exposed beside the gauge a: both have a'],
    [2, 'nothing of the name can be said in Prometheus: it has no letter from a to z and no digit'],
    [3, 'the value of a counter is a number, not a histogram'],
  ])
  assert.deepEqual(samples(write(points)), ['a 1', 'd 2'])
})

test('exemplars keep within 128 characters, the trace before the rest', () => {
  const exemplar = { value: 1, traceId: 't'.repeat(32), spanId: 's'.repeat(16), labels: { long: 'x'.repeat(62), short: '😀'.repeat(60) } }
  const [line] = samples(write([point('n', {}, { kind: 'counter' }, 1, { exemplars: [exemplar] })], { format: 'openmetrics' }))
  // Of names and values 8 + 32 + 7 + 16 + 5 + 60 = 128; with `long` it would be 129.
  assert.equal(line, `n_total 1 # {short="${'😀'.repeat(60)}",span_id="${'s'.repeat(16)}",trace_id="${'t'.repeat(32)}"} 1`)
})

test('an exemplar at a bound is in the bucket that the bound ends, and no other', () => {
  const histogram = { count: 2, bounds: [1, 2], counts: [1, 1, 0] }
  const points = [point('h', {}, { kind: 'histogram' }, histogram, { exemplars: [{ value: 1 }, { value: 0.5 }] })]
  assert.deepEqual(samples(write(points, { format: 'openmetrics' })).slice(0, 2), ['h_bucket{le="1.0"} 1 # {} 1', 'h_bucket{le="2.0"} 2'])
})

test('a target_info from elsewhere stands beside that of the resources', () => {
  const points = [point('target_info', { job: 'other' }, {}, 1), point('a', {}, { resource: shop }, 2)]
  const expected = [
    'a{instance="i-1",job="shop"} 2',
    'target_info{job="other"} 1',
    'target_info{host_name="höst",instance="i-1",job="shop"} 1',
  ]
  assert.deepEqual(samples(write(points, { format: 'openmetrics' })), expected)
})

test('prefix and attributes of the resource are added where asked for', () => {
  const points = [point('cpu.load', {}, { resource: resource({ 'host.name': 'a' }) }, 1)]
  assert.deepEqual(samples(write(points, { prefix: 'waybill', resourceAttributes: ['host.name'] })), ['waybill_cpu_load{host_name="a"} 1'])
  for (const prefix of ['my-prefix', '1st', 'é']) assert.throws(() => new PrometheusTextEncoder({ prefix }), { code: 'INVALID_OPTION' })
})

test('whatever the names, labels, help and values, both formats read back as they should', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', '_', '.', '1', ' ', '\\', '"', '\n', '\r', 'é', '日', '\ud800', ',', '{', '=', '#'),
  })
  const label = fc.stringMatching(/^[a-z]{1,3}$/)
  const one = fc.record({
    name: fc.string({ unit: fc.constantFrom('a', 'b', '.', '_', '1', 'é'), minLength: 1, maxLength: 5 }),
    labels: fc.dictionary(label, text, { maxKeys: 3 }),
    kind: fc.constantFrom('gauge' as const, 'counter' as const),
    help: text,
    value: fc.double(),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), fc.constantFrom<PrometheusFormat>('text', 'openmetrics'), (all, format) => {
      const points = all.map(({ name, labels, kind, help, value }) => point(name, labels, { kind, help }, value))
      const families = parse(write(points, { format }), format)
      const found = [...families.values()].flatMap(({ samples }) => samples)
      const refused = new Set(rejections(points).map((rejection) => 'index' in rejection && rejection.index))
      const taken = points.filter((_, index) => !refused.has(index))
      assert.equal(new Set(found.map(identity)).size, found.length, 'no sample comes twice')
      assert.ok(found.length <= taken.length)
      for (const family of families.values()) assert.ok(family.type && family.help !== undefined)
      for (const { series, value } of taken) {
        const wanted = [...series.labels].filter(([, text]) => text !== '').map(([name, text]) => [name, text.toWellFormed()])
        const same = found.filter(({ labels }) => JSON.stringify([...labels]) === JSON.stringify(wanted))
        assert.ok(same.length > 0, 'its labels are there')
        if (taken.length === 1) assert.ok(Object.is(same[0]!.value + 0, (value as number) + 0))
      }
    }),
  )
})

const identity = ({ name, labels }: ReadSample): string => name + JSON.stringify([...labels])
