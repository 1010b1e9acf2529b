import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter, metrics, type Point, type PointValue, series } from '../../core/index.ts'
import { LineProtocolEncoder } from './line-protocol.ts'

const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const textOf = (points: readonly Point[], encoder = new LineProtocolEncoder()) => Buffer.from(encoder.encode(metrics(points))).toString()
const lineOf = (value: PointValue, encoder?: LineProtocolEncoder) =>
  textOf([{ series: series('load', { core: '0' }), timeMs, value }], encoder)

/** Any character; fast-check's own `binary` unit costs most of a second. */
const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())

/** A line as a server reads it that takes a backslash before `,`, `=`, space or backslash for an escape. */
function parse(line: string) {
  const rest = { text: line }
  const upTo = (ends: string): readonly [string, string] => {
    let read = ''
    for (let at = 0; at < rest.text.length; at++) {
      const character = rest.text[at]!
      if (character === '\\' && ',= \\'.includes(rest.text[at + 1] ?? '-')) read += rest.text[++at]
      else if (ends.includes(character)) {
        rest.text = rest.text.slice(at + 1)
        return [read, character]
      } else read += character
    }
    return assert.fail(`${JSON.stringify(line)} ends where one of ${JSON.stringify(ends)} was expected`)
  }
  const pairs = () => {
    const found: [string, string][] = []
    for (let end = ','; end === ','; ) {
      const [key] = upTo('=')
      const [value, next] = upTo(', ')
      found.push([key, value])
      end = next
    }
    return found
  }
  const [measurement, end] = upTo(', ')
  return { measurement, tags: end === ',' ? pairs() : [], fields: pairs(), time: rest.text }
}

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
    rejected.map((rejection) => 'index' in rejection && rejection.index),
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
      assert.equal(parse(textOf([point]).trimEnd()).time, String(micros * 1000n))
    }),
  )
})

const awkward = fc.oneof(
  fc.string({ unit: character }),
  fc.string({ unit: fc.constantFrom('\\', ',', '=', ' ', '\n', '\r', '\t', '"', 'n', '#') }),
)
const written = (text: string) => text.replace(/\\+$/, '').replace(/[\n\r\t]/g, (c) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]!)

test('any name, label and value reads back', () => {
  const text = awkward.filter((text) => !written(text).includes('\\\\'))
  fc.assert(
    fc.property(
      text.filter((name) => !name.includes('\\=')),
      fc.dictionary(text, text),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      (suffix, labels, value) => {
        const name = `m${suffix}`
        const line = textOf([{ series: series(name, labels), timeMs, value }]).slice(0, -1)
        const tags = Object.entries(labels)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, tag]) => [written(key), written(tag)])
        const expected = {
          measurement: written(name),
          tags: tags.filter(([key, tag]) => key && tag),
          fields: [['value', String(value)]],
          time: '1795222923456000000',
        }
        assert.deepEqual(parse(line), expected)
      },
    ),
  )
})

test('no text breaks the line, however many backslashes it has', () => {
  fc.assert(
    fc.property(awkward, awkward, awkward, (suffix, key, value) => {
      const { fields, tags, time } = parse(
        textOf([{ series: series(`m${suffix}`, { [`k${key}`]: `v${value}`, z: '1' }), timeMs, value: 7 }]).slice(0, -1),
      )
      assert.deepEqual([fields, time, tags.length, tags[1]], [[['value', '7']], '1795222923456000000', 2, ['z', '1']])
    }),
  )
})
