import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Cell } from '../../core/index.ts'
import { type Field, FieldScanner } from './field-scanner.ts'
import { JsonCursor } from './json-cursor.ts'

const fields: readonly Field[] = [
  { path: 'n', kind: 'number' },
  { path: 't', kind: 'text' },
  { path: 'o', kind: 'json' },
  { path: 'o.t', kind: 'text' },
  { path: 'o.n', kind: 'number' },
]

function scan(scanner: FieldScanner, text: string): Cell[] {
  const cursor = new JsonCursor(16)
  cursor.append(Buffer.from(`${text}|`))
  const cells: Cell[] = ['before', ...fields.map(() => 'otherwise')]
  scanner.scan(cursor, cells, 1)
  assert.equal(cursor.left, 1, `all of ${text} is read`)
  return cells.slice(1)
}

/** What JSON.parse finds there. */
function expected(value: Readonly<Record<string, unknown>>): Cell[] {
  return fields.map(({ path, kind }) => {
    const [outer, inner] = path.split('.') as [string, string?]
    const within = value[outer]
    if (inner !== undefined && (typeof within !== 'object' || within === null || Array.isArray(within))) return 'otherwise'
    const found = inner === undefined ? within : (within as Record<string, unknown>)[inner]
    if (found === undefined) return 'otherwise'
    if (kind === 'json') return found === null ? null : JSON.stringify(found)
    return typeof found === (kind === 'text' ? 'string' : 'number') ? (found as Cell) : null
  })
}

const leaf = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => Math.round(value * 1e5) / 1e5),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(null, true, false, [], {}),
)
const name = fc.constantFrom('n', 't', 'o', 'x', 'nn', '"', 'é', '')
const object = fc.dictionary(name, fc.oneof(leaf, fc.dictionary(name, leaf), fc.jsonValue({ maxDepth: 2 })))

test('of any objects, one after another, the fields are those that JSON.parse finds', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), fc.constantFrom(undefined, 1), (objects, space) => {
      const scanner = new FieldScanner(fields)
      for (const value of objects) {
        const cells = scan(scanner, JSON.stringify(value, null, space))
        // A json field comes as it was written.
        const plain = cells.map((cell, index) =>
          fields[index]!.kind === 'json' && cell !== 'otherwise' && cell !== null ? JSON.stringify(JSON.parse(cell as string)) : cell,
        )
        assert.deepEqual(plain, expected(JSON.parse(JSON.stringify(value))))
      }
    }),
  )
})

test('any spelling of a number gives the number that JavaScript reads', () => {
  const spelling = fc.tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 10n ** 20n }),
    fc.option(fc.stringMatching(/^\d{1,18}$/)),
    fc.constantFrom('', 'e5', 'E-7'),
  )
  const scanner = new FieldScanner(fields)
  fc.assert(
    fc.property(spelling, ([sign, whole, fraction, exponent]) => {
      const text = `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent}`
      assert.ok(Object.is(scan(scanner, `{"n":${text}}`)[0], Number(text)), text)
    }),
  )
  assert.deepEqual(scan(scanner, '{"n":1e999}')[0], null)
})
