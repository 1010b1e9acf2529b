import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JSONEncoder, JsonDecoder, JsonEncoder } from './json.ts'

const message = { message: 'Testing 1, 2, 3...' }
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()

test('000-08 an encoder makes bytes and knows the extension of files that hold them', () => {
  const encoder = new JsonEncoder<typeof message>()
  assert.deepEqual([encoder.extension, encoder.contentType], ['json', 'application/json'])
  assert.equal(text(encoder.encode(message)), '{"message":"Testing 1, 2, 3..."}')
})

test('000-09 JSON is compact, or indented by four', () => {
  assert.equal(JSONEncoder, JsonEncoder)
  assert.equal(text(new JSONEncoder().encode({ '<&>': ['ü', null] })), '{"<&>":["ü",null]}')
  assert.equal(text(new JSONEncoder({ pretty: true }).encode(message)), '{\n    "message": "Testing 1, 2, 3..."\n}')
})

test('bigints keep their digits; what JSON cannot say is not written as something else', () => {
  assert.equal(text(new JsonEncoder().encode({ ns: 2n ** 63n })), '{"ns":"9223372036854775808"}')
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  for (const data of [undefined, cycle, () => 1]) assert.throws(() => new JsonEncoder().encode(data), TypeError)
})

test('what was encoded is decoded to the same', () => {
  const [encoder, decoder] = [new JsonEncoder({ pretty: true }), new JsonDecoder()]
  fc.assert(
    fc.property(fc.jsonValue(), (value) => assert.deepEqual(decoder.decode(encoder.encode(value)), JSON.parse(JSON.stringify(value)))),
  )
})

test('what is no JSON, or not even text, is refused', () => {
  assert.throws(() => new JsonDecoder().decode(Buffer.from('{')), SyntaxError)
  assert.throws(() => new JsonDecoder().decode(Uint8Array.of(0x22, 0xff, 0x22)), TypeError)
})
