import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { metrics, series } from '../../core/index.ts'
import { type Backslashes, escapes } from './escape.ts'
import { LineProtocolEncoder } from './line-protocol.ts'
import { parseLine, type Reading } from './parse.fixture.ts'

/** Any character; fast-check's own `binary` unit costs most of a second. */
const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())
const awkward = fc.oneof(
  fc.string({ unit: character }),
  fc.string({ unit: fc.constantFrom('\\', ',', '=', ' ', '\n', '\r', '\t', '"', 'n', '#') }),
)
const names = fc.record({ measurement: awkward, name: awkward, key: awkward, value: awkward })

interface Names {
  readonly measurement: string
  readonly name: string
  readonly key: string
  readonly value: string
}

/** One point, its names as a server reads them. */
function readBack({ measurement, name, key, value }: Names, backslashes: Backslashes, reading: Reading) {
  const encoder = new LineProtocolEncoder({ measurement: `m${measurement}`, backslashes })
  const point = { series: series(`f${name}`, { [`k${key}`]: `v${value}`, z: '1' }), timeMs: 1, value: 7 }
  const line = Buffer.from(encoder.encode(metrics([point]))).toString()
  assert.equal(line.indexOf('\n'), line.length - 1)
  return parseLine(line.slice(0, -1), reading)
}

const onOneLine = (text: string) => text.replace(/[\n\r\t]/g, (c) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c]!)
const withoutLast = (text: string) => text.replace(/\\+$/, '')

test('I4 I5: a comma, an equals sign, a space and a line end in a name are written so that they are read', () => {
  for (const { measurement, tag, field } of Object.values(escapes)) {
    assert.equal(measurement('a,b c=d\ne'), 'a\\,b\\ c=d\\ne')
    assert.equal(tag('a,b c=d\ne'), 'a\\,b\\ c\\=d\\ne')
    assert.equal(field('k=v'), 'k\\=v')
  }
  assert.equal(escapes.literal.tag('C:\\Program Files\\'), 'C:\\Program\\ Files')
  assert.equal(escapes.escaped.tag('C:\\Program Files\\'), 'C:\\\\Program\\ Files\\\\')
})

test('escaped: every text reads back, but for line ends and tabs', () => {
  fc.assert(
    fc.property(names, (given) => {
      const { measurement, tags, fields } = readBack(given, 'escaped', 'escaped')
      assert.equal(measurement, onOneLine(`m${given.measurement}`))
      assert.deepEqual(tags[0], [onOneLine(`k${given.key}`), onOneLine(`v${given.value}`)])
      assert.deepEqual(fields, [[onOneLine(`f${given.name}`), 7]])
    }),
  )
})

test('literal: tags read back, but for backslashes at their ends; measurements and fields, but for some before an escaped character', () => {
  fc.assert(
    fc.property(names, (given) => {
      const { measurement, tags, fields } = readBack(given, 'literal', 'literal')
      assert.equal(measurement, onOneLine(withoutLast(`m${given.measurement}`).replace(/\\+(?=[,= "])/g, '')))
      assert.deepEqual(tags[0], [onOneLine(withoutLast(`k${given.key}`)), onOneLine(withoutLast(`v${given.value}`))])
      const [[field] = []] = fields
      const even = withoutLast(`f${given.name}`).replace(/(\\+)(?=[,= ])/g, (run) => (run.length % 2 ? `${run}\\` : run))
      assert.equal(field, onOneLine(even))
    }),
  )
})

test('guarded: whoever reads it finds the same parts', () => {
  fc.assert(
    fc.property(names, fc.constantFrom('escaped', 'literal'), (given, reading) => {
      const { tags, fields, time } = readBack(given, 'guarded', reading)
      assert.deepEqual([tags.length, tags[1], fields.length, fields[0]?.[1], time], [2, ['z', '1'], 1, 7, 1_000_000n])
    }),
  )
})

test('guarded: a text without two backslashes in a row reads back, but for those at its end', () => {
  const single = awkward.filter((text) => !withoutLast(onOneLine(text)).includes('\\\\'))
  fc.assert(
    fc.property(single, single, (key, value) => {
      const { tags } = readBack({ measurement: '', name: '', key, value }, 'guarded', 'escaped')
      assert.deepEqual(tags[0], [onOneLine(withoutLast(`k${key}`)), onOneLine(withoutLast(`v${value}`))])
    }),
  )
})
