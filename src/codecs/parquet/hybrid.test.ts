import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from '../../core/index.ts'
import { widthOf, writeHybrid } from './hybrid.ts'
import { Lists } from './lists.ts'
import { writeNumberedRows } from './numbered-rows.ts'

const writer = new ByteWriter()

/** By https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE, bit by bit. */
function read(bytes: Uint8Array, count: number, width: number): number[] {
  const numbers: number[] = []
  let at = 0
  while (numbers.length < count) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      header |= (bytes[at]! & 0x7f) << shift
      if (bytes[at++]! < 0x80) break
    }
    const isPacked = header % 2 === 1
    const length = isPacked ? (header >> 1) * width : Math.ceil(width / 8)
    assert.ok(length > 0 && at + length <= bytes.length, 'it ends too soon')
    const bits = [...bytes.subarray(at, at + length)].flatMap((byte) => Array.from({ length: 8 }, (_, bit) => (byte >> bit) & 1))
    at += length
    const number = (start: number) => bits.slice(start, start + width).reduce((sum, bit, index) => sum + bit * 2 ** index, 0)
    if (isPacked) for (let start = 0; start < bits.length; start += width) numbers.push(number(start))
    else numbers.push(...Array<number>(header >> 1).fill(number(0)))
  }
  assert.equal(at, bytes.length)
  assert.ok(numbers.slice(count).every((number) => number === 0))
  return numbers.slice(0, count)
}

const widths = fc.integer({ min: 1, max: 24 })
const runs = (width: number) => fc.array(fc.tuple(fc.nat(2 ** width - 1), fc.integer({ min: 1, max: 20 })), { maxLength: 20 })

test('runs and packed bits are read back', () => {
  fc.assert(
    fc.property(
      widths.chain((width) => fc.tuple(fc.constant(width), runs(width))),
      ([width, parts]) => {
        const numbers = parts.flatMap(([number, times]) => Array<number>(times).fill(number))
        writer.clear()
        writeHybrid(writer, numbers, numbers.length, width)
        assert.deepEqual(read(writer.view(), numbers.length, width), numbers)
      },
    ),
  )
})

test('eight that are the same are a run, fewer are packed', () => {
  writer.clear()
  writeHybrid(writer, [...Array<number>(1000).fill(3), 1, 0, 1, 0, 1, 0, 1, 0, 2], 1009, 2)
  assert.deepEqual([...writer.view()], [0xd0, 0x0f, 3, 5, 0b00010001, 0b00010001, 2, 0])
})

function asLists(given: readonly (readonly number[])[]): Lists {
  const lists = new Lists()
  for (const list of given) {
    for (const number of list) lists.add(number)
    lists.endList()
  }
  return lists
}

test('the numbers of rows are read back, whatever list each row has', () => {
  const lists = (width: number) => fc.array(fc.array(fc.nat(2 ** width - 1), { maxLength: 9 }), { minLength: 1, maxLength: 5 })
  const given = fc
    .integer({ min: 1, max: 31 })
    .chain((width) => fc.tuple(fc.constant(width), lists(Math.min(width, 30)), fc.array(fc.nat(), { minLength: 1 })))
  fc.assert(
    fc.property(given, ([width, lists, places]) => {
      const rows = Int32Array.from(places, (place) => place % lists.length)
      const expected = [...rows].flatMap((row) => lists[row]!)
      writer.clear()
      writeNumberedRows(writer, { rows, count: rows.length, lists: asLists(lists), total: expected.length, width })
      if (expected.length > 0) assert.deepEqual(read(writer.view(), expected.length, width), expected)
    }),
  )
})

test('a number takes as many bits as the largest one, and at least one', () => {
  assert.deepEqual([0, 1, 2, 3, 4, 255, 256].map(widthOf), [1, 1, 2, 2, 3, 8, 9])
})
