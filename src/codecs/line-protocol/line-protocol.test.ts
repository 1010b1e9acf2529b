import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter, metrics, type Point, type PointValue, series } from '../../core/index.ts'
import { LineProtocolEncoder } from './line-protocol.ts'
import { parseLine } from './parse.fixture.ts'

const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const textOf = (points: readonly Point[], encoder = new LineProtocolEncoder()) => Buffer.from(encoder.encode(metrics(points))).toString()
const lineOf = (value: PointValue, encoder?: LineProtocolEncoder) =>
  textOf([{ series: series('load', { core: '0' }), timeMs, value }], encoder)

test('a point is one line with its tags sorted, its value a float, its time in nanoseconds', () => {
  const disk = series('disk used', { path: '/a b', 'x=y': 'a,b', a: '', unit: 'é' })
  assert.equal(
    textOf([
      { series: disk, timeMs, value: 0.4273 },
      { series: disk, timeMs: 0, value: -3 },
    ]),
    'disk\\ used,path=/a\\ b,unit=é,x\\=y=a\\,b value=0.4273 1795222923456000000\n' +
      'disk\\ used,path=/a\\ b,unit=é,x\\=y=a\\,b value=-3 0\n',
  )
})

test('with one measurement the name is the field', () => {
  const encoder = new LineProtocolEncoder({ measurement: 'host' })
  assert.equal(lineOf(1, encoder), 'host,core=0 load=1 1795222923456000000\n')
  assert.equal(lineOf({ count: 2, sum: 3, quantiles: [] }, encoder), 'host,core=0 load_count=2,load_sum=3 1795222923456000000\n')
})

test('with one measurement all fields of a tag set and time are on one line, in their order', () => {
  const encoder = new LineProtocolEncoder({ measurement: 'host' })
  const at = (name: string, value: PointValue, core = '0', time = timeMs): Point => ({
    series: series(name, { core }),
    timeMs: time,
    value,
  })
  const points = [
    at('load', 1),
    at('idle', 2),
    at('load', 3, '1'),
    at('load', Number.NaN, '2'),
    at('load', 4, '0', 0),
    at('gc', { count: 2, sum: 3, quantiles: [] }),
    at('load', 5),
    at('idle', 6, '1'),
  ]
  assert.equal(
    textOf(points, encoder),
    [
      'host,core=0 load=1,idle=2,gc_count=2,gc_sum=3 1795222923456000000',
      'host,core=1 load=3,idle=6 1795222923456000000',
      'host,core=0 load=4 0',
      'host,core=0 load=5 1795222923456000000',
      '',
    ].join('\n'),
  )
})

test('distributions are several fields, buckets with all below them', () => {
  const fieldsOf = (value: PointValue) => lineOf(value).split(' ')[1]
  const [positive, negative] = [
    { offset: -1, counts: [1, 0, 3] },
    { offset: 0, counts: [4, 5] },
  ]
  assert.equal(fieldsOf({ count: 3, sum: 4.5, min: 1, bounds: [0.5, 1], counts: [1, 0, 2] }), 'count=3,sum=4.5,min=1,0.5=1,1=1,+Inf=3')
  assert.equal(
    fieldsOf({
      count: 2,
      sum: Number.NaN,
      quantiles: [
        { quantile: 0.5, value: 1 },
        { quantile: 0.99, value: Number.NaN },
      ],
    }),
    'count=2,0.5=1',
  )
  assert.equal(fieldsOf({ count: 15, scale: 0, zeroCount: 2, positive, negative }), 'count=15,-2=5,-1=9,0=11,1=12,4=15,+Inf=15')
})

test('what it cannot say is told by index, and the rest is written', () => {
  const at = (value: PointValue, name = 'x', time = timeMs): Point => ({ series: series(name), timeMs: time, value })
  const empty = { count: Number.NaN, sum: Number.NaN, quantiles: [] }
  const points = [
    at(1),
    at(Number.NaN),
    at(Number.POSITIVE_INFINITY),
    at(2),
    at(empty),
    at(3, ''),
    at(3, '\\'),
    at(3, '#x'),
    at(3, 'x', 1e13),
    at(3, 'x', Number.NaN),
    at(4),
  ]
  const writer = new ByteWriter()
  const rejected = new LineProtocolEncoder().encodeInto(writer, metrics(points))
  assert.equal(Buffer.from(writer.view()).toString(), [1, 2, 4].map((value) => `x value=${value} 1795222923456000000\n`).join(''))
  assert.deepEqual(
    rejected.map(({ index }) => index),
    [1, 2, 4, 5, 6, 7, 8, 9],
  )
  assert.match(rejected[0]!.error.message, /NaN/)
  assert.match(rejected[3]!.error.message, /name/)
  assert.match(rejected[6]!.error.message, /1970/)
})

test('every microsecond is exact', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -8_796_093_022_207_999n, max: 8_796_093_022_207_999n }), (micros) => {
      const point = { series: series('x'), timeMs: Number(micros) / 1000, value: 1 }
      assert.equal(parseLine(textOf([point]).trimEnd(), 'escaped').time, micros * 1000n)
    }),
  )
})
