import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '../../sdk.ts'
import { api, few, noon, seed } from './api.fixture.ts'

const created = new Date(noon).toISOString()

test('004-12 POST storages: 201 with what the array tells of itself, and once only', async (t) => {
  const { request, registry, collecting } = await api(t)
  const { status, body, headers } = await request('POST', '/storages', seed)
  assert.equal(status, 201)
  const { id, serial_number, total_capacity, used_capacity, free_capacity, raw_capacity, subscribed_capacity, ...rest } = body
  assert.deepEqual(rest, {
    ...{ name: 'fake_driver', description: 'fake driver.', location: 'HK', status: 'normal' },
    ...{ vendor: 'fake_vendor', model: 'fake_model', firmware_version: '1.0.0' },
    ...{ created_at: created, updated_at: null, sync_status: 'SYNCING', deleted_at: null, deleted: false },
  })
  assert.match(id, /^[0-9a-f]{8}-/)
  assert.equal(used_capacity + free_capacity, total_capacity)
  assert.ok(serial_number && raw_capacity && subscribed_capacity)
  assert.match(String(headers['x-compute-request-id']), /^req-[0-9a-f-]{36}$/)
  const again = await request('POST', '/storages', { ...seed, rest: { ...seed.rest, username: 'another' } })
  assert.deepEqual(
    [again.status, again.body],
    [400, { error_code: 'StorageAlreadyExists', error_msg: 'Storage already exists.', error_args: [] }],
  )
  await registry.syncs.settled()
  const one = await request('GET', `/storages/${id}`)
  assert.deepEqual([one.status, one.body], [200, { ...body, sync_status: 'SYNCED' }])
  assert.deepEqual(collecting.plans.get(id), { intervalMs: 900_000, historic: false })
})

test('004-12 of requests for the same array at once, one registers it', async (t) => {
  const { request, registry } = await api(t)
  const answers = await Promise.all(Array.from({ length: 8 }, () => request('POST', '/storages', { ...seed, extra_attributes: few })))
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array(7).fill(400)])
  assert.equal((await registry.list()).length, 1)
})

test('004-24 a driver that nobody has is told', async (t) => {
  const { request } = await api(t)
  const { status, body } = await request('POST', '/storages', { ...seed, model: 'x' })
  assert.deepEqual(
    [status, body],
    [
      404,
      {
        error_code: 'StorageDriverNotFound',
        error_msg: "Storage driver 'fake_storage x'could not be found.",
        error_args: ['fake_storage x'],
      },
    ],
  )
})

test('GET storages: filters, order, pages', async (t) => {
  const { request, register, clock } = await api(t)
  const ids: string[] = []
  for (const name of ['one', 'two', 'three']) {
    ids.push(await register({ storage_name: name, rest: { ...seed.rest, host: name } }))
    await clock.advance(1000)
  }
  const names = async (query: string) => (await request('GET', `/storages${query}`)).body.storages.map(({ name }: { name: string }) => name)
  assert.deepEqual(await names(''), ['three', 'two', 'one'])
  assert.deepEqual(await names('?sort=name:asc'), ['one', 'three', 'two'])
  assert.deepEqual(await names('?sort=vendor:asc,name:desc&limit=2'), ['two', 'three'])
  assert.deepEqual(await names('?sort_key=name&sort_dir=asc&offset=1'), ['three', 'two'])
  assert.deepEqual(await names(`?sort=name:asc&marker=${ids[0]}`), ['three', 'two'])
  assert.deepEqual(await names('?name=two&nothing=here'), ['two'])
  assert.deepEqual(await names('?name=one&name=three'), ['three'])
  assert.deepEqual(await names('?vendor=fake_storage'), [])
  assert.deepEqual(await names('?limit=0'), [])
  assert.deepEqual(await names('?limit=9999').then(({ length }: unknown[]) => length), 3)
  for (const [query, why] of [
    ['limit=-1', 'limit param must be positive'],
    ['limit=x', 'limit param must be an integer'],
    ['offset=1.5', 'offset param must be an integer'],
    ['limit=99999999999999999999', 'limit param must be an integer'],
    ['sort=name:up', 'Sort direction "up" is not asc or desc'],
  ]) {
    const { status, body } = await request('GET', `/storages?${query}`)
    assert.deepEqual([status, body], [400, { error_code: 'InvalidInput', error_msg: `Invalid input received. ${why}`, error_args: [why] }])
  }
  assert.equal((await request('GET', "/storages?sort=name';DROP TABLE x:asc")).status, 400)
})

test('DELETE storages: 202, and nothing of it is left', async (t) => {
  const { request, register, registry, collecting } = await api(t)
  const id = await register()
  assert.equal((await request('GET', '/volumes')).body.volumes.length, 5)
  const { status, text } = await request('DELETE', `/storages/${id}`)
  assert.deepEqual([status, text], [202, ''])
  const gone = await request('GET', `/storages/${id}`)
  assert.deepEqual(
    [gone.status, gone.body],
    [404, { error_code: 'StorageNotFound', error_msg: `Storage ${id} could not be found.`, error_args: [id] }],
  )
  assert.equal((await request('DELETE', `/storages/${id}`)).status, 404)
  assert.deepEqual((await request('GET', '/volumes')).body.volumes, [])
  assert.deepEqual((await request('GET', '/access-infos')).body.access_infos, [])
  assert.equal(await registry.source(id), undefined)
  assert.equal(collecting.plans.has(id), false)
  await register()
})

test('what was registered is there after a restart, and its password is read by nobody who has the files', async (t) => {
  const before = await api(t)
  const password = 'correct horse battery staple'
  const community_string = 'a community of its own'
  const id = await before.register({ storage_name: 'kept', rest: { ...seed.rest, password } })
  await before.request('PUT', `/storages/${id}/snmp-config`, { host: '10.0.0.1', version: 'SNMPv2c', community_string })
  await before.request('PUT', `/storages/${id}/metrics-config`, {
    array_polling: { perf_collection: true, interval: 7, is_historic: true },
  })
  const listed = (await before.request('GET', '/storages')).body
  const volumes = (await before.request('GET', '/volumes')).body
  await before.close()
  const file = readFileSync(join(before.folder, 'arrays.db'), 'latin1')
  assert.ok(file.includes('kept'))
  for (const secret of [password, community_string].flatMap((text) => [text, Buffer.from(text).toString('base64')]))
    assert.ok(!file.includes(secret))

  const after = await api(t, { folder: before.folder })
  assert.deepEqual((await after.request('GET', '/storages')).body, listed)
  assert.deepEqual((await after.request('GET', '/volumes')).body, volumes)
  assert.deepEqual(await after.registry.plans(), [{ id, intervalMs: 7000, historic: true }])
  assert.equal((await after.registry.accesses.get(id))!.access.rest!.password, password)
  assert.equal((await after.registry.trapSources())[0]!.community_string, community_string)
  await after.close()
  await assert.rejects(api(t, { folder: before.folder, vaultKey: new Secret('b6'.repeat(32)) }), {
    code: 'DESTINATION_UNAVAILABLE',
    hint: /arrays\.key/,
  })
})
