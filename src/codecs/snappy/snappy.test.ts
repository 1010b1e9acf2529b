import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { SnappyCompressor, uncompress } from './snappy.ts'

const compressor = new SnappyCompressor()
const most = 1 << 24
const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))))
const text = (input: Uint8Array) => Buffer.from(uncompress(input, most)).toString()

test('each element of the format is read', () => {
  assert.equal(text(bytes(0)), '')
  assert.equal(text(bytes(3, 2 << 2, 'abc')), 'abc')
  assert.equal(text(bytes(100, 60 << 2, 99, 'x'.repeat(100))), 'x'.repeat(100))
  assert.equal(text(bytes(0xac, 0x02, 61 << 2, 0x2b, 0x01, 'y'.repeat(300))), 'y'.repeat(300))
  assert.equal(text(bytes(3, 63 << 2, 2, 0, 0, 0, 'abc')), 'abc')
  assert.equal(text(bytes(9, 3 << 2, 'abcd', 1 | (1 << 2), 4)), 'abcdabcda')
  assert.equal(text(bytes(6, 1 << 2, 'ab', 2 | (3 << 2), 2, 0)), 'ababab')
  assert.equal(text(bytes(6, 1 << 2, 'ab', 3 | (3 << 2), 1, 0, 0, 0)), 'abbbbb')
})

test('what is repeated is written once, as literals and copies', () => {
  assert.deepEqual(compressor.compress(Buffer.from('abcdabcdabcdabcd')), new Uint8Array(bytes(16, 3 << 2, 'abcd', 2 | (11 << 2), 4, 0)))
  assert.deepEqual(compressor.compress(Buffer.from('abcdabcd')), new Uint8Array(bytes(8, 3 << 2, 'abcd', 1 | (0 << 2), 4)))
  assert.deepEqual(compressor.compress(Buffer.alloc(0)), new Uint8Array([0]))
  const labels = Buffer.from(Array.from({ length: 1000 }, (_, n) => `{"host":"ip-10-0-${n % 250}","service":"checkout"}`).join())
  assert.ok(compressor.compress(labels).length < labels.length / 5)
})

test('whatever was compressed comes back, across blocks too', () => {
  const random = fc.uint8Array({ maxLength: 300 })
  const repetitive = fc
    .array(fc.constantFrom('abc', 'abcd', 'wxyz-0123456789', 'a'), { maxLength: 400 })
    .map((parts) => Buffer.from(parts.join('')))
  fc.assert(
    fc.property(fc.oneof(random, repetitive), fc.integer({ min: 1, max: 40 }), (part, times) => {
      const input = Buffer.concat(Array<Uint8Array>(times).fill(part))
      const compressed = compressor.compress(input)
      assert.ok(Buffer.from(uncompress(compressed, input.length)).equals(input))
    }),
  )
  for (const size of [1, 59, 60, 61, 255, 256, 257, 65_535, 65_536, 65_537, 200_000])
    for (const input of [randomBytes(size), Buffer.alloc(size, 'x'), Buffer.alloc(size, 'a word, and then another; ')]) {
      const compressed = compressor.compress(input)
      assert.ok(Buffer.from(uncompress(compressed, size)).equals(input))
      assert.ok(compressed.length <= size + 16 + size / 1000)
    }
})

test('the same input is the same output, whatever was compressed before', () => {
  const noise = randomBytes(2000)
  // What does not match is looked at ever more seldom: how seldom depends on where something matched.
  const inputs = Array.from({ length: 50 }, (_, n) => {
    const input = Buffer.concat([noise, noise])
    return input.fill('x', n * 20, n * 20 + 10 + n)
  })
  for (const input of inputs) assert.deepEqual(compressor.compress(input), new SnappyCompressor().compress(input))
})

test('a view into a larger buffer is compressed alone', () => {
  const whole = Buffer.from('----abcdabcdabcdabcd----')
  assert.deepEqual(compressor.compress(whole.subarray(4, 20)), compressor.compress(Buffer.from('abcdabcdabcdabcd')))
})

test('what is not in the format is refused, with the byte', () => {
  for (const [input, message] of [
    [bytes(), /at byte 0: there is no size/],
    [bytes(0xff, 0xff, 0xff, 0xff, 0xff), /at byte 0: there is no size/],
    [bytes(0xff, 0xff, 0xff, 0xff, 0x1f), /at byte 0: there is no size/],
    [bytes(3, 2 << 2, 'ab'), /at byte 1: a literal goes beyond the end/],
    [bytes(2, 2 << 2, 'abc'), /at byte 1: a literal goes beyond the end/],
    [bytes(40, 60 << 2), /at byte 2: it ends within an element/],
    [bytes(4, 1 << 2, 'ab', 2 | (1 << 2), 3, 0), /at byte 4: a copy from before the beginning/],
    [bytes(4, 1 << 2, 'ab', 2 | (1 << 2), 0, 0), /at byte 4: a copy from before the beginning/],
    [bytes(3, 1 << 2, 'ab', 2 | (1 << 2), 1, 0), /at byte 4: a copy goes beyond the end/],
    [bytes(4, 1 << 2, 'ab', 2 | (1 << 2), 1), /at byte 5: it ends within an element/],
    [bytes(4, 1 << 2, 'ab'), /at byte 4: it ends after 2 of 4 bytes/],
    [bytes(0xff, 0xff, 0xff, 0x07, 0), /it cannot be 16777215 bytes: there are only 5/],
  ] as const)
    assert.throws(() => uncompress(input, most), message)
})

test('more than may come out is refused before anything is unpacked', () => {
  assert.throws(() => uncompress(compressor.compress(Buffer.alloc(1001)), 1000), {
    name: 'RangeError',
    message: /1001 bytes, and may be at most 1000/,
  })
})

test('no bytes at all make it do anything but answer or refuse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (input) => {
      try {
        uncompress(input, 10_000)
      } catch (error) {
        assert.match(String(error), /^(Error: (not in Snappy|it cannot be)|RangeError: it would be)/)
      }
    }),
  )
})
