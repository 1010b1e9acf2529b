import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resourceKinds } from '../model/resources.ts'
import { api, noon, seed } from './api.fixture.ts'

const ofAll = ['storage-pools', 'volumes', 'controllers', 'ports', 'disks', 'filesystems', 'qtrees', 'quotas', 'shares']
const ofOne = ['storage-host-initiators', 'storage-hosts', 'storage-host-groups', 'port-groups', 'volume-groups', 'masking-views']
const names: Readonly<Record<string, string>> = { 'storage-pools': 'Storage pool' }
const keyOf = (path: string) => path.replaceAll('-', '_')
const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

test('004-25 every kind of resource has its list, and what is of all arrays has one by itself', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  assert.deepEqual([...ofAll, ...ofOne].map(keyOf).sort(), [...resourceKinds].sort())
  for (const path of ofAll) {
    const { status, body } = await request('GET', `/${path}`)
    const [first, ...others] = body[keyOf(path)]
    assert.deepEqual([status, Object.keys(body), first.storage_id, others.length > 0], [200, [keyOf(path)], id, true])
    assert.deepEqual((await request('GET', `/${path}/${first.id}`)).body, first)
    const gone = await request('GET', `/${path}/abc`)
    const name = names[path] ?? upper(path.slice(0, -1))
    assert.deepEqual(
      [gone.status, gone.body],
      [404, { error_code: `${name.replace(' p', 'P')}NotFound`, error_msg: `${name} abc could not be found.`, error_args: ['abc'] }],
    )
  }
  for (const path of ofOne) {
    const { status, body } = await request('GET', `/storages/${id}/${path}`)
    assert.deepEqual([status, Object.keys(body), body[keyOf(path)][0].storage_id], [200, [keyOf(path)], id])
    assert.equal((await request('GET', `/storages/abc/${path}`)).body.error_code, 'StorageNotFound')
  }
})

test('004-25 a volume is shown with every field, what the array does not tell as null', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const { body } = await request('GET', '/volumes?native_volume_id=volume_3')
  const [{ id: own, total_capacity, used_capacity, free_capacity, type, ...volume }] = body.volumes
  assert.deepEqual(volume, {
    ...{ native_volume_id: 'volume_3', native_storage_pool_id: 'storagePool_1', name: 'fake_vol_3', description: 'Fake Volume' },
    ...{ status: 'available', wwn: 'fake_wwn_3', compressed: false, deduplicated: false },
    ...{ created_at: new Date(noon).toISOString(), updated_at: null, storage_id: id },
  })
  assert.equal(total_capacity, used_capacity + free_capacity)
  const [port] = (await request('GET', '/ports')).body.ports
  assert.deepEqual([port.mac_address, port.ipv6], [null, null])
  const [group] = (await request('GET', `/storages/${id}/volume-groups`)).body.volume_groups
  assert.deepEqual(group.volumes, ['volume_0', 'volume_1'])
})

test('004-25 resources by filter, in order and by page; those of one array by its id', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const other = await register({ rest: { ...seed.rest, host: 'other' } })
  const volumes = async (query: string) =>
    (await request('GET', `/volumes?${query}`)).body.volumes as { readonly [field: string]: string }[]
  assert.equal((await volumes('')).length, 10)
  assert.deepEqual(
    (await volumes(`storage_id=${other}`)).map(({ name }) => name),
    ['fake_vol_0', 'fake_vol_1', 'fake_vol_2', 'fake_vol_3', 'fake_vol_4'],
  )
  assert.deepEqual((await volumes('wwn=fake_wwn_2')).map(({ storage_id }) => storage_id).sort(), [id, other].sort())
  const sizes = (await volumes('sort=total_capacity:asc&limit=4')).map(({ total_capacity }) => Number(total_capacity))
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  )
  const [first, second] = await volumes('sort=name:desc,storage_id:asc')
  assert.deepEqual((await volumes(`sort=name:desc,storage_id:asc&marker=${first!.id}`))[0], second)
  assert.deepEqual(await volumes('status=error'), [])
  const { body } = await request('GET', '/quotas?user_group_name=usr_1&type=nothing')
  assert.deepEqual(body.quotas, [])
})

test('004-16 resources stay the same over syncs, by id as well', async (t) => {
  const { request, register, registry, clock } = await api(t)
  const id = await register()
  const everything = () => Promise.all(ofAll.map((path) => request('GET', `/${path}`).then(({ body }) => body)))
  const before = await everything()
  await clock.advance(60_000)
  assert.equal((await request('POST', `/storages/${id}/sync`)).status, 202)
  await registry.syncs.settled()
  assert.deepEqual(await everything(), before)
})
