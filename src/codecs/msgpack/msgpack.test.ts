import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MsgpackDecoder, MsgpackEncoder } from './msgpack.ts'

const encoder = new MsgpackEncoder<unknown>()
const decoder = new MsgpackDecoder<unknown>()

test('000-10 binary files are MessagePack', () => {
  assert.deepEqual([encoder.extension, encoder.contentType], ['msgpack', 'application/vnd.msgpack'])
  const hex = (data: unknown) => Buffer.from(encoder.encode(data)).toString('hex')
  assert.equal(hex({ compact: true, schema: 0 }), '82a7636f6d70616374c3a6736368656d6100')
  assert.equal(hex([1n, -1, 1.5, null, Uint8Array.of(7)]), '95cf0000000000000001ffcb3ff8000000000000c0c40107')
})

test('000-10 what was encoded is decoded to the same, also what JSON has no form for', () => {
  const value = {
    at: new Date(1.5e12),
    ns: 1_747_692_420_000_000_000n,
    bytes: Uint8Array.of(1, 2),
    big: 2 ** 40,
    nan: Number.NaN,
    absent: undefined,
  }
  const { absent: _, ...rest } = value
  assert.deepEqual(decoder.decode(encoder.encode(value)), rest)
  const leaf = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.double().map((value) => value + 0),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  )
  const key = fc.string().filter((name) => name !== '__proto__')
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(key, tie('tree'), { noNullPrototype: true })),
  }))
  fc.assert(fc.property(tree, (data) => assert.deepEqual(decoder.decode(encoder.encode(data)), data)))
})

test('what has no place in it is refused, and so is what is not one whole value', () => {
  const cycle: unknown[] = []
  cycle.push(cycle)
  for (const data of [() => 1, Symbol('s'), cycle, 2n ** 64n, [-(2n ** 63n) - 1n]]) assert.throws(() => encoder.encode(data))
  const bytes = encoder.encode({ a: 'text' })
  assert.throws(() => decoder.decode(bytes.subarray(0, -1)))
  assert.throws(() => decoder.decode(Buffer.concat([bytes, bytes])))
  assert.throws(() => decoder.decode(Uint8Array.of(0xc1)))
})
