import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partial, reject, retry } from '../core/result.ts'
import { errorIn, hourMs, minuteMs, noon, World } from './windows.fixture.ts'

test('000-23 000-24 the name is of source and resolution; started twice is false; it starts again after a stop', async () => {
  const world = new World()
  const controller = world.controller()
  assert.equal(controller.name, 'load-1h')
  assert.equal(controller.resolution, hourMs)
  assert.deepEqual(controller.health(), { state: 'stopped' })
  assert.equal(controller.start('10m'), true)
  assert.equal(controller.start('10m'), false)
  await controller.stop()
  await controller.stop()
  assert.equal(controller.start('10m'), true)
  await world.clock.advance(0)
  assert.deepEqual(controller.health(), { state: 'healthy' })
  await controller.stop()
  assert.deepEqual(world.finals, [-1])
})

test('000-26 a tick exports the window that has closed, once, and rewrites the one that is open', async () => {
  const world = new World(noon + 25 * minuteMs)
  const controller = world.controller({ replaces: true })
  controller.start('10m')
  await world.clock.advance(50 * minuteMs)
  await controller.stop()
  const told = world.exported.map(({ startMs, atMs, final }) => [
    (startMs - noon) / hourMs,
    (atMs - noon) / minuteMs,
    final ? 'final' : 'open',
  ])
  assert.deepEqual(told, [
    [-1, 25, 'final'],
    [0, 25, 'open'],
    [0, 30, 'open'],
    [0, 40, 'open'],
    [0, 50, 'open'],
    [0, 60, 'final'],
    [1, 60, 'open'],
    [1, 70, 'open'],
  ])
})

test('an exporter that cannot replace is given no open window', async () => {
  const world = new World()
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(2 * hourMs)
  await controller.stop()
  assert.deepEqual(
    world.exported.map(({ final }) => final),
    [true, true, true],
  )
})

test('without an immediate tick the first is at the next multiple of the interval', async () => {
  const world = new World(noon + 1)
  const controller = world.controller({ immediate: false })
  controller.start('10m')
  await world.clock.advance(10 * minuteMs - 2)
  assert.deepEqual(world.finals, [])
  await world.clock.advance(1)
  assert.deepEqual(world.finals, [-1])
  await controller.stop()
})

test('000-21 what cannot be computed yet waits without being a failure; what has no data is settled without an export', async () => {
  const world = new World()
  let ready = false
  world.canCompute = () => ready
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(hourMs)
  assert.equal(controller.pendingWindows, 2)
  assert.deepEqual(controller.health(), { state: 'healthy' })
  assert.deepEqual(world.logged, [])
  ready = true
  world.compute = async ({ start }) => (start.getTime() < noon ? undefined : 1)
  await world.clock.advance(10 * minuteMs)
  assert.deepEqual(world.finals, [0])
  assert.equal(controller.pendingWindows, 0)
  await controller.stop()
})

test('after an outage every window is exported once, oldest first, at most four in a tick', async () => {
  const world = new World()
  let up = false
  world.answer = async () => (up ? { status: 'ok' } : retry(new Error('refused')))
  const controller = world.controller()
  controller.start('5m')
  await world.clock.advance(5 * hourMs)
  assert.equal(controller.pendingWindows, 6)
  assert.deepEqual(controller.health(), { state: 'degraded', reason: '6 closed windows could not be exported yet: refused' })
  up = true
  await world.clock.advance(hourMs + 5 * minuteMs)
  await controller.stop()
  assert.deepEqual(world.finals, [-1, 0, 1, 2, 3, 4, 5])
  const perTick = Map.groupBy(world.exported, ({ atMs }) => atMs)
  assert.ok([...perTick.values()].every((exports) => exports.length <= 4))
  assert.equal(controller.droppedWindows, 0)
})

test('a window that is refused for good, or in part, is settled and told', async () => {
  const world = new World()
  const answers = [reject(new Error('malformed')), partial([{ index: 0, error: new Error('one row') }])]
  world.answer = async () => answers.shift() ?? { status: 'ok' }
  const controller = world.controller()
  controller.start('10m')
  await world.clock.advance(2 * hourMs)
  await controller.stop()
  assert.deepEqual([controller.rejectedWindows, controller.pendingWindows], [2, 0])
  assert.deepEqual(world.finals, [1])
  assert.deepEqual(
    world.logged.map(({ level, message, fields }) => [level, message, errorIn(fields)]),
    [
      ['error', 'a window was refused', 'malformed'],
      ['error', 'a window was refused', 'one row'],
    ],
  )
})

test('with too many pending the oldest are dropped, counted and told', async () => {
  const world = new World()
  world.answer = async () => retry(new Error('refused'), { scope: 'destination' })
  const controller = world.controller({ maxPending: 3 })
  controller.start('10m')
  await world.clock.advance(9 * hourMs)
  await controller.stop()
  assert.deepEqual([controller.pendingWindows, controller.droppedWindows], [3, 7])
  assert.equal(world.logged.filter(({ message }) => message.startsWith('dropped')).length, 7)
})

test('by default 48 windows may wait, or 7 of a day or longer', async () => {
  for (const [resolution, bound] of [
    ['1h', 48],
    ['1d', 7],
    ['1w', 7],
  ] as const) {
    const world = new World()
    world.canCompute = () => false
    const controller = world.controller({ resolution })
    controller.start('1h')
    await world.clock.advance(0)
    world.clock.offsetMs = 1000 * 7 * 24 * hourMs
    await world.clock.advance(hourMs)
    assert.equal(controller.pendingWindows, bound)
    await controller.stop()
  }
})

test('000-22 000-27 the source is told its resolution and may disregard it', async () => {
  const world = new World()
  const told: number[] = []
  const controller = world.controller({
    sourceResolution: '30s',
    source: { name: 'cost', canCompute: () => true, compute: async (_window, resolutionMs) => told.push(resolutionMs) },
  })
  controller.start('10m')
  await world.clock.advance(0)
  await controller.stop()
  assert.deepEqual(told, [30_000])
})

test('options that cannot be used are refused', () => {
  const world = new World()
  for (const options of [{ resolution: 0 }, { resolution: 0.5 }, { maxPending: 0 }, { maxPending: 1.5 }])
    assert.throws(() => world.controller(options), { code: 'INVALID_OPTION' })
  assert.throws(() => world.controller({ resolution: 'daily' }), { code: 'INVALID_DURATION' })
})
