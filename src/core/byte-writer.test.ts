import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteWriter } from './byte-writer.ts'

/** Any character; fast-check's own `binary` unit costs most of a second. */
const character = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code).toWellFormed())

function written(write: (writer: ByteWriter) => void): string {
  const writer = new ByteWriter(1)
  write(writer)
  return Buffer.from(writer.view()).toString()
}

test('numbers are written as String writes them', () => {
  const decimals = fc.tuple(fc.integer({ min: -1e15, max: 1e15 }), fc.nat(9)).map(([digits, places]) => digits / 10 ** places)
  const anyNumber = fc.oneof(fc.double(), decimals, fc.maxSafeInteger(), fc.integer())
  const edges = [0, -0, 1e-6, 9.99e-7, 5e-7, 1e-7, 0.1, 0.30000000000000004, 999_999_999.999999, 1e9, 1e15, 2 ** 53, 1e21, 5e-324].map(
    (n) => [n] as [number],
  )
  fc.assert(
    fc.property(anyNumber, (value) => {
      assert.equal(
        written((writer) => writer.number(value)),
        String(value),
      )
    }),
    { examples: [...edges, [Number.NaN], [-Number.POSITIVE_INFINITY], [-123_456_789_012_345], [10_000_000_007]], numRuns: 20_000 },
  )
})

test('pieces stand one after the other, however often the buffer grows', () => {
  const piece = fc.oneof(
    fc.string({ unit: character }).map((text) => ({ text, write: (writer: ByteWriter) => writer.text(text) })),
    fc.base64String().map((text) => ({ text, write: (writer: ByteWriter) => writer.ascii(text) })),
    fc.string().map((text) => ({ text, write: (writer: ByteWriter) => writer.bytes(Buffer.from(text)) })),
    fc.nat(127).map((code) => ({ text: String.fromCharCode(code), write: (writer: ByteWriter) => writer.byte(code) })),
    fc.double().map((value) => ({ text: String(value), write: (writer: ByteWriter) => writer.number(value) })),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const text = written((writer) => {
        for (const { write } of pieces) write(writer)
      })
      assert.equal(text, Buffer.from(pieces.map((p) => p.text).join('')).toString())
    }),
  )
})

test('what was taken stays when the writer is used again', () => {
  const writer = new ByteWriter()
  writer.ascii('first')
  const taken = writer.take()
  writer.clear()
  writer.ascii('again')
  assert.equal(Buffer.from(taken).toString(), 'first')
  assert.equal(writer.length, 5)
})
