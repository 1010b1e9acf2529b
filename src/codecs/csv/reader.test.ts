import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { csvLine } from './cell.ts'
import { CsvReader } from './reader.ts'

function read(...chunks: string[]) {
  const reader = new CsvReader()
  const records = chunks.flatMap((chunk) => reader.push(chunk))
  const { isComplete } = reader
  const last = reader.end()
  return { records: last ? [...records, last] : records, isComplete }
}

test('whatever was written is read, however the text is cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('"', ',', '\r', '\n', 'a', '=') })
  const records = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(records, fc.array(fc.nat(80), { maxLength: 5 }), (written, cuts) => {
      const text = written.map((record) => csvLine(record)).join('')
      const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length]
      const chunks = places.slice(1).map((place, index) => text.slice(places[index], place))
      assert.deepEqual(read(...chunks), { records: written, isComplete: true })
    }),
  )
})

test('lines may end as others write them, and empty ones are passed over', () => {
  assert.deepEqual(read('a,b\n1,\n\n\r\n,2\r3,4'), {
    records: [
      ['a', 'b'],
      ['1', ''],
      ['', '2'],
      ['3', '4'],
    ],
    isComplete: false,
  })
  assert.deepEqual(read('""\r\n'), { records: [['']], isComplete: true })
  assert.deepEqual(read('a\r', '\nb\r'), { records: [['a'], ['b']], isComplete: true })
})

test('a record that was cut off is told', () => {
  assert.deepEqual(read('a,b\r\n1,"2'), {
    records: [
      ['a', 'b'],
      ['1', '2'],
    ],
    isComplete: false,
  })
  assert.deepEqual(read('a,'), { records: [['a', '']], isComplete: false })
  assert.deepEqual(read('"a"b,c\n'), { records: [['ab', 'c']], isComplete: true })
})
