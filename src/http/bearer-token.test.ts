import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../core/secret.ts'
import { bearsToken } from './bearer-token.ts'

test('only the whole token passes, as a bearer', () => {
  const token = new Secret('s3cret')
  assert.ok(bearsToken('Bearer s3cret', token))
  for (const wrong of [
    undefined,
    '',
    's3cret',
    'Bearer ',
    'Bearer s3cre',
    'Bearer s3cret1',
    'Bearer S3cret',
    'Basic s3cret',
    'Bearer s3crét',
  ])
    assert.ok(!bearsToken(wrong, token), String(wrong))
})
