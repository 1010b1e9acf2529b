import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../../../sdk.ts'
import { ManualClock } from '../../../testing/manual-clock.ts'
import { createTestHost } from '../../../testing/test-host.ts'
import type { ArrayDevice } from '../../driver.ts'
import { deviceSchema, nativeIdOf, resourceKinds, resourceSchemas } from '../../model/resources.ts'
import { alertOf } from '../../third-party/alert-data.ts'
import type { MetricData } from '../../third-party/metric-data.ts'
import fake from './fake.ts'

const context = createContext()
const nowMs = Date.UTC(2026, 0, 5, 12)
const connect = async (extra_attributes: Record<string, string> = {}, id = 'array-1'): Promise<ArrayDevice> =>
  fake.connect({ id, access: { extra_attributes }, host: createTestHost({ clock: new ManualClock(nowMs) }) })

async function measured(device: ArrayDevice, startMs: number, endMs: number): Promise<MetricData[]> {
  const all: MetricData[] = []
  for await (const portion of device.measured!({ startMs, endMs }, context)) all.push(...portion)
  return all
}

const resources = async (device: ArrayDevice) =>
  Object.fromEntries(await Promise.all(resourceKinds.map(async (kind) => [kind, await device.resources[kind]!(context)] as const)))

test('004-16 fake storage tells the same of itself each time, and of every kind of resource', async () => {
  const device = await connect()
  const first = await resources(device)
  assert.deepEqual(
    Object.entries(first).map(([kind, { length }]) => [kind, length]),
    [
      ['storage_pools', 100],
      ['volumes', 2000],
      ['controllers', 5],
      ['ports', 10],
      ['disks', 100],
      ['filesystems', 10],
      ['qtrees', 100],
      ['quotas', 100],
      ['shares', 100],
      ['storage_host_initiators', 3],
      ['storage_hosts', 5],
      ['storage_host_groups', 5],
      ['port_groups', 5],
      ['volume_groups', 5],
      ['masking_views', 5],
    ],
  )
  assert.deepEqual(await resources(await connect()), first)
  assert.notDeepEqual(await resources(await connect({}, 'array-2')), first)
  for (const kind of resourceKinds) {
    const ids = first[kind]!.map((resource) => (resource as Record<string, unknown>)[nativeIdOf(kind)])
    assert.equal(new Set(ids).size, ids.length)
    for (const resource of first[kind]!) resourceSchemas[kind].parse(resource)
  }
})

test('004-16 fake storage describes itself as it is known', async () => {
  const described = await (await connect()).describe(context)
  const { name, description, vendor, model, status, firmware_version, location, serial_number } = deviceSchema.parse(described)
  assert.deepEqual(
    [name, description, vendor, model, status, firmware_version, location],
    ['fake_driver', 'fake driver.', 'fake_vendor', 'fake_model', 'normal', '1.0.0', 'HK'],
  )
  assert.match(serial_number, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(described.used_capacity! + described.free_capacity!, described.total_capacity)
  const of = async (...given: Parameters<typeof connect>) => (await (await connect(...given)).describe(context)).serial_number
  assert.equal(await of({ seed: '7' }, 'a'), await of({ seed: '7' }, 'b'))
  assert.notEqual(await of({}, 'a'), await of({}, 'b'))
})

test('004-16 fake storage measures every minute: some 500,000 points a cycle, of resources that it lists', async () => {
  const device = await connect()
  const metrics = await measured(device, nowMs - 960_000, nowMs)
  assert.equal(metrics.length, 9 + 100 * 7 + 2000 * 15 + 5 * 8 + 10 * 7 + 100 * 7 + 10 * 11)
  const points = metrics.reduce((sum, { values }) => sum + Object.keys(values).length, 0)
  assert.equal(points, metrics.length * 16)
  const pools = new Set((await device.resources.storage_pools!(context)).map((pool) => pool.native_storage_pool_id))
  for (const { name, labels, values } of metrics) {
    const type = labels.resource_type as keyof NonNullable<ArrayDevice['capabilities']>['resource_metrics']
    assert.equal(device.capabilities!.resource_metrics[type]![name as 'iops']!.unit, labels.unit)
    if (type === 'storagePool') assert.ok(pools.has(labels.resource_id!))
    for (const value of Object.values(values)) assert.ok(value >= 1 && value < 100)
  }
})

test('004-16 the same time is told the same again, however the spans lie', async () => {
  const device = await connect({ volumes: '3' })
  const whole = await measured(device, nowMs - 600_000, nowMs)
  const parts = [await measured(device, nowMs - 600_000, nowMs - 90_000), await measured(device, nowMs - 90_000, nowMs)]
  for (const [index, { values }] of whole.entries()) {
    assert.deepEqual({ ...parts[0]![index]!.values, ...parts[1]![index]!.values }, values)
    assert.equal(Object.keys(parts[0]![index]!.values).length, 9)
  }
  assert.deepEqual(await measured(device, nowMs + 1, nowMs + 59_999), [])
})

test('004-14 fake storage can tell of the last 75 minutes', async () => {
  const { capabilities } = await connect()
  assert.deepEqual([capabilities!.is_historic, capabilities!.performance_metric_retention_window], [false, 4500])
  assert.deepEqual(capabilities!.resource_metrics.disk!.iops, { unit: 'IOPS', description: 'Read/write operations per second' })
})

test('004-15 004-16 fake storage has four alerts, whatever the span: at times in milliseconds that stay', async () => {
  const device = await connect()
  const alerts = await device.alerts!({ startMs: 0, endMs: 99_999_999 }, context)
  assert.deepEqual(
    alerts.map(({ sequence_number, alert_name, severity, type, category, occur_time }) => [
      ...[sequence_number, alert_name, severity, type, category, occur_time],
    ]),
    [
      [100, 'SNMP connect failed', 'Major', 'OperationalViolation', 'Fault', nowMs],
      [101, 'Link state down', 'Critical', 'CommunicationsAlarm', 'Fault', nowMs],
      [102, 'Power failure', 'Fatal', 'OperationalViolation', 'Fault', nowMs],
      [103, 'Communication failure', 'Critical', 'CommunicationsAlarm', 'Fault', nowMs],
    ],
  )
  for (const { alert_id } of alerts) assert.match(alert_id, /^\d{7}$/)
  assert.deepEqual(await device.alerts!(undefined, context), alerts)
  const array = { id: 'a', name: 'fake_driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 's' }
  assert.equal(new Set(alerts.map((alert) => alertOf(alert, array).id)).size, 4)
  await device.clearAlert!('101', context)
  assert.deepEqual(
    (await device.alerts!(undefined, context)).map(({ sequence_number }) => sequence_number),
    [100, 102, 103],
  )
})

test('how much there is of it can be said, none of it too', async () => {
  const device = await connect({ volumes: '3', pools: '0', hosts: '1', groups: '2' })
  const { volumes, storage_pools, storage_host_groups } = await resources(device)
  assert.deepEqual([volumes!.length, storage_pools!.length], [3, 0])
  assert.equal((volumes![0] as Record<string, unknown>).native_storage_pool_id, null)
  assert.deepEqual(
    storage_host_groups!.map((group) => (group as Record<string, unknown>).storage_hosts),
    [['storage_host_0'], []],
  )
  for (const wrong of ['-1', '1.5', 'many', '', '100001'])
    await assert.rejects(async () => connect({ volumes: wrong }), { code: 'INVALID_OPTION', message: /volumes is a whole number/ })
})
