import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonText } from './json-value.ts'

test('what JSON has no word for is said in JSON, however deep', () => {
  const bytes = new Uint8Array([9, 104, 105, 9]).subarray(1, 3)
  const value = {
    nan: Number.NaN,
    list: [Number.POSITIVE_INFINITY, -Number.POSITIVE_INFINITY],
    bytes: { raw: bytes, buffer: Buffer.from('hi') },
  }
  assert.equal(jsonText(value), '{"nan":"NaN","list":["+Inf","-Inf"],"bytes":{"raw":{"base64":"aGk="},"buffer":{"base64":"aGk="}}}')
})

test('a bigint is a number where a double holds it', () => {
  assert.equal(
    jsonText([200n, -(2n ** 53n) + 1n, 2n ** 53n, -(2n ** 63n)]),
    '[200,-9007199254740991,"9007199254740992","-9223372036854775808"]',
  )
})

test('the rest is as JSON.stringify has it', () => {
  const value = { text: 'a"b\n\u2028', null: null, yes: true, date: new Date(0), list: [undefined, 'x'], __proto__: null }
  assert.equal(jsonText(value), JSON.stringify(value))
})
