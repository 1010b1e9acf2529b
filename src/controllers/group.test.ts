import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ComputeExportControllerGroup } from './group.ts'
import { hourMs, minuteMs, World } from './windows.fixture.ts'

const dayMs = 24 * hourMs

function setUp() {
  const hours = new World()
  const days = new World()
  const hourly = hours.controller()
  const daily = days.controller({ resolution: '1d', sourceResolution: '1h' })
  return { hours, days, hourly, daily, group: new ComputeExportControllerGroup([hourly, daily]) }
}

test('000-28 000-29 an hourly and a daily controller, every ten minutes', async () => {
  const { hours, days, group } = setUp()
  assert.equal(group.name, '[load-1h/load-1d]')
  assert.deepEqual(group.resolutions(), [hourMs, dayMs])
  assert.equal(group.start('10m'), true)
  assert.equal(group.start('10m'), false)
  await Promise.all([hours.clock.advance(dayMs), days.clock.advance(dayMs)])
  await group.stop()
  assert.equal(hours.exported.length, 25)
  assert.deepEqual(
    days.exported.map(({ startMs }) => new Date(startMs).toISOString()),
    ['2026-01-04T00:00:00.000Z', '2026-01-05T00:00:00.000Z'],
  )
  assert.equal(group.start('10m'), true)
  await group.stop()
})

test('one that runs already is told, and keeps none of the others from running', async () => {
  const { hours, days, hourly, daily, group } = setUp()
  hourly.start('10m')
  assert.equal(group.start('10m'), false)
  assert.equal(daily.start('10m'), false, 'it runs')
  await Promise.all([hours.clock.advance(minuteMs), days.clock.advance(minuteMs)])
  await group.stop()
  assert.deepEqual([hourly.health(), daily.health()], [{ state: 'stopped' }, { state: 'stopped' }])
})

test('none is started for an interval that is none, and a group of none never starts', () => {
  const { group, hourly } = setUp()
  assert.throws(() => group.start('soon'), { code: 'INVALID_DURATION' })
  assert.deepEqual(hourly.health(), { state: 'stopped' })
  const empty = new ComputeExportControllerGroup([])
  assert.equal(empty.name, '[]')
  assert.equal(empty.start('10m'), false)
})
