import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, retry } from '../../sdk.ts'
import type { AlertData } from '../third-party/alert-data.ts'
import { minuteMs, noon, World } from './arrays.fixture.ts'

const fault = (alert_name: string, severity: AlertData['severity'] = 'Major'): AlertData => ({
  alert_id: '1',
  alert_name,
  severity,
  category: 'Fault',
  type: 'EquipmentAlarm',
  occur_time: noon,
})
const regularly = { collection: { alertsInterval: '5m' } }

const told = (world: World) =>
  world.taken.map(({ name, severity, status, endsAtMs }) => [name, severity, status, endsAtMs && (endsAtMs - noon) / minuteMs])

test('every array is asked for its alerts at the start and every interval, and only news is handed on', async (t) => {
  const world = new World()
  world.alerts = [fault('A'), fault('B')]
  await world.start(t, regularly)
  await world.clock.advance(5 * minuteMs)
  world.alerts = [fault('B', 'Critical')]
  await world.clock.advance(5 * minuteMs)
  await world.clock.advance(5 * minuteMs)
  assert.deepEqual(told(world), [
    ['A', 'major', 'firing', undefined],
    ['B', 'major', 'firing', undefined],
    ['B', 'critical', 'firing', undefined],
    ['A', 'major', 'resolved', 10],
  ])
  for (let minutes = 15; minutes < 70; minutes += 5) await world.clock.advance(5 * minuteMs)
  assert.deepEqual(told(world).slice(4), [['B', 'critical', 'firing', undefined]])
})

test('what ended while nothing ran is over at the next start', async (t) => {
  const world = new World()
  world.alerts = [fault('A'), fault('B')]
  const arrays = await world.start(t, regularly)
  await arrays.stop?.(createContext())
  world.alerts = [fault('B')]
  await world.clock.advance(minuteMs)
  await world.start(t, regularly)
  assert.deepEqual(told(world).slice(2), [['A', 'major', 'resolved', 1]])
})

test('nor is it forgotten when the process is killed, a second later', async (t) => {
  const world = new World()
  world.alerts = [fault('A')]
  await world.start(t, regularly)
  await world.clock.advance(1000)
  world.alerts = []
  await world.start(t, regularly)
  assert.deepEqual(told(world), [
    ['A', 'major', 'firing', undefined],
    ['A', 'major', 'resolved', 1 / 60],
  ])
})

test('what nobody took before a stop is news at the next start', async (t) => {
  const world = new World()
  const { take } = world
  world.take = () => retry(new Error('full'))
  world.alerts = [fault('A')]
  const arrays = await world.start(t, regularly)
  await arrays.stop?.(createContext())
  assert.deepEqual(told(world), [])
  world.take = take
  await world.start(t, regularly)
  assert.deepEqual(told(world), [['A', 'major', 'firing', undefined]])
})

test('an array that is removed while it answers has no alerts, and nothing of it is kept', async (t) => {
  const world = new World()
  world.alerts = [fault('A')]
  const arrays = await world.start(t, regularly)
  await world.clock.advance(1000)
  assert.ok(world.saved.has('a alerts'))
  let answer = (_alerts: readonly AlertData[]) => {}
  world.listAlerts = () => new Promise((resolve) => (answer = resolve))
  await world.clock.advance(5 * minuteMs)
  world.registered = false
  await arrays.remove('a')
  answer([fault('A')])
  await world.clock.advance(1000)
  assert.deepEqual(
    told(world).map(([name, , status]) => [name, status]),
    [
      ['A', 'firing'],
      ['A', 'resolved'],
    ],
  )
  assert.deepEqual([...world.saved.keys()], [])
})

test('an array that does not tell is told of once, and asked again', async (t) => {
  const world = new World()
  world.listAlerts = async () => {
    throw new Error('it is busy')
  }
  world.arrayIds = ['a', 'b']
  const arrays = await world.start(t, regularly)
  assert.deepEqual(arrays.health?.(), { state: 'degraded', reason: 'alerts of a: it is busy' })
  world.listAlerts = async () => [fault('A')]
  await world.clock.advance(5 * minuteMs)
  assert.equal(arrays.health?.().state, 'healthy')
  assert.deepEqual(
    world.taken.map(({ id }) => id),
    ['a/A', 'b/A'],
  )
})

test('alerts that cannot be read any more are news', async (t) => {
  const world = new World()
  world.saved.set('a alerts', '{"version":1,')
  world.alerts = [fault('A')]
  await world.start(t, regularly)
  assert.deepEqual(told(world), [['A', 'major', 'firing', undefined]])
})
