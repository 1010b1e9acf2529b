import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, ok, retry } from '../../sdk.ts'
import { measure, minuteMs, minutes, noon, World } from './arrays.fixture.ts'

const every5 = { intervalMs: 5 * minuteMs, historic: false }
const historic = { intervalMs: 5 * minuteMs, historic: true }
const context = createContext()

test('after a restart every array goes on with its plan, and the windows that were missed are collected', async (t) => {
  const world = new World()
  for (const id of ['a', 'b']) world.plans.set(id, every5)
  const before = await world.start(t)
  await world.clock.advance(5 * minuteMs)
  await before.stop?.(context)
  world.asked.length = 0
  await world.clock.advance(17 * minuteMs)
  await world.start(t)
  await world.clock.advance(0)
  assert.deepEqual(world.spans, [
    [4, 10],
    [4, 10],
    [9, 15],
    [9, 15],
    [14, 20],
    [14, 20],
  ])
})

test('a window that failed is kept over a restart', async (t) => {
  const world = new World()
  world.plans.set('a', every5)
  world.measured = () => {
    throw new Error('down')
  }
  const before = await world.start(t)
  await before.stop?.(context)
  const { measured } = new World()
  world.measured = measured
  await world.clock.advance(5 * minuteMs)
  await world.start(t)
  await world.clock.advance(0)
  assert.deepEqual(
    [...new Set(world.values)],
    Array.from({ length: 11 }, (_, n) => n - 6),
  )
})

test('004-14 is_historic collects once what the array has kept from before, oldest first, beside what it measures now', async (t) => {
  const world = new World()
  world.retentionMs = 40 * minuteMs
  const arrays = await world.start(t)
  await arrays.collect('a', historic)
  await world.clock.advance(0)
  assert.deepEqual(
    world.spans.toSorted(([a], [b]) => a - b),
    [
      [-40, -25],
      [-25, -10],
      [-10, -5],
      [-6, 0],
    ],
  )
  await arrays.collect('a', historic)
  await arrays.stop?.(context)
  world.plans.set('a', historic)
  await world.start(t)
  await world.clock.advance(5 * minuteMs)
  assert.deepEqual(world.spans.slice(4), [[-1, 5]])
  assert.deepEqual(
    [...new Set(world.values.map(Number))].sort((a, b) => a - b),
    Array.from({ length: 45 }, (_, n) => n - 40),
  )
})

test('004-14 a piece of the history that fails is tried again, over a restart too; asked for later, it ends where collecting began', async (t) => {
  const world = new World()
  world.retentionMs = 40 * minuteMs
  const before = await world.start(t)
  await before.collect('a', every5)
  await world.clock.advance(10 * minuteMs)
  world.asked.length = 0
  let broken = true
  world.measured = async function* (span) {
    if (broken && span.endMs < noon) throw new Error('busy')
    yield [measure('iops', minutes(span))]
  }
  await before.collect('a', historic)
  await world.clock.advance(minuteMs)
  assert.deepEqual(world.spans, [[-30, -15]])
  await before.stop?.(context)
  broken = false
  world.plans.set('a', historic)
  await world.start(t)
  await world.clock.advance(0)
  assert.deepEqual(world.spans.slice(1), [
    [-29, -14],
    [-14, -5],
  ])
})

test('004-14 the history of an array that is away at the start is collected when it is back, over a restart too', async (t) => {
  const world = new World()
  world.retentionMs = 40 * minuteMs
  world.away = true
  const { measured } = world
  world.measured = () => {
    throw new Error('nobody is there')
  }
  world.plans.set('a', historic)
  const before = await world.start(t)
  await world.clock.advance(7 * minuteMs)
  await before.stop?.(context)
  await world.start(t)
  await world.clock.advance(3 * minuteMs)
  assert.deepEqual(world.values, [])
  world.away = false
  world.measured = measured
  await world.clock.advance(5 * minuteMs)
  await world.clock.advance(5 * minuteMs)
  assert.deepEqual(
    world.values.map(Number).sort((a, b) => a - b),
    Array.from({ length: 48 }, (_, n) => n - 28),
  )
})

test('004-14 an array that keeps nothing has no history', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  await arrays.collect('a', historic)
  await world.clock.advance(0)
  assert.deepEqual(world.spans, [[-6, 0]])
})

test('004-13 with a shorter interval it goes on from the last that has closed, and what was left before that is history, in one piece', async (t) => {
  const world = new World()
  world.retentionMs = 40 * minuteMs
  world.take = () => retry(new Error('not yet'))
  const arrays = await world.start(t)
  await arrays.collect('a', { intervalMs: 15 * minuteMs, historic: false })
  await world.clock.advance(12 * minuteMs)
  world.take = () => ok
  world.asked.length = 0
  await arrays.collect('a', { intervalMs: minuteMs, historic: true })
  await world.clock.advance(minuteMs)
  assert.deepEqual(
    world.spans.toSorted(([a], [b]) => a - b),
    [
      [-28, -15],
      [-15, 0],
      [0, 11],
      [10, 12],
      [11, 13],
    ],
  )
  assert.deepEqual(
    [...new Set(world.values)].toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 41 }, (_, n) => n - 28),
  )
})
