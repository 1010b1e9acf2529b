import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../core/secret.ts'
import { keyBytes } from './key-bytes.ts'

const hex = 'a5'.repeat(32)

test('a key is 32 bytes, in hexadecimal or base64, with or without a newline behind it', () => {
  const bytes = Buffer.from(hex, 'hex')
  for (const written of [hex, hex.toUpperCase(), bytes.toString('base64'), `${hex}\n`, new Secret(hex)])
    assert.deepEqual(keyBytes(written), bytes)
})

test('anything else is none', () => {
  for (const wrong of ['', 'short', hex.slice(1), `${hex}a`, 'z'.repeat(64), Buffer.alloc(31).toString('base64')])
    assert.equal(keyBytes(wrong), undefined)
})
