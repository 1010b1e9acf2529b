import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { redact } from './redact.ts'

test('the first 1,024 characters on one line, without control characters', () => {
  assert.equal(redact('  no\r\n\tsuch \u001b[31mfield\u202e \u0000', []), 'no such [31mfield')
  assert.equal(redact('x'.repeat(2000), ['y']), 'x'.repeat(1024))
})

test('a secret is taken out as it is, in JSON and in a URL', () => {
  assert.equal(
    redact('a "b"/ä, {"key":"a \\"b\\"/ä"}, ?key=a%20%22b%22%2F%C3%A4', ['a "b"/ä']),
    '[redacted], {"key":"[redacted]"}, ?key=[redacted]',
  )
  assert.equal(redact('key, key-of-mine', ['key', 'key-of-mine', '']), '[redacted], [redacted]')
})

test('wherever a secret stands, across the end too, none of it is told', () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 2000, unit: fc.constantFrom(...'SECRT"%/+ ') })
    .filter((text) => text.trim().length > 7)
  const filler = fc.string({ maxLength: 1100, size: 'max', unit: fc.constantFrom(...'abc') })
  fc.assert(
    fc.property(secret, fc.array(filler, { minLength: 1, maxLength: 6 }), (key, fillers) => {
      const told = redact(fillers.join(key), [key]).replaceAll('[redacted]', '')
      assert.doesNotMatch(told, /[SECRT"%/+]/)
      assert.ok(told.length <= 1024)
    }),
    { numRuns: 200, endOnFailure: true },
  )
})
