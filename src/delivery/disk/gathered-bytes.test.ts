import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { GatheredBytes } from './gathered-bytes.ts'

test('whatever is put together comes out in order, and again after clearing', () => {
  const gathered = new GatheredBytes()
  const lengths = fc.array(fc.oneof(fc.nat(40), fc.constantFrom(0, 16_383, 16_384, 70_000)), { maxLength: 12 })
  fc.assert(
    fc.property(lengths, (lengths) => {
      const given = lengths.map((length, index) => Buffer.alloc(length, index + 1))
      gathered.clear()
      for (const bytes of given) gathered.bytes(bytes)
      const whole = Buffer.concat(given)
      assert.equal(gathered.length, whole.length)
      assert.deepEqual(Buffer.concat(gathered.pieces()), whole)
    }),
    { numRuns: 200 },
  )
})

test('what is small may be changed at once, and what is large is not copied', () => {
  const gathered = new GatheredBytes()
  const small = Buffer.from('small')
  const large = Buffer.alloc(100_000)
  gathered.bytes(small)
  small.fill(0)
  gathered.bytes(large)
  const [first, second, ...rest] = gathered.pieces()
  assert.equal(String(first), 'small')
  assert.equal(second, large)
  assert.deepEqual(rest, [])
})
