import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { Secret } from '../../sdk.ts'
import { type RelabelOptions, relabelling } from './relabel.ts'

const relabel = (options: Partial<RelabelOptions>) =>
  relabelling({ rename: {}, drop: [], hash: [], hashKey: undefined, set: {}, ...options })
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16)

test('each change by itself', () => {
  const values = { host: 'h1', 'user.id': 'u', 'user.mail': 'm' }
  assert.deepEqual(relabel({})(values), values)
  assert.deepEqual(relabel({ rename: { host: 'node', absent: 'x' } })(values), { 'user.id': 'u', 'user.mail': 'm', node: 'h1' })
  assert.deepEqual(relabel({ drop: ['user.*', 'absent'] })(values), { host: 'h1' })
  assert.deepEqual(relabel({ hash: ['user.id'] })(values), { ...values, 'user.id': sha256('u') })
  assert.deepEqual(relabel({ hash: ['user.*'] })(values), { host: 'h1', 'user.id': sha256('u'), 'user.mail': sha256('m') })
  assert.deepEqual(relabel({ set: { region: 'eu', host: 'other' } })(values), { ...values, region: 'eu', host: 'other' })
})

test('the order is rename, drop, hash, set', () => {
  const change = relabel({ rename: { a: 'b', c: 'd' }, drop: ['b'], hash: ['d', 'e'], set: { b: 'set', e: 'plain' } })
  assert.deepEqual(change({ a: '1', c: '2', e: '3' }), { d: sha256('2'), e: 'plain', b: 'set' })
})

test('names are exchanged all at once, and a renamed value takes the place of another', () => {
  assert.deepEqual(relabel({ rename: { a: 'b', b: 'a' } })({ a: '1', b: '2' }), { a: '2', b: '1' })
  assert.deepEqual(relabel({ rename: { a: 'b' } })({ a: '1', b: '2' }), { b: '1' })
  assert.deepEqual(relabel({ rename: { a: 'c', b: 'c' } })({ b: '2', a: '1' }), { c: '2' })
  assert.deepEqual(relabel({ rename: { a: '__proto__' } })({ a: '1' }), JSON.parse('{"__proto__":"1"}'))
})

test('a hash is the first 16 digits of SHA-256, with a key of HMAC-SHA-256', () => {
  assert.deepEqual(relabel({ hash: ['a'] })({ a: 'abc' }), { a: 'ba7816bf8f01cfea' })
  const keyed = createHmac('sha256', 'key').update('abc').digest('hex').slice(0, 16)
  assert.deepEqual(relabel({ hash: ['a'], hashKey: new Secret('key') })({ a: 'abc' }), { a: keyed })
})

test('values that are no text are hashed as they are written', () => {
  const values = { int: 7n, double: 1.5, flag: true, none: null, bytes: new Uint8Array([1, 255]), list: ['a', 1n] }
  assert.deepEqual(relabel({ hash: ['*'] })(values), {
    int: sha256('7'),
    double: sha256('1.5'),
    flag: sha256('true'),
    none: sha256('null'),
    bytes: sha256(new Uint8Array([1, 255])),
    list: sha256('["a","1"]'),
  })
})

test('what nobody names stays as it is', () => {
  const names = fc.string().filter((name) => !['from', 'dropped', 'hashed', 'to', 'set'].includes(name))
  const change = relabel({ rename: { from: 'to' }, drop: ['dropped'], hash: ['hashed'], set: { set: '1' } })
  fc.assert(
    fc.property(fc.dictionary(names, fc.string(), { noNullPrototype: true }), (values) => {
      const before = structuredClone(values)
      assert.deepEqual(change(values), { ...values, set: '1' })
      assert.deepEqual(values, before)
    }),
  )
})
