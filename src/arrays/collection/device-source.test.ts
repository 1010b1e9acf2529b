import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, type Log, silent } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import type { ArrayDevice } from '../driver.ts'
import fake from '../drivers/fake/fake.ts'
import type { AlertData } from '../third-party/alert-data.ts'
import { minuteMs, noon, World } from './arrays.fixture.ts'
import { deviceSource } from './device-source.ts'

const array = { id: 'a', name: 'fake driver', vendor: 'fake_vendor', model: 'fake_model', serial_number: 'S-1' }
const connect = async () =>
  fake.connect({ id: 'a', access: { rest: { host: 'x', port: 1, username: 'u', password: 'p' } }, host: createTestHost() })

test('004-16 a made-up array: its measures every minute, and its four alerts whatever the span', async (t) => {
  const world = new World()
  const source = deviceSource(array, await connect())
  world.source = () => source
  const arrays = await world.start(t)
  await arrays.collect('a', { intervalMs: 10_000, historic: false })
  for (let tries = 0; world.points.length < 31_000 && tries < 500; tries++) await world.clock.advance(20)
  const points = world.points.filter(({ series }) => series.name === 'volume_iops')
  assert.equal(points.length, 2000)
  assert.equal(points[0]!.timeMs, noon - minuteMs)
  assert.ok(world.points.length > 30_000)
  assert.equal(await arrays.syncAlerts('a', { startMs: 0, endMs: 99_999_999 }), 4)
  assert.deepEqual(
    world.taken.map(({ name }) => name),
    ['SNMP connect failed', 'Link state down', 'Power failure', 'Communication failure'],
  )
  assert.equal(source.retentionMs, 4_500_000)
})

test('a device that measures nothing and has no alerts gives nothing', async () => {
  const device: ArrayDevice = { describe: async () => ({ ...array, status: 'normal' }), resources: {} }
  const source = deviceSource(array, device)
  const context = createContext()
  assert.deepEqual(await Array.fromAsync(source.measured({ startMs: 0, endMs: 1 }, context)), [])
  assert.deepEqual([await source.alerts(undefined, context), source.retentionMs], [[], undefined])
})

test('what a device tells of that is no alert is left out, and the log tells why', async () => {
  const alert = { alert_name: 'Link down', occur_time: noon } as AlertData
  const device: ArrayDevice = {
    describe: async () => ({ ...array, status: 'normal' }),
    resources: {},
    alerts: async () => [alert, { ...alert, occur_time: 'now' as unknown as number }, null as unknown as AlertData],
  }
  const warned: unknown[] = []
  const log: Log = { ...silent, warn: (_message, fields) => void warned.push(String(fields?.error)) }
  assert.deepEqual(await deviceSource(array, device).alerts(undefined, createContext({ log })), [alert])
  assert.deepEqual(warned, [
    'TypeError: alerts[1].occur_time: Invalid input: expected number, received string',
    'TypeError: alerts[2]: Invalid input: expected object, received null',
  ])
})
