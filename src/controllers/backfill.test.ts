import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ok, reject, retry } from '../core/result.ts'
import { atWindowStart } from './at-window-start.ts'
import { hourMs, minuteMs, noon, World } from './windows.fixture.ts'

const at = (hours: number) => new Date(noon + hours * hourMs)

test('every window that touches the span and has closed is exported, oldest first, with its progress', async () => {
  const world = new World(noon + 30 * minuteMs)
  const controller = world.controller()
  const progress: unknown[] = []
  const report = await controller.backfill(new Date(noon - 2.5 * hourMs), at(5), {
    onProgress: ({ done, total, window, outcome }) =>
      progress.push([done, total, (window.start.getTime() - noon) / hourMs, outcome.status]),
  })
  assert.deepEqual(report, { total: 3, exported: 3, empty: 0, rejected: 0, failed: 0, unavailable: 0 })
  assert.deepEqual(progress, [
    [1, 3, -3, 'exported'],
    [2, 3, -2, 'exported'],
    [3, 3, -1, 'exported'],
  ])
  assert.equal((await controller.backfill(at(-2), at(-1))).total, 1)
  assert.equal((await controller.backfill(at(-1), at(-1))).total, 0)
  assert.equal((await controller.backfill(at(-1), at(-9))).total, 0)
})

test('each outcome is counted; what fails is not tried again', async () => {
  const world = new World()
  const hour = (start: Date) => (start.getTime() - noon) / hourMs
  world.canCompute = ({ start }) => hour(start) !== -5
  world.compute = async ({ start }) => (hour(start) === -4 ? undefined : 1)
  world.answer = async ({ start }) => {
    if (hour(start) === -3) return reject(new Error('malformed'))
    return hour(start) === -2 ? retry(new Error('refused')) : ok
  }
  const controller = world.controller()
  assert.deepEqual(await controller.backfill(at(-5), at(0)), { total: 5, exported: 1, empty: 1, rejected: 1, failed: 1, unavailable: 1 })
  assert.deepEqual(world.finals, [-1])
})

test('it can be ended between two windows', async () => {
  const world = new World()
  const end = new AbortController()
  const controller = world.controller()
  const report = await controller.backfill(at(-10), at(0), {
    signal: end.signal,
    onProgress: ({ done }) => {
      if (done === 3) end.abort()
    },
  })
  assert.deepEqual([report.total, report.exported], [10, 3])
})

test('what it exports is not pending any more, also for a tick that is under way', async () => {
  const world = new World()
  world.answer = async () => retry(new Error('refused'), { scope: 'destination' })
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(hourMs - 1)
  world.answer = () => world.clock.sleep(5 * minuteMs).then(() => ok)
  await world.clock.advance(minuteMs)
  assert.deepEqual([controller.pendingWindows, world.finals], [2, []], 'the first is under way')
  const running = controller.backfill(at(0), at(1))
  await world.clock.advance(10 * minuteMs)
  assert.equal((await running).exported, 1)
  await world.clock.advance(hourMs / 2)
  await controller.stop()
  assert.deepEqual(world.finals, [-1, 0])
})

test('its signal ends a computation that heeds it', async () => {
  const world = new World()
  const end = new AbortController()
  const controller = world.controller({
    source: {
      name: 'slow',
      canCompute: () => true,
      compute: (_window, _resolutionMs, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  const running = controller.backfill(at(-2), at(0), { signal: end.signal })
  await world.clock.advance(0)
  end.abort()
  assert.deepEqual(await running, { total: 2, exported: 0, empty: 0, rejected: 0, failed: 1, unavailable: 0 })
})

test('a window that has closed since the last tick is settled too', async () => {
  const world = new World()
  const controller = world.controller()
  controller.start('1d')
  await world.clock.advance(3 * hourMs)
  assert.equal((await controller.backfill(at(0), at(3))).exported, 3)
  await world.clock.advance(24 * hourMs)
  assert.deepEqual(world.finals.slice(0, 5), [-1, 0, 1, 2, 3])
  assert.equal(new Set(world.finals).size, world.finals.length)
  await controller.stop()
})

test('a window goes to an exporter of events with the time at which it began', async () => {
  const seen: unknown[] = []
  const exporter = atWindowStart({
    name: 'pipeline',
    destination: 'here',
    export: async (time: Date, data: string) => {
      seen.push([time, data])
      return ok
    },
  })
  assert.deepEqual([exporter.name, exporter.destination, exporter.health?.()], ['pipeline', 'here', { state: 'healthy' }])
  await exporter.start?.(createContext())
  await exporter.export({ start: at(0), end: at(1) }, 'load', createContext())
  await exporter.flush?.(createContext())
  await exporter.stop?.(createContext())
  assert.deepEqual(seen, [[at(0), 'load']])
})
