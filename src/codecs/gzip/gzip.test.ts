import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { GzipDecoder, GzipEncoder } from './gzip.ts'

const plain = (extension: string) => ({ contentType: 'text/plain', extension, encode: (text: string) => Buffer.from(text) })
const decoder = new GzipDecoder({ decode: (bytes) => Buffer.from(bytes).toString() })

test('000-08 the extension is that of what is compressed and one more, without a dot too many', () => {
  assert.equal(new GzipEncoder(plain('json')).extension, 'json.gz')
  assert.equal(new GzipEncoder(plain('')).extension, 'gz')
})

test('what was encoded is decoded to the same, compressed or not, and the same data gives the same bytes', () => {
  const encoder = new GzipEncoder(plain('txt'))
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = encoder.encode(text)
      assert.equal(gunzipSync(bytes).toString(), text)
      assert.equal(decoder.decode(bytes), text)
      assert.equal(decoder.decode(Buffer.from(text)), text)
      assert.deepEqual(encoder.encode(text), bytes)
    }),
  )
})

test('higher levels make less of it; there are no others', () => {
  const text = Array.from({ length: 20_000 }, (_, n) => `${((n * 2_654_435_761) % 2 ** 32).toString(36)}abc`).join()
  const size = (level: number) => new GzipEncoder(plain('txt'), { level }).encode(text).length
  assert.ok(size(3) < size(1))
  for (const level of [-2, 10, 1.5, Number.NaN])
    assert.throws(() => new GzipEncoder(plain('txt'), { level }), { code: 'INVALID_OPTION' }, String(level))
})

test('what breaks off is an error', () => {
  const bytes = new GzipEncoder(plain('txt')).encode('some text')
  assert.throws(() => decoder.decode(bytes.subarray(0, -3)))
})
