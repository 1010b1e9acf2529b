import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { ZstdDecoder, ZstdEncoder } from './zstd.ts'

const plain = (extension: string) => ({ contentType: 'text/plain', extension, encode: (text: string) => Buffer.from(text) })
const decoder = new ZstdDecoder({ decode: (bytes) => Buffer.from(bytes).toString() })

test('000-08 the extension is that of what is compressed and one more, without a dot too many', () => {
  assert.equal(new ZstdEncoder(plain('json')).extension, 'json.zst')
  assert.equal(new ZstdEncoder(plain('')).extension, 'zst')
})

test('what was encoded is decoded to the same, compressed or not, and the same data gives the same bytes', () => {
  const encoder = new ZstdEncoder(plain('txt'))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = encoder.encode(text)
      assert.equal(zstdDecompressSync(bytes).toString(), text)
      assert.equal(decoder.decode(bytes), text)
      assert.equal(decoder.decode(Buffer.from(text)), text)
      assert.deepEqual(encoder.encode(text), bytes)
    }),
  )
})

test('higher levels make less of it; there are no others', () => {
  const text = Array.from({ length: 20_000 }, (_, n) => `${((n * 2_654_435_761) % 2 ** 32).toString(36)}abc`).join()
  const size = (level: number) => new ZstdEncoder(plain('txt'), { level }).encode(text).length
  assert.ok(size(3) < size(1))
  for (const level of [0, 23, 1.5, Number.NaN])
    assert.throws(() => new ZstdEncoder(plain('txt'), { level }), { code: 'INVALID_OPTION' }, String(level))
})

test('what breaks off is an error', () => {
  const bytes = new ZstdEncoder(plain('txt')).encode('some text')
  assert.throws(() => decoder.decode(bytes.subarray(0, -3)))
})
