import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { expand, type Lookup } from './expand.ts'

const lookup: Lookup = {
  env: { HOST: 'example.org', EMPTY: '' },
  readFile(path) {
    if (path === '/secret') return 's3cret\n'
    if (path === '/empty') return '\n'
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
  },
}

const expanded = (text: string) => expand(text, lookup).value
const codesOf = (text: string) => expand(text, lookup).errors.map(({ code }) => code)

test('variables, defaults and files stand for their values', () => {
  assert.equal(expanded('https://${env:HOST}/x'), 'https://example.org/x')
  assert.equal(expanded('${env:NOPE:-fallback}'), 'fallback')
  assert.equal(expanded('${env:NOPE:-}'), '')
  assert.equal(expanded('${env:EMPTY}'), '')
  assert.equal(expanded('${file:/secret}'), 's3cret')
  assert.equal(expanded('$${env:HOST} costs $5'), '${env:HOST} costs $5')
})

test('what cannot be expanded is an error that says what to do', () => {
  assert.deepEqual(codesOf('${env:NOPE}'), ['CONFIG_UNDEFINED_VARIABLE'])
  assert.deepEqual(codesOf('${HOST}'), ['CONFIG_UNDEFINED_VARIABLE'])
  assert.deepEqual(codesOf('${file:/nope} ${file:/empty}'), ['CONFIG_UNREADABLE_SECRET', 'CONFIG_UNREADABLE_SECRET'])
})

test('text without ${ stays as it is', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !text.includes('${')),
      (text) => assert.deepEqual(expand(text, lookup), { value: text, errors: [] }),
    ),
  )
})
