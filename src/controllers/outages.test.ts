import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ok, partial, retry } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { ComputeExportController } from './compute.ts'
import { hourMs, minuteMs, noon, World } from './windows.fixture.ts'

/** The state in which everything is settled up to so many hours from noon. */
const stateFrom = (hours: number, resolutionMs = hourMs) =>
  JSON.stringify({ version: 1, resolutionMs, nextMs: noon + hours * hourMs, pendingMs: [], dropped: 0, rejected: 0 })

const hourOf = ({ start }: Window) => (start.getTime() - noon) / hourMs

test('000-26 a restart goes on where the process before ended, however long ago', async () => {
  const world = new World()
  const first = world.controller()
  first.start('10m')
  await world.clock.advance(2 * hourMs + 30 * minuteMs)
  await first.stop()
  await world.clock.advance(10 * hourMs)
  const second = world.controller()
  second.start('10m')
  await world.clock.advance(hourMs)
  await second.stop()
  assert.deepEqual(world.finals, [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
})

test('windows that fail by themselves, more than fit in a tick, bar the way of none and come when they work', async () => {
  const world = new World()
  let poisoned: readonly number[] = [-1, 0, 1, 2, 3, 4]
  world.compute = async (window) => {
    if (poisoned.includes(hourOf(window))) throw new Error('poisoned')
    return 1
  }
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(20 * hourMs)
  assert.deepEqual(world.finals, [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
  const delays = world.exported.map(({ endMs, atMs }) => atMs - endMs)
  assert.deepEqual(Math.max(...delays.slice(1)), 0, 'none but the first after them is late')
  assert.equal(controller.pendingWindows, 6)
  poisoned = []
  await world.clock.advance(3 * hourMs)
  assert.deepEqual(new Set(world.finals), new Set(Array.from({ length: 24 }, (_, n) => n - 1)))
  assert.equal(world.finals.length, 24)
  await controller.stop()
})

test('a destination that is down is asked once a tick, later every twelve ticks', async () => {
  const world = new World()
  world.saved = stateFrom(-12, 4 * hourMs)
  const asked: number[] = []
  world.answer = async () => {
    asked.push((world.clock.now() - noon) / minuteMs)
    return retry(new Error('refused'), { scope: 'destination' })
  }
  const controller = world.controller({ resolution: '4h' })
  controller.start('1m')
  await world.clock.advance(hourMs)
  await controller.stop()
  assert.deepEqual(asked, [0, 1, 3, 7, 15, 27, 39, 51])
})

test('a stop in the middle of a tick lets the export finish, begins no other, and loses nothing', async () => {
  const world = new World()
  world.answer = () => world.clock.sleep(minuteMs).then(() => ({ status: 'ok' }))
  world.saved = stateFrom(-3)
  const first = world.controller({ replaces: true })
  first.start('10m')
  await world.clock.advance(90_000)
  const stopped = first.stop()
  await world.clock.advance(30_000)
  await stopped
  assert.deepEqual(world.finals, [-3, -2])
  assert.equal(world.exported.length, 2)
  const second = world.controller()
  second.start('10m')
  await world.clock.advance(minuteMs)
  await second.stop()
  assert.deepEqual(world.finals, [-3, -2, -1])
})

test('a stop ends a computation that heeds its signal, without a complaint, and lets an export be', async () => {
  const world = new World()
  const aborted: string[] = []
  const controller = world.controller({
    source: {
      name: 'slow',
      canCompute: () => true,
      compute: async (_window, _resolutionMs, { clock, signal }) => {
        await clock.sleep(hourMs, signal)
        signal.throwIfAborted()
        return 1
      },
    },
    exporter: {
      name: 'out',
      export: async (_window, _data, { clock, signal }) => {
        await clock.sleep(minuteMs, signal)
        aborted.push(String(signal.aborted))
        return ok
      },
    },
  })
  controller.start('10m')
  await world.clock.advance(0)
  await controller.stop()
  assert.deepEqual([controller.pendingWindows, world.logged], [1, []])
  controller.start('10m')
  await world.clock.advance(hourMs)
  const stopped = controller.stop()
  await world.clock.advance(minuteMs)
  await stopped
  assert.deepEqual([controller.pendingWindows, aborted], [0, ['false']])
})

test('a stop tells of windows that wait and are not kept', async () => {
  const world = new World()
  const source = { name: 'load', canCompute: () => false, compute: async () => 1 }
  const exporter = { name: 'out', export: async () => ok }
  const context = createContext({ clock: world.clock, log: world.log })
  const controller = new ComputeExportController({ source, exporter, context, resolution: '1h', sourceResolution: '1m', immediate: true })
  controller.start('10m')
  await world.clock.advance(hourMs)
  await controller.stop()
  assert.deepEqual(world.logged, [
    { level: 'warn', message: 'stopped with closed windows that are not exported and not kept', fields: { windows: 2 } },
  ])
})

test('what an exporter took only in part, with the rest to be tried again, stays pending', async () => {
  const world = new World()
  const answers = [partial([], [1])]
  world.answer = async () => answers.shift() ?? ok
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(minuteMs)
  assert.equal(controller.pendingWindows, 1)
  await world.clock.advance(10 * minuteMs)
  assert.deepEqual(world.finals, [-1])
  await controller.stop()
})

test('a crash between an export and the saving of the state repeats that window and no other', async () => {
  const world = new World()
  const save = world.save
  world.controller().start('10m')
  await world.clock.advance(hourMs)
  world.save = () => new Promise(() => {})
  await world.clock.advance(hourMs)
  world.save = save
  world.controller().start('10m')
  await world.clock.advance(hourMs)
  assert.deepEqual(world.finals, [-1, 0, 1, 2])
  assert.equal(world.saved && JSON.parse(world.saved).nextMs, noon + 3 * hourMs)
})

test('a state that cannot be read holds everything back until it can', async () => {
  const world = new World()
  world.saved = '{"version":1,"resolutionMs":60000}'
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(hourMs)
  assert.deepEqual(controller.health(), {
    state: 'unhealthy',
    reason: 'cannot read which windows are still to be exported: the saved state is of windows of 60000ms, these are of 3600000ms',
  })
  assert.deepEqual(world.exported, [])
  world.saved = stateFrom(1)
  await world.clock.advance(10 * minuteMs)
  assert.deepEqual(controller.health(), { state: 'healthy' })
  await world.clock.advance(hourMs)
  assert.deepEqual(world.finals, [1])
  await controller.stop()
})

test('a state that cannot be saved is told and stops no export', async () => {
  const world = new World()
  world.save = async () => {
    throw new Error('disk full')
  }
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(hourMs)
  assert.deepEqual(world.finals, [-1, 0])
  assert.deepEqual(controller.health(), { state: 'degraded', reason: 'cannot save which windows are still to be exported: disk full' })
  await controller.stop()
})

test('a clock set back repeats nothing, touches nothing that is final, and is told', async () => {
  const world = new World()
  const controller = world.controller({ replaces: true })
  controller.start('10m')
  await world.clock.advance(2 * hourMs)
  world.clock.offsetMs = -90 * minuteMs
  const before = world.exported.length
  await world.clock.advance(80 * minuteMs)
  assert.equal(world.exported.length, before)
  assert.deepEqual(controller.health(), {
    state: 'degraded',
    reason: 'the clock was set back: nothing is exported for 10m, which already was',
  })
  await world.clock.advance(70 * minuteMs)
  assert.deepEqual(world.finals, [-1, 0, 1, 2])
  await controller.stop()
})

test('a clock that jumps on takes in what it passed, up to the bound', async () => {
  const world = new World()
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(0)
  world.clock.offsetMs = 50 * 365 * 24 * hourMs
  await world.clock.advance(2 * hourMs)
  assert.equal(world.finals.length, 1 + 48)
  assert.equal(controller.droppedWindows, 50 * 365 * 24 - 48)
  await controller.stop()
})
