import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { JsonCursor } from './json-cursor.ts'
import { ReplyReader } from './reply-reader.ts'

const whole = (cursor: JsonCursor, name: string): [string, unknown] => {
  const start = cursor.at
  cursor.skipValue()
  return [name, cursor.jsonFrom(start)]
}

/** The records of a reply that comes in pieces of these sizes, over and over. */
function read(text: string | Uint8Array, sizes: readonly number[] = [65_536]) {
  const bytes = Buffer.from(text)
  const reader = new ReplyReader(whole)
  const records: [string, unknown][] = []
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!
    records.push(...reader.push(bytes.subarray(at, at + size)))
    at += size
  }
  records.push(...reader.end())
  return { records, envelope: reader.envelope }
}

const json = fc.jsonValue({ maxDepth: 4 })
const set = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.dictionary(fc.string(), json), fc.constant(null)), { maxKeys: 5 })
const size = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 })
const recordsIn = (sets: readonly (object | null)[]) => sets.flatMap((of) => Object.entries(of ?? {})).filter(([, value]) => value !== null)
/** Any space between tokens that JSON allows. */
const indent = fc.constantFrom(undefined, 2, '\t', '\r\n ')

test('any reply, in any pieces, gives the records that JSON.parse finds', () => {
  fc.assert(
    fc.property(
      fc.oneof(set, fc.array(fc.oneof(set, fc.constant(null)), { maxLength: 4 })),
      size,
      indent,
      fc.boolean(),
      (data, sizes, space, last) => {
        const before = { code: 200, status: 'success' }
        const text = JSON.stringify(
          last ? { ...before, warning: '{"', data } : { data, ...before, message: null, warning: '{"' },
          null,
          space,
        )
        const { records, envelope } = read(text, sizes)
        const parsed = (JSON.parse(text) as { data: object }).data
        assert.deepEqual(records, recordsIn(Array.isArray(parsed) ? parsed : [parsed]))
        assert.equal(envelope.code, 200)
        assert.equal(envelope.warning, '{"')
      },
    ),
  )
})

test('a record of many pieces, of a megabyte', () => {
  const long = 'é"\\'.repeat(200_000)
  const { records } = read(JSON.stringify({ code: 200, data: [{ a: { long } }] }), [997])
  assert.deepEqual(records, [['a', { long }]])
})

test('data that is null or missing is no records', () => {
  for (const text of [
    '{"code":200,"data":null}',
    '{"code":200}',
    '{}',
    '{"data":[]}',
    '{"data":[null,{}]}',
    '{"data":{}}',
    ' {"data":[{"a":null}]} ',
  ])
    assert.deepEqual(read(text).records, [], text)
  assert.deepEqual(read('{"code":500,"status":"","data":null,"message":"Error: it \\"broke\\""}').envelope, {
    code: 500,
    status: '',
    data: null,
    message: 'Error: it "broke"',
  })
})

test('001-34 what is no reply is told with the byte where it is seen', () => {
  for (const [text, told] of [
    ['<html><body>login</body></html>', /byte 0: "</],
    ['Not Found', /byte 0: "N/],
    ['[]', /byte 0/],
    ['{"data":[{"a" {}}]}', /byte 14/],
    ['{"data":{"a":{}x}}', /byte 15/],
    ['{"data":[{"a":{}}{}]}', /byte 17/],
    ['{"data":{"a":{"b":tru\u0000}}}', /byte 21/],
    ['{"data":{"a":{"b":+}}}', /byte 13/],
    ['{"data":{a:1}}', /byte 9/],
    ['{"data":{"a":{}', /breaks off/],
    ['{"data":{"a":{"b":"\\', /breaks off/],
    ['', /breaks off/],
  ] as const)
    for (const sizes of [[65_536], [1]])
      assert.throws(
        () => read(text, sizes),
        (error: Error) => error instanceof SyntaxError && told.test(error.message),
        `${text} by ${sizes}`,
      )
})

test('any bytes are a reply or a SyntaxError, and never go on forever', () => {
  const token = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'null', '1', '"data"', '"a"', '\u0000', ' ')
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), size, (tokens, sizes) => {
      try {
        read(`{"data":${tokens.join('')}`, sizes)
      } catch (error) {
        assert.ok(error instanceof SyntaxError, String(error))
      }
    }),
  )
})
