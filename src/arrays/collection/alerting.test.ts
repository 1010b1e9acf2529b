import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { retry } from '../../sdk.ts'
import type { AlertData } from '../third-party/alert-data.ts'
import { index7, linkDown, linkUp, plainSession, send } from '../traps/sending.fixture.ts'
import { minuteMs, noon, World } from './arrays.fixture.ts'

const fault = (alert_name: string, more: Partial<AlertData> = {}): AlertData => ({
  alert_id: '1',
  alert_name,
  severity: 'Major',
  category: 'Fault',
  type: 'EquipmentAlarm',
  occur_time: noon,
  ...more,
})
const traps = { traps: { listen: '127.0.0.1:0' } }
const source = { storage_id: 'a', host: '127.0.0.1', version: 'SNMPv2c', community_string: 'public' }

test('004-15 004-16 alerts that are asked for are handed on, each time, with the array filled in', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.alerts = ['A', 'B', 'C', 'D'].map((name) => fault(name))
  assert.equal(await arrays.syncAlerts('a', { startMs: 0, endMs: 99_999_999 }), 4)
  assert.equal(await arrays.syncAlerts('a', { startMs: 0, endMs: 99_999_999 }), 4)
  assert.equal(world.taken.length, 8)
  const [{ id, status, startsAtMs, labels } = assert.fail()] = world.taken
  assert.deepEqual([id, status, startsAtMs], ['a/A', 'firing', noon])
  assert.deepEqual(labels, {
    storage_id: 'a',
    storage_name: 'fake driver',
    vendor: 'fake_vendor',
    model: 'fake_model',
    serial_number: 'S-a',
    type: 'EquipmentAlarm',
    resource_type: 'Storage',
  })
})

test('an alert that the array lists no more is resolved, but not by asking for one span of time', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.alerts = [fault('A'), fault('B')]
  await arrays.syncAlerts('a')
  world.alerts = [fault('B')]
  await world.clock.advance(minuteMs)
  await arrays.syncAlerts('a', { startMs: 0, endMs: 1 })
  await arrays.syncAlerts('a')
  await arrays.syncAlerts('a')
  assert.deepEqual(
    world.taken.slice(2).map(({ name, status, endsAtMs }) => [name, status, endsAtMs]),
    [
      ['B', 'firing', undefined],
      ['B', 'firing', undefined],
      ['A', 'resolved', noon + minuteMs],
      ['B', 'firing', undefined],
    ],
  )
})

test('alerts that are cleared, and those of an array that is removed, are resolved', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.alerts = [fault('A', { sequence_number: 100 }), fault('B', { sequence_number: 101 })]
  await arrays.syncAlerts('a')
  await arrays.cleared('a', ({ annotations }) => annotations?.sequence_number === '100')
  await arrays.remove('a')
  assert.deepEqual(
    world.taken.slice(2).map(({ name, status }) => [name, status]),
    [
      ['A', 'resolved'],
      ['B', 'resolved'],
    ],
  )
})

test('of an array that is not registered nothing is asked', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.registered = false
  assert.equal(await arrays.syncAlerts('a'), 0)
  assert.deepEqual(world.taken, [])
})

test('alerts that nobody takes are handed on again, in their order', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  const { take } = world
  world.take = () => retry(new Error('full'))
  world.alerts = [fault('A')]
  const first = arrays.syncAlerts('a', { startMs: 0, endMs: 1 })
  await world.clock.advance(0)
  world.alerts = [fault('B')]
  const second = arrays.syncAlerts('a', { startMs: 0, endMs: 1 })
  await world.clock.advance(1000)
  world.take = take
  await world.clock.advance(1000)
  await Promise.all([first, second])
  assert.deepEqual(
    world.taken.map(({ name }) => name),
    ['A', 'B'],
  )
})

test('004-26 a trap told again is handed on once; a recovery with its match key resolves it; then it is news', async (t) => {
  const world = new World()
  world.trapSources = [source]
  const arrays = await world.start(t, traps)
  const session = plainSession(t, arrays.trapAddress()!.port)
  for (const oid of [linkDown, linkDown, linkUp, linkUp, linkDown]) {
    await world.clock.advance(1000)
    // An inform is answered when it was taken, so they come one after another.
    await send(session, oid, [index7], 'inform')
  }
  await until(() => world.taken.length === 3)
  assert.deepEqual(
    world.taken.map(({ id, name, severity, status, startsAtMs, endsAtMs }) => [
      id,
      name,
      severity,
      status,
      startsAtMs - noon,
      endsAtMs && endsAtMs - noon,
    ]),
    [
      ['a/linkDown|interface 7', 'linkDown', 'major', 'firing', 1000, undefined],
      ['a/linkDown|interface 7', 'linkDown', 'major', 'resolved', 1000, 3000],
      ['a/linkDown|interface 7', 'linkDown', 'major', 'firing', 5000, undefined],
    ],
  )
  assert.deepEqual(arrays.figures().traps, { taken: 5, dropped: 0, repeated: 2 })
})

test('what only a trap told of is not over because the array does not list it', async (t) => {
  const world = new World()
  world.trapSources = [source]
  const arrays = await world.start(t, traps)
  await send(plainSession(t, arrays.trapAddress()!.port), linkDown, [index7], 'inform')
  await until(() => world.taken.length === 1)
  world.alerts = [fault('A')]
  await arrays.syncAlerts('a')
  assert.deepEqual(
    world.taken.slice(1).map(({ name, status }) => [name, status]),
    [['A', 'firing']],
  )
})

test('the same trap is news again after some time, and at once when it got worse', async (t) => {
  const world = new World()
  world.trapSources = [source]
  let severity: AlertData['severity'] = 'Minor'
  world.alertOf = () => fault('Disk', { severity, match_key: 'disk-1' })
  const arrays = await world.start(t, traps)
  const session = plainSession(t, arrays.trapAddress()!.port)
  await send(session, linkDown, [], 'inform')
  severity = 'Critical'
  await send(session, linkDown, [], 'inform')
  await until(() => world.taken.length === 2)
  await world.clock.advance(60 * minuteMs)
  await send(session, linkDown, [], 'inform')
  await until(() => world.taken.length === 3)
  assert.deepEqual(
    world.taken.map(({ id, severity }) => [id, severity]),
    [
      ['a/disk-1', 'minor'],
      ['a/disk-1', 'critical'],
      ['a/disk-1', 'critical'],
    ],
  )
})

test('a trap that no standard names is an event with what it holds; sources that are added are listened to', async (t) => {
  const world = new World()
  const arrays = await world.start(t, traps)
  const session = plainSession(t, arrays.trapAddress()!.port)
  world.trapSources = [source]
  await arrays.trapSourcesChanged()
  await send(session, '1.3.6.1.4.1.2011.0.42', [index7], 'inform')
  await until(() => world.taken.length === 1)
  const { name, severity, annotations } = world.taken[0]!
  assert.deepEqual([name, severity, annotations?.category], ['1.3.6.1.4.1.2011.0.42', 'info', 'Event'])
  assert.match(annotations!.description!, /1\.3\.6\.1\.2\.1\.2\.2\.1\.1\.7 = 7/)
})

test('an array that does not tell its alerts in time has failed; before anybody listens nothing is asked', async (t) => {
  const world = new World()
  await assert.rejects(world.arrays({}).syncAlerts('a'), /nobody takes alerts yet/)
  const arrays = await world.start(t, { collection: { timeout: '1m' } })
  world.listAlerts = () => new Promise(() => {})
  const asking = assert.rejects(arrays.syncAlerts('a'), { code: 'TIMED_OUT' })
  await world.clock.advance(minuteMs)
  await asking
})

test('where the port for traps is taken, it is tried again, and what is measured is collected meanwhile', async (t) => {
  const taken = createSocket('udp4')
  await new Promise<void>((resolve) => taken.bind(0, '127.0.0.1', resolve))
  const world = new World()
  world.plans.set('a', { intervalMs: minuteMs, historic: false })
  const arrays = await world.start(t, { traps: { listen: `127.0.0.1:${taken.address().port}` } })
  assert.match(JSON.stringify(arrays.health?.()), /another program listens there/)
  assert.equal(arrays.trapAddress(), undefined)
  assert.equal(world.points.length, 2)
  await new Promise<void>((resolve) => taken.close(resolve))
  await world.clock.advance(10_000)
  await until(() => arrays.trapAddress() !== undefined)
  await until(() => arrays.health?.().state === 'healthy')
})

/** Until it holds: what comes over a socket is taken in its own time. */
async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries++) {
    assert.ok(tries < 500, 'it has not happened in five seconds')
    await pause(10)
  }
}
