import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Secret } from '../core/secret.ts'
import { AuthConfig } from './auth-config.ts'

const key = 'k3y-of-mine'

test('003-06 F3 each type gives the headers to send', () => {
  assert.deepEqual(new AuthConfig().toHeaders(), {})
  assert.deepEqual(new AuthConfig({ type: 'api_key', api_key: key, headers: { 'X-Source': 'shop' } }).toHeaders(), {
    'X-Source': 'shop',
    'X-API-Key': key,
  })
  assert.deepEqual(new AuthConfig({ apiKey: new Secret(key), apiKeyHeader: 'DD-API-KEY' }).toHeaders(), { 'DD-API-KEY': key })
  assert.deepEqual(new AuthConfig({ token: key }).toHeaders(), { Authorization: `Bearer ${key}` })
  assert.deepEqual(new AuthConfig({ type: 'bearer', apiKey: key }).toHeaders(), { Authorization: `Bearer ${key}` })
  assert.deepEqual(new AuthConfig({ username: 'ada', password: 'pw' }).toHeaders(), { Authorization: 'Basic YWRhOnB3' })
})

test('003-06 a type without its secret, an unknown type and an unknown setting are refused', () => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ type: 'api_key' }, /api_key needs apiKey/],
    [{ type: 'api_key', apiKey: '' }, /api_key needs apiKey/],
    [{ type: 'bearer' }, /bearer needs token/],
    [{ type: 'basic', username: 'ada' }, /basic needs password/],
    [{ type: 'kerberos' }, /no known type: kerberos/],
    [{ api_keys: key }, /auth has no setting "api_keys"/],
  ]
  for (const [given, message] of cases) assert.throws(() => new AuthConfig({ ...given }), { code: 'INVALID_OPTION', message })
})

test('F20 003-57 no secret is in what is printed, and secrets() has them all', () => {
  const auth = new AuthConfig({ apiKey: key, token: `${key}1`, username: 'ada', password: `${key}2`, headers: { Cookie: `${key}3` } })
  for (const printed of [JSON.stringify(auth), inspect(auth, { depth: 9 }), String(auth)]) assert.ok(!printed.includes(key), printed)
  assert.deepEqual(
    auth.secrets().map((secret) => secret.reveal()),
    [key, `${key}1`, `${key}2`, `${key}3`],
  )
})
