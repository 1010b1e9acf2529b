import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { Secret } from '../../sdk.ts'
import { config } from './config.ts'
import { HttpExporter, type HttpExporterOptions } from './http.ts'

const endpoint = 'https://example.com/'

test('options that make no sense are refused, with what is wrong and without a secret', () => {
  const refused: [options: Record<string, unknown>, told: RegExp][] = [
    [{ endpoint: 'example.com' }, /not an address that begins with http/],
    [{ endpoint: 'ftp://example.com/' }, /not an address that begins with http/],
    [{ endpoint, method: 'GET' }, /method/],
    [{ endpoint, headers: { 'X Source': 'secret-value' } }, /Invalid key in record\s+→ at headers\["X Source"\]/],
    [{ endpoint, headers: { 'X-Source': 'secret-value\r\nHost: other' } }, /character that no header can/],
    [{ endpoint, headers: { 'Content-Length': '12' } }, /set by the exporter/],
    [{ endpoint, headers: { 'idempotency-key': 'secret-value' } }, /set by the exporter/],
    [{ endpoint, headers: { authorization: 'secret-value' }, auth: { type: 'bearer', token: 'secret-value' } }, /set by auth/],
    [{ endpoint, headers: { 'x-api-key': 'secret-value' }, auth: { type: 'api_key', key: 'secret-value' } }, /set by auth/],
    [{ endpoint: 'https://me:secret-value@example.com', auth: { type: 'bearer', token: 'secret-value' } }, /user name already/],
    [{ endpoint, auth: { type: 'basic', username: 'a:b', password: 'secret-value' } }, /colon/],
    [{ endpoint, auth: { type: 'bearer', token: 'secret-välue\u2713' } }, /character that no header can/],
    [{ endpoint, auth: { type: 'digest', password: 'secret-value' } }, /auth/],
    [{ endpoint, auth: { type: 'bearer' } }, /auth\.token/],
    [{ endpoint, mapping: '{"a": ' }, /not a JSONata expression: .*at character/],
    [{ endpoint, mapping: 'records', payloadTransformer: () => 1 }, /both make the payload/],
    [{ endpoint, localAddress: 'localhost' }, /localAddress/],
    [{ endpoint, proxy: 'socks5://user:secret-value@example.com' }, /not an address that begins with http/],
    [{ endpoint, rateLimit: 0 }, /rateLimit/],
    [{ endpoint, retryOnStatusCodes: [302] }, /retryOnStatusCodes/],
    [{ endpoint, connections: 0 }, /connections/],
    [{ endpoint, compression: 'brotli' }, /compression/],
    [{ endpoint, timout: '1s' }, /timout/],
  ]
  for (const [options, told] of refused)
    assert.throws(
      () => new HttpExporter(options as unknown as HttpExporterOptions),
      (error: Error) => {
        assert.equal((error as Error & { code: string }).code, 'INVALID_OPTION')
        assert.match(error.message, told)
        assert.doesNotMatch(inspect(error), /secret-v/)
        return true
      },
      JSON.stringify(options),
    )
})

test('003-57: what may be a secret is one in the checked configuration', () => {
  const { headers, auth, proxy, tls } = config.parse({
    endpoint,
    headers: { 'X-Key': 'a' },
    auth: { type: 'oauth2', tokenUrl: endpoint, clientId: 'me', clientSecret: 'b' },
    proxy: 'http://me:c@example.com',
    tls: { key: 'd' },
  })
  assert.ok(auth.type === 'oauth2')
  for (const value of [headers['X-Key'], auth.clientSecret, proxy, tls.key]) assert.ok(value instanceof Secret)
})

test('003-57: certificates are checked, and connections kept, unless told otherwise', () => {
  const { tls, connections, auth, method, format, compression } = config.parse({ endpoint })
  assert.equal(tls.insecure, false)
  assert.deepEqual(
    { connections, auth, method, format, compression },
    {
      connections: 8,
      auth: { type: 'none' },
      method: 'POST',
      format: 'json',
      compression: 'none',
    },
  )
})
