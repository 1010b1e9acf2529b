import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from '../core/batch.ts'
import { Secret } from '../core/secret.ts'
import { series } from '../core/series.ts'
import { payloadText } from './payload-text.ts'

const hidden = 'hunter2'
const redacted = '[redacted]'

test('003-65 F17 what has the name of a secret is redacted', () => {
  for (const name of ['api_key', 'apiKey', 'X-API-Key', 'Authorization', 'password', 'client_secret', 'token', 'Set-Cookie', 'license_key'])
    assert.equal(payloadText({ at: { [name]: hidden } }), JSON.stringify({ at: { [name]: redacted } }))
  assert.equal(payloadText({ author: 'Ada', keyboard: 'us', monkey: 1 }), '{"author":"Ada","keyboard":"us","monkey":1}')
})

test('003-65 F17 labels, columns and identities too', () => {
  const text = payloadText(metrics([{ series: series('calls', { api_key: hidden, path: '/a' }), timeMs: 1, value: 2 }]))
  assert.ok(!text.includes(hidden), text)
  assert.ok(text.includes('["path","/a"]') && text.includes(`["api_key","${redacted}"]`), text)

  const columns = [
    { name: 'user', type: 'string' },
    { name: 'password', type: 'string' },
  ]
  const rows = payloadText({ signal: 'rows', table: { name: 't', columns }, rows: [['ada', hidden]] })
  assert.ok(rows.includes(`{"user":"ada","password":"${redacted}"}`), rows)
})

test('003-65 F17 secrets in addresses and headers', () => {
  const text = `postgres://ada:${hidden}@db/x, https://a.example/?x=1&api_key=${hidden}#top, Bearer ${hidden}, basic ${hidden}==`
  const told = payloadText({ text })
  assert.ok(!told.includes(hidden), told)
  assert.ok(told.includes('@db/x') && told.includes('x=1'), told)
})

test('003-65 F17 secrets that are known are redacted wherever they stand', () => {
  const secrets = [new Secret('hun"ter'), new Secret('hun"ter2'), new Secret(''), new Secret('sec')]
  assert.equal(
    payloadText({ note: 'is hun"ter2 or hun"ter', secret: 1, own: secrets[0] }, secrets),
    `{"note":"is ${redacted} or ${redacted}","secret":"${redacted}","own":"${redacted}"}`,
  )
})

test('what JSON has no word for is told all the same, and no more than can be read', () => {
  assert.equal(
    payloadText({ n: 10n, bytes: new Uint8Array(3), buffer: Buffer.from('abc') }),
    '{"n":"10","bytes":"(3 bytes)","buffer":"(3 bytes)"}',
  )
  assert.equal(payloadText(undefined), 'undefined')
  const round: { self?: object } = {}
  round.self = round
  assert.equal(payloadText(round), '(cannot be shown as JSON)')
  const long = payloadText('x'.repeat(10_000))
  assert.ok(long.length < 8300 && long.endsWith('(10002 characters)'), long.slice(-40))
})
