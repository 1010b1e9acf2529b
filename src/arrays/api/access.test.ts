import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defineArrayDriver } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'
import { api, few, noon, seed } from './api.fixture.ts'

const created_at = new Date(noon).toISOString()
const shownRest = { host: '10.0.0.1', port: 8078, username: 'username' }

test('004-25 access-info is shown without the password, and changed', async (t) => {
  const { request, register, clock } = await api(t)
  const id = await register()
  const shown = {
    ...{ storage_id: id, storage_name: null, vendor: 'fake_storage', model: 'fake_driver' },
    ...{ rest: shownRest, ssh: null, cli: null, smis: null, extra_attributes: few, created_at, updated_at: null },
  }
  const { status, body, text } = await request('GET', `/storages/${id}/access-info`)
  assert.deepEqual([status, body], [200, shown])
  assert.ok(!text.includes('pass'))
  assert.deepEqual((await request('GET', '/access-infos')).body, { access_infos: [shown] })
  await clock.advance(1000)
  const changed = await request('PUT', `/storages/${id}/access-info`, {
    storage_name: 'renamed',
    rest: { ...seed.rest, host: '10.0.0.2', password: 'another' },
    extra_attributes: few,
  })
  assert.deepEqual(
    [changed.status, changed.body],
    [
      200,
      {
        ...shown,
        ...{ storage_name: 'renamed', rest: { ...shownRest, host: '10.0.0.2' }, updated_at: new Date(noon + 1000).toISOString() },
      },
    ],
  )
  assert.equal((await request('GET', `/storages/${id}`)).body.name, 'renamed')
  await register()
  const taken = await request('PUT', `/storages/${id}/access-info`, { rest: seed.rest, extra_attributes: few })
  assert.equal(taken.body.error_code, 'StorageAlreadyExists')
  for (const path of ['access-info', 'snmp-config', 'alerts', 'capabilities'])
    assert.equal((await request('GET', `/storages/abc/${path}`)).body.error_code, 'StorageNotFound')
})

test('004-25 access that leads to another array is refused', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const { status, body } = await request('PUT', `/storages/${id}/access-info`, { rest: seed.rest, extra_attributes: { seed: 'another' } })
  assert.deepEqual([status, body.error_code], [400, 'StorageSerialNumberMismatch'])
  assert.deepEqual((await request('GET', `/storages/${id}/access-info`)).body.extra_attributes, few)
})

test('004-25 snmp-config is set, shown without what must not be seen, and removed', async (t) => {
  const { request, register, registry, collecting } = await api(t)
  const id = await register()
  const path = `/storages/${id}/snmp-config`
  assert.deepEqual((await request('GET', path)).body, {
    ...{ error_code: 'AlertSourceNotFound', error_msg: `Alert source for storage ${id} could not be found.`, error_args: [id] },
  })
  const nothing = { username: null, security_level: null, auth_protocol: null, privacy_protocol: null, engine_id: null, context_name: null }
  const community = await request('PUT', path, { host: '127.0.0.1', version: 'snmpv2c', community_string: 'between us' })
  assert.deepEqual(
    [community.status, community.body],
    [
      200,
      {
        ...{ storage_id: id, host: '127.0.0.1', version: 'snmpv2c', ...nothing, retry_num: null, expiration: null, port: null },
        ...{ created_at, updated_at: null },
      },
    ],
  )
  const user = {
    ...{ username: 'user', security_level: 'authPriv', auth_protocol: 'HMACSHA', privacy_protocol: 'AES', engine_id: '8000000001020304' },
    ...{ auth_key: 'authentication', privacy_key: 'confidential' },
  }
  const answers = [
    await request('PUT', path, { host: '127.0.0.1', version: 'SNMPv3', ...user, port: 161, retry_num: 1, expiration: 2 }),
    await request('GET', path),
    await request('GET', '/snmp-configs'),
    await request('GET', '/storages/snmp-configs?version=SNMPv3'),
  ]
  for (const { status, text } of answers) {
    assert.equal(status, 200)
    assert.match(text, /"engine_id":"8000000001020304"/)
    assert.doesNotMatch(text, /between us|authentication|confidential|_key|community|sealed/)
  }
  const [source] = await registry.trapSources()
  assert.deepEqual([source!.storage_id, source!.auth_key, source!.privacy_key], [id, 'authentication', 'confidential'])
  assert.equal(collecting.trapChanges, 2)
  assert.equal((await request('DELETE', path)).status, 200)
  assert.equal((await request('DELETE', path)).body.error_code, 'AlertSourceNotFound')
  assert.deepEqual(await registry.trapSources(), [])
})

test('004-25 an snmp-config that could show nothing is refused', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const why = async (body: object) => {
    const answer = await request('PUT', `/storages/${id}/snmp-config`, { host: '127.0.0.1', ...body })
    assert.deepEqual([answer.status, answer.body.error_code], [400, 'InvalidSNMPConfig'])
    return answer.body.error_msg
  }
  assert.equal(await why({ version: 'SNMPv2c' }), 'Invalid SNMP configuration: community_string is required for SNMPv2c.')
  assert.match(await why({ version: 'SNMPv3' }), /username is missing/)
  assert.match(await why({ version: 'SNMPv3', username: 'user', security_level: 'authPriv' }), /auth_key is missing/)
})

test('004-24 004-25 what an array refuses or fails at is told without the password', async (t) => {
  const driver = defineArrayDriver({
    vendor: 'broken',
    model: 'array',
    summary: 'Fails.',
    async connect({ access }) {
      throw new Error(`login failed for ${access.rest!.username} with ${access.rest!.password}`)
    },
  })
  const silentDriver = defineArrayDriver({
    ...fake,
    vendor: 'silent',
    connect: async (options) => ({ ...(await fake.connect(options)), describe: () => new Promise(() => {}) }),
  })
  const { request, clock } = await api(t, { drivers: [driver, silentDriver], answerWithinMs: 1000 })
  const rest = { ...seed.rest, password: 'hunter2' }
  const { status, body } = await request('POST', '/storages', { vendor: 'broken', model: 'array', rest })
  assert.deepEqual(
    [status, body.error_code, body.error_msg],
    [500, 'StorageBackendException', 'Exception from Storage Backend: login failed for username with [redacted].'],
  )
  const waiting = request('POST', '/storages', { ...seed, vendor: 'silent' })
  while (clock.sleeping === 0) await new Promise(setImmediate)
  await clock.advance(1000)
  assert.equal((await waiting).body.error_code, 'ConnectTimeout')
})
