/** What arrays measure and what they complain of, by the REST API. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../../sdk.ts'
import { defineArrayDriver } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'
import { api, noon } from './api.fixture.ts'

const polling = (perf_collection: boolean, interval = 10, is_historic = true) => ({
  array_polling: { perf_collection, interval, is_historic },
})

test('004-13 004-14 metrics-config: echoed, and collected so from now on, over restarts too; false stops', async (t) => {
  const { request, register, registry, collecting } = await api(t)
  const id = await register()
  const path = `/storages/${id}/metrics-config`
  const { status, body } = await request('PUT', path, polling(true))
  assert.deepEqual([status, body], [200, polling(true)])
  assert.deepEqual(collecting.plans.get(id), { intervalMs: 10_000, historic: true })
  assert.deepEqual(await registry.plans(), [{ id, intervalMs: 10_000, historic: true }])
  assert.equal((await request('PUT', path, polling(false))).status, 200)
  assert.equal(collecting.plans.get(id), undefined)
  assert.deepEqual(await registry.plans(), [])
  assert.equal((await request('PUT', '/storages/abc/metrics-config', polling(true))).body.error_code, 'StorageNotFound')
})

test('004-25 capabilities: what the array can measure', async (t) => {
  const { request, register } = await api(t)
  const { status, body } = await request('GET', `/storages/${await register()}/capabilities`)
  assert.deepEqual([status, body.metadata], [200, { vendor: 'fake_vendor', model: 'fake_model' }])
  assert.deepEqual([body.spec.is_historic, body.spec.performance_metric_retention_window], [false, 4500])
  assert.deepEqual(Object.keys(body.spec.resource_metrics), [
    'storage',
    'storagePool',
    'volume',
    'controller',
    'port',
    'disk',
    'filesystem',
  ])
  assert.deepEqual(body.spec.resource_metrics.controller.cpuUsage, { unit: '%', description: 'Percentage of cpu usage.' })
})

test('004-25 capabilities that a driver does not have, or not as they must be, are told', async (t) => {
  const having = (model: string, capabilities: object | undefined) =>
    defineArrayDriver({
      ...fake,
      model,
      connect: async (options) => {
        const { capabilities: _none, ...device } = await fake.connect(options)
        return { ...device, ...(capabilities && { capabilities: capabilities as never }) }
      },
    })
  const drivers = [having('none', undefined), having('empty', { is_historic: true, resource_metrics: {} }), having('wrong', {})]
  const { request, register } = await api(t, { drivers })
  const told: unknown[] = []
  for (const { model } of drivers) {
    const { status, body } = await request('GET', `/storages/${await register({ model })}/capabilities`)
    told.push([status, body.error_code])
  }
  assert.deepEqual(told, [
    [501, 'StorageCapabilityNotSupported'],
    [501, 'EmptyResourceMetrics'],
    [500, 'InvalidStorageCapability'],
  ])
})

test('004-15 004-16 alerts: those of the array, with what array they are of', async (t) => {
  const { request, register } = await api(t)
  const id = await register()
  const { serial_number } = (await request('GET', `/storages/${id}`)).body
  const { status, body } = await request('GET', `/storages/${id}/alerts?begin_time=0&end_time=99999999`)
  assert.equal(status, 200)
  assert.deepEqual(
    body.alerts.map(({ sequence_number }: { sequence_number: number }) => sequence_number),
    [100, 101, 102, 103],
  )
  const { alert_id, description, recovery_advice, ...alert } = body.alerts[0]
  assert.deepEqual(alert, {
    ...{ alert_name: 'SNMP connect failed', sequence_number: 100, category: 'Fault', severity: 'Major', type: 'OperationalViolation' },
    ...{ location: 'NetworkEntity=entity1', resource_type: 'Storage', occur_time: noon, match_key: null },
    ...{ storage_id: id, storage_name: 'fake_driver', vendor: 'fake_vendor', model: 'fake_model', serial_number },
  })
  const message = async (query: string) => (await request('GET', `/storages/${id}/alerts?${query}`)).body.error_msg
  assert.match(await message('begin_time=x'), /begin_time and end_time should be integer values in milliseconds\.$/)
  assert.match(await message('begin_time=5&end_time=5'), /end_time should be greater than begin_time\.$/)
  assert.match(await message('begin_time=0&end_time=-1'), /end_time should be greater than begin_time\.$/)
})

test('004-15 alerts/sync: the span that was asked for, its ends with it; {} is all', async (t) => {
  const { request, register, collecting } = await api(t)
  const id = await register()
  const path = `/storages/${id}/alerts/sync`
  for (const body of [{ begin_time: 0, end_time: 99_999_999 }, {}, { begin_time: 5 }, { end_time: 5 }]) {
    const { status, text } = await request('POST', path, body)
    assert.deepEqual([status, text], [200, ''])
  }
  assert.deepEqual(collecting.synced, [
    [id, { startMs: 0, endMs: 100_000_000 }],
    [id, undefined],
    [id, { startMs: 5, endMs: Number.MAX_SAFE_INTEGER }],
    [id, { startMs: Number.MIN_SAFE_INTEGER, endMs: 6 }],
  ])
  assert.equal((await request('POST', path, { begin_time: 6, end_time: 5 })).status, 400)
  assert.equal((await request('POST', '/storages/abc/alerts/sync', {})).body.error_code, 'StorageNotFound')
})

test('004-25 an alert is cleared at the array, and over for the exporters', async (t) => {
  const { request, register, collecting } = await api(t)
  const id = await register()
  const { status, text } = await request('DELETE', `/storages/${id}/alerts/101`)
  assert.deepEqual([status, text, collecting.cleared], [200, '', [id]])
  assert.equal((await request('GET', `/storages/${id}/alerts`)).body.alerts.length, 3)
  assert.equal((await request('DELETE', '/storages/abc/alerts/1')).body.error_code, 'StorageNotFound')
})

test('004-24 what collecting asks of an array that is registered', async (t) => {
  const { register, registry } = await api(t)
  const id = await register()
  const source = await registry.source(id)
  const { serial_number } = source!.array
  assert.deepEqual(source!.array, { id, name: 'fake_driver', vendor: 'fake_vendor', model: 'fake_model', serial_number })
  assert.equal(source!.retentionMs, 4_500_000)
  assert.equal(await registry.source('abc'), undefined)
})

test('004-24 an array that cannot be reached at a start is asked again later', async (t) => {
  let reachable = true
  const driver = defineArrayDriver({
    ...fake,
    vendor: 'away',
    async connect(options) {
      if (!reachable) throw new Error('nobody is there')
      return fake.connect(options)
    },
  })
  const before = await api(t, { drivers: [driver] })
  const id = await before.register({ vendor: 'away' })
  await before.close()
  reachable = false
  const { registry } = await api(t, { drivers: [driver], folder: before.folder })
  const source = await registry.source(id)
  assert.equal(source!.away, true)
  const context = createContext()
  await assert.rejects(source!.alerts(undefined, context), /nobody is there/)
  await assert.rejects(Array.fromAsync(source!.measured({ startMs: 0, endMs: 1 }, context)), /nobody is there/)
  reachable = true
  assert.equal((await source!.alerts(undefined, context)).length, 4)
  assert.equal((await Array.fromAsync(source!.measured({ startMs: 0, endMs: 60_000 }, context))).flat().length > 0, true)
  const back = await registry.source(id)
  assert.deepEqual([back!.away, back!.retentionMs], [undefined, 4_500_000])
})

test('004-12 seed bodies are taken as they are', async (t) => {
  const { request } = await api(t)
  const json = { 'content-type': 'application/json' }
  const text = `{
"vendor": "fake_storage",
"model": "fake_driver",
"rest": {
"host" : "10.0.0.1",
"port" : 8078,
"username" : "username",
"password" : "pass"

}
}`
  const { status, body } = await request('POST', '/storages', text, json)
  assert.equal(status, 201)
  const config = '{\n"array_polling" : {\n\n"perf_collection": true,\n"interval": 10,\n"is_historic":true\n}\n}'
  assert.equal((await request('PUT', `/storages/${body.id}/metrics-config`, config, json)).status, 200)
  const sync = '{\n"begin_time" : 0,\n"end_time" : 99999999\n}'
  assert.equal((await request('POST', `/storages/${body.id}/alerts/sync`, sync, json)).status, 200)
})
