import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Secret } from '../../sdk.ts'
import { type Answer, api, seed } from './api.fixture.ts'

const { rest } = seed
const xs = 'x'.repeat(256)
const polling = { perf_collection: true, interval: 10, is_historic: true }

/** What third parties know of refusals: by what was sent the message. */
const registrations: readonly (readonly [string, unknown, string])[] = [
  ['no vendor', { model: 'fake_driver', rest }, "'vendor' is a required property"],
  [
    'no access',
    { vendor: 'fake_storage', model: 'fake_driver' },
    "{'vendor': 'fake_storage', 'model': 'fake_driver'} is not valid under any of the given schemas",
  ],
  ['port string', { ...seed, rest: { ...rest, port: '8078' } }, "Invalid input for field/attribute port. '8078' is not of type 'integer'"],
  [
    'port 70000',
    { ...seed, rest: { ...rest, port: 70000 } },
    'Invalid input for field/attribute port. 70000 is greater than the maximum of 65535',
  ],
  [
    'host bad chars',
    { ...seed, rest: { ...rest, host: 'a b' } },
    "Invalid input for field/attribute host. 'a b' does not match '^[a-zA-Z0-9-_.:]*$'",
  ],
  [
    'no password',
    { ...seed, rest: { host: '10.0.0.1', port: 8078, username: 'username' } },
    "Invalid input for field/attribute rest. 'password' is a required property",
  ],
  ['empty password', { ...seed, rest: { ...rest, password: '' } }, "Invalid input for field/attribute password. '' should be non-empty"],
  ['extra top key', { ...seed, foo: 1 }, "Additional properties are not allowed ('foo' was unexpected)"],
  ['extra keys', { ...seed, foo: 1, bar: 2 }, "Additional properties are not allowed ('foo', 'bar' were unexpected)"],
  [
    'extra rest key',
    { ...seed, rest: { ...rest, foo: 1 } },
    "Invalid input for field/attribute rest. Additional properties are not allowed ('foo' was unexpected)",
  ],
  ['model 256 chars', { ...seed, model: xs }, `Invalid input for field/attribute model. '${xs}' is too long`],
  ['body list', [], "[] is not of type 'object'"],
  [
    'extra_attributes non-string',
    { ...seed, extra_attributes: { array_id: 1 } },
    "Invalid input for field/attribute array_id. 1 is not of type 'string'",
  ],
  ['host null', { ...seed, rest: { ...rest, host: null } }, "Invalid input for field/attribute host. None is not of type 'string'"],
]
const others: readonly (readonly [string, string, string, unknown, string])[] = [
  ['POST', 'alerts/sync', 'string time', { begin_time: '0' }, "Invalid input for field/attribute begin_time. '0' is not of type 'integer'"],
  ['POST', 'alerts/sync', 'extra', { x: 1 }, "Additional properties are not allowed ('x' was unexpected)"],
  ['POST', 'alerts/sync', 'float', { begin_time: 1.5 }, "Invalid input for field/attribute begin_time. 1.5 is not of type 'integer'"],
  [
    'PUT',
    'metrics-config',
    'missing interval',
    { array_polling: { perf_collection: true, is_historic: true } },
    "Invalid input for field/attribute array_polling. 'interval' is a required property",
  ],
  [
    'PUT',
    'metrics-config',
    'interval string',
    { array_polling: { ...polling, interval: '10' } },
    "Invalid input for field/attribute interval. '10' is not of type 'integer'",
  ],
  [
    'PUT',
    'metrics-config',
    'extra',
    { array_polling: { ...polling, x: 1 } },
    "Invalid input for field/attribute array_polling. Additional properties are not allowed ('x' was unexpected)",
  ],
  ['PUT', 'metrics-config', 'pool_polling', { pool_polling: {} }, "'array_polling' is a required property"],
  [
    'PUT',
    'snmp-config',
    'bad version',
    { host: '127.0.0.1', version: 'v2' },
    "Invalid input for field/attribute version. 'v2' is not one of ['SNMPv1', 'SNMPv2c', 'SNMPv3', 'snmpv1', 'snmpv2c', 'snmpv3']",
  ],
  ['PUT', 'snmp-config', 'no host', { version: 'snmpv2c' }, "'host' is a required property"],
  ['PUT', 'access-info', 'empty', {}, '{} is not valid under any of the given schemas'],
]

function refused({ status, body }: Answer, why: string): void {
  assert.deepEqual([status, body], [400, { error_code: 'InvalidInput', error_msg: `Invalid input received. ${why}`, error_args: [why] }])
}

test('004-12 004-13 004-25 what is refused is told in the words that third parties know', async (t) => {
  const { request, register } = await api(t)
  for (const [name, body, why] of registrations)
    await t.test(name, async () => refused(await request('POST', '/storages', body as object), why))
  const id = await register()
  for (const [method, path, name, body, why] of others)
    await t.test(`${path} ${name}`, async () => refused(await request(method, `/storages/${id}/${path}`, body as object), why))
})

test('004-13 an interval below 1 is refused', async (t) => {
  const { request, register, collecting } = await api(t)
  const id = await register()
  for (const interval of [0, -5])
    refused(
      await request('PUT', `/storages/${id}/metrics-config`, { array_polling: { ...polling, interval } }),
      `Invalid input for field/attribute interval. ${interval} is less than the minimum of 1`,
    )
  assert.deepEqual(collecting.plans.get(id), { intervalMs: 900_000, historic: false })
})

test('004-25 a secret that is refused is not shown either', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  refused(
    await request('PUT', `/storages/${id}/snmp-config`, { host: '127.0.0.1', version: 'snmpv3', auth_key: 'hunter2' }),
    "Invalid input for field/attribute auth_key. '[redacted]' is too short",
  )
  refused(
    await request('PUT', `/storages/${id}/access-info`, { rest: { ...rest, password: ['hunter2'] } }),
    "Invalid input for field/attribute password. ['[redacted]'] is not of type 'string'",
  )
  const { text } = await request('POST', '/storages', { ...seed, rest: [{ password: 'hunter2' }] })
  assert.ok(!text.includes('hunter2'))
})

test('a body that is missing, no JSON or of another type is 400, and JSON', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const sync = `/storages/${id}/alerts/sync`
  const json = { 'content-type': 'application/json; charset=utf-8' }
  const codes = async (...given: Parameters<typeof request>) => {
    const { status, body } = await request(...given)
    return [status, body.error_code, body.error_msg]
  }
  const bad = 'The server could not comply with the request since\r\nit is either malformed or otherwise incorrect.\r\n'
  assert.deepEqual(await codes('POST', sync), [400, 'BadRequest', bad])
  assert.deepEqual(await codes('POST', sync, '', json), [400, 'BadRequest', bad])
  assert.deepEqual(await codes('POST', sync, '{', json), [400, 'MalformedRequestBody', 'Malformed request body: cannot understand JSON.'])
  assert.deepEqual(await codes('POST', sync, '{}', { 'content-type': 'text/plain' }), [
    ...[400, 'InvalidContentType', 'Invalid content type: text/plain.'],
  ])
  assert.deepEqual((await codes('PUT', `/storages/${id}/metrics-config`)).slice(0, 2), [400, 'BadRequest'])
  assert.deepEqual((await codes('POST', '/storages')).slice(0, 2), [400, 'BadRequest'])
  assert.deepEqual((await codes('POST', '/storages', 'x'.repeat(2 << 20), json)).slice(0, 2), [413, 'RequestTooLarge'])
  assert.equal((await request('POST', sync, '{}', json)).status, 200)
  assert.equal((await request('POST', `/storages/${id}/sync`, 'whatever')).status, 202)
})

test('an unknown route, method or address is JSON', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const notFound = { error_code: 'NotFound', error_msg: 'Resource could not be found.', error_args: [] }
  for (const [method, path] of [
    ['GET', '/nothing'],
    ['PUT', `/storages/${id}`],
    ['PATCH', '/storages'],
    ['GET', `/storages/${'x'.repeat(200)}/nothing`],
  ] as const) {
    const { status, body, headers } = await request(method, path)
    assert.deepEqual([status, body], [404, notFound])
    assert.match(String(headers['content-type']), /^application\/json/)
  }
  const { status, body } = await request('GET', '/storages/%zz')
  assert.deepEqual([status, body.error_code], [400, 'MalformedRequestUrl'])
})

test('with a token everything asks for it; pages of others change nothing', async (t) => {
  const { request } = await api(t, { token: new Secret('s3cret') })
  for (const [method, path] of [
    ['GET', '/storages'],
    ['POST', '/storages'],
    ['GET', '/nothing'],
    ['GET', '/openapi.json'],
  ] as const)
    for (const authorization of ['', 'Bearer wrong', 'Bearer s3cre', 'Basic s3cret']) {
      const { status, body, headers } = await request(method, path, undefined, { authorization })
      assert.deepEqual([status, body.error_code, headers['www-authenticate']], [401, 'NotAuthenticated', 'Bearer'])
    }
  const authorization = 'Bearer s3cret'
  assert.equal((await request('GET', '/storages', undefined, { authorization })).status, 200)
  const { body } = await request('GET', '/openapi.json', undefined, { authorization })
  assert.deepEqual(body.security, [{ token: [] }])
  assert.equal((await request('POST', '/storages/sync', undefined, { authorization, origin: 'http://elsewhere' })).status, 403)
})
