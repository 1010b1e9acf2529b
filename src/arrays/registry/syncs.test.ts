import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WaybillError } from '../../sdk.ts'
import { api, few, seed } from '../api/api.fixture.ts'
import { type ArrayDevice, defineArrayDriver } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'

/** A driver of which each device is changed. */
const changed = (change: (device: ArrayDevice) => ArrayDevice) =>
  defineArrayDriver({ ...fake, vendor: 'changed', connect: async (options) => change(await fake.connect(options)) })

const body = { ...seed, vendor: 'changed', extra_attributes: few }

test('while an array is being asked it says so, and is not asked again', async (t) => {
  const asked = Promise.withResolvers<never[]>()
  const driver = changed((device) => ({ ...device, resources: { ...device.resources, disks: () => asked.promise } }))
  const { request, registry } = await api(t, { drivers: [driver] })
  const { id, sync_status } = (await request('POST', '/storages', body)).body
  assert.equal(sync_status, 'SYNCING')
  const again = await request('POST', `/storages/${id}/sync`)
  assert.deepEqual(
    [again.status, again.body],
    [400, { error_code: 'StorageIsSyncing', error_msg: `Storage ${id} is syncing now, please try again later.`, error_args: [id] }],
  )
  assert.equal((await request('POST', '/storages/sync')).status, 202)
  asked.resolve([])
  await registry.syncs.settled()
  assert.equal((await request('GET', `/storages/${id}`)).body.sync_status, 'SYNCED')
  assert.equal((await request('POST', `/storages/${id}/sync`)).status, 202)
  assert.equal((await request('POST', '/storages/abc/sync')).body.error_code, 'StorageNotFound')
})

test('what an array cannot tell stays as it was; the rest is new, and the failure is logged without the password', async (t) => {
  let fails = false
  const driver = changed((device) => ({
    ...device,
    resources: {
      ...device.resources,
      disks: async (context) => {
        if (fails) throw new Error('no disks for pass today')
        return device.resources.disks!(context)
      },
      ports: async (context) => (fails ? [{ native_port_id: 'p', type: 'tin' as 'fc' }] : device.resources.ports!(context)),
      volumes: async (context) => (await device.resources.volumes!(context)).slice(0, fails ? 1 : 2),
    },
  }))
  const { request, register, registry, logged } = await api(t, { drivers: [driver] })
  const id = await register(body)
  const disks = (await request('GET', '/disks')).body
  const ports = (await request('GET', '/ports')).body
  fails = true
  await request('POST', `/storages/${id}/sync`)
  await registry.syncs.settled()
  assert.deepEqual([(await request('GET', '/disks')).body, (await request('GET', '/ports')).body], [disks, ports])
  assert.equal((await request('GET', '/volumes')).body.volumes.length, 1)
  assert.equal((await request('GET', `/storages/${id}`)).body.status, 'normal')
  assert.deepEqual(
    logged.map(([message, fields]) => [message, fields!.part]),
    [
      ['a part of an array could not be synchronised', 'ports'],
      ['a part of an array could not be synchronised', 'disks'],
    ],
  )
  assert.equal((logged[1]![1]!.error as Error).message, 'Exception from Storage Backend: no disks for [redacted] today.')
})

test('an array that does not answer is offline until it does', async (t) => {
  let away = false
  const driver = changed((device) => ({
    ...device,
    describe: async (context) => {
      if (away) throw new Error('away')
      return { ...(await device.describe(context)), firmware_version: '2.0.0' }
    },
  }))
  const { request, register, registry } = await api(t, { drivers: [driver] })
  const id = await register({ ...body, storage_name: 'mine' })
  const sync = async () => {
    await request('POST', `/storages/${id}/sync`)
    await registry.syncs.settled()
    const { status, name, firmware_version } = (await request('GET', `/storages/${id}`)).body
    return [status, name, firmware_version]
  }
  away = true
  assert.deepEqual(await sync(), ['offline', 'mine', '2.0.0'])
  assert.equal((await request('GET', '/volumes')).body.volumes.length, 5)
  away = false
  assert.deepEqual(await sync(), ['normal', 'mine', '2.0.0'])
})

test('a sync that a stop cuts off is done after the next start; one of an array that is removed ends', async (t) => {
  let hangs = true
  const driver = changed((device) => ({
    ...device,
    resources: {
      ...device.resources,
      volumes: (context) => (hangs ? new Promise(() => {}) : device.resources.volumes!(context)),
    },
  }))
  const before = await api(t, { drivers: [driver] })
  const { id } = (await before.request('POST', '/storages', body)).body
  const other = (await before.request('POST', '/storages', { ...body, rest: { ...seed.rest, host: 'other' } })).body.id
  assert.equal((await before.request('DELETE', `/storages/${other}`)).status, 202)
  await before.close()
  hangs = false
  const after = await api(t, { drivers: [driver], folder: before.folder })
  await after.registry.syncs.settled()
  assert.equal((await after.request('GET', `/volumes?storage_id=${id}`)).body.volumes.length, 5)
  await after.close()
  const last = await api(t, { drivers: [driver], folder: before.folder })
  assert.equal(last.registry.syncs.isRunning(id), false)
})

test('what a driver tells is told with the field that is wrong', async (t) => {
  const describes = changed((device) => ({ ...device, describe: async () => ({ name: 1 }) as never }))
  const lists = changed((device) => ({
    ...device,
    resources: { disks: async () => [{ native_disk_id: 'd', capacity: 'large' } as never] },
  }))
  const wrong = await api(t, { drivers: [describes] })
  const { status, body: refused } = await wrong.request('POST', '/storages', body)
  assert.deepEqual(
    [status, refused.error_msg],
    [500, 'Exception from Storage Backend: describe.name: Invalid input: expected string, received number.'],
  )
  const { register, logged } = await api(t, { drivers: [lists] })
  await register(body)
  assert.match(String(logged[0]![1]!.error), /disks\[0\]\.capacity: Invalid input: expected number, received string/)
})

test('a package that a driver needs is told with the command that installs it', async (t) => {
  const needs = defineArrayDriver({
    ...fake,
    vendor: 'changed',
    connect() {
      throw new WaybillError('PACKAGE_MISSING', 'the package ssh2 is not installed', { hint: 'run: npm install "ssh2@^1.16.0"' })
    },
  })
  const { request } = await api(t, { drivers: [needs] })
  assert.match(
    (await request('POST', '/storages', body)).body.error_msg,
    /the package ssh2 is not installed; run: npm install "ssh2@\^1\.16\.0"\.$/,
  )
})
