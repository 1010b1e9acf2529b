import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, reject, retry } from '../../sdk.ts'
import { measure, minuteMs, minutes, noon, World } from './arrays.fixture.ts'

const every5 = { intervalMs: 5 * minuteMs, historic: false }

test('004-13 004-16 from when on it was asked for, what an array measures is handed on at once and then every interval', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  assert.deepEqual(world.values, [])
  await arrays.collect('a', every5)
  await world.clock.advance(0)
  assert.deepEqual(world.spans, [[-6, 0]])
  await world.clock.advance(10 * minuteMs)
  assert.deepEqual(world.spans, [
    [-6, 0],
    [-1, 5],
    [4, 10],
  ])
  assert.deepEqual(world.values, [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  const { series, timeMs } = world.points[0]!
  assert.equal(series.name, 'volume_iops')
  assert.deepEqual(Object.fromEntries(series.labels), {
    resource_type: 'volume',
    resource_id: 'volume_1',
    unit: 'IOPS',
    type: 'RAW',
    storage_id: 'a',
    storage_name: 'fake driver',
    serial_number: 'S-a',
  })
  assert.equal(timeMs, noon - 6 * minuteMs)
})

test('004-13 an interval shorter than that of the samples hands each on once', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  await arrays.collect('a', { intervalMs: 10_000, historic: false })
  await world.clock.advance(2 * minuteMs)
  assert.deepEqual(world.values, [-1, 0, 1])
})

test('004-13 no plan ends it and forgets it; another interval goes on where the one before was', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  await arrays.collect('a', every5)
  await world.clock.advance(5 * minuteMs)
  await arrays.collect('a', { intervalMs: minuteMs, historic: false })
  await world.clock.advance(2 * minuteMs)
  assert.deepEqual(world.spans.slice(2), [
    [4, 6],
    [5, 7],
  ])
  assert.ok(world.saved.size > 0)
  await arrays.collect('a', undefined)
  await world.clock.advance(20 * minuteMs)
  assert.equal(world.spans.length, 4)
  assert.equal(world.saved.size, 0)
  assert.deepEqual(arrays.figures().collections, [])
})

test('a sample that an array has late is handed on with the next collection', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.measured = async function* (span) {
    const values = minutes(span)
    // The newest is not there yet.
    if (span.endMs === noon) delete values[noon - minuteMs]
    yield [measure('iops', values)]
  }
  await arrays.collect('a', every5)
  await world.clock.advance(5 * minuteMs)
  assert.deepEqual(world.values, [-6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4])
})

test('a window that fails is kept and tried again, and those after it go on', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  let broken = true
  world.measured = async function* (span) {
    if (broken && span.endMs === noon + 5 * minuteMs) throw new Error('no route to the array')
    yield [measure('iops', minutes(span))]
  }
  await arrays.collect('a', every5)
  await world.clock.advance(10 * minuteMs)
  assert.equal(arrays.figures().collections[0]!.pendingWindows, 1)
  assert.match(JSON.stringify(arrays.health?.()), /no route to the array/)
  broken = false
  await world.clock.advance(10 * minuteMs)
  assert.equal(arrays.figures().collections[0]!.pendingWindows, 0)
  const times = world.values.toSorted((a, b) => Number(a) - Number(b))
  assert.deepEqual(
    [...new Set(times)],
    Array.from({ length: 26 }, (_, n) => n - 6),
  )
})

test('a window is tried until it is too old for the array, and then counted as dropped', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.retentionMs = 20 * minuteMs
  world.measured = () => {
    throw new Error('down')
  }
  await arrays.collect('a', every5)
  await world.clock.advance(60 * minuteMs)
  const [figures] = arrays.figures().collections
  assert.deepEqual([figures!.pendingWindows, figures!.droppedWindows], [4, 9])
})

test('an array that does not answer in time has failed; it is told that nobody waits', async (t) => {
  const world = new World()
  const arrays = await world.start(t, { collection: { timeout: '1m' } })
  world.measured = async function* () {
    await new Promise(() => {})
  }
  await arrays.collect('a', every5)
  await world.clock.advance(minuteMs)
  assert.match(JSON.stringify(arrays.health?.()), /did not answer in time/)
  assert.equal(arrays.figures().collections[0]!.pendingWindows, 1)
})

test('004-17 while nobody takes it, it is handed on again; nothing is lost and the array is not asked again', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.take = () => retry(new Error('full'))
  await arrays.collect('a', every5)
  await world.clock.advance(minuteMs)
  assert.deepEqual(world.values, [])
  const { take } = new World()
  world.take = take
  await world.clock.advance(1000)
  assert.deepEqual(world.values, [-6, -5, -4, -3, -2, -1])
  assert.equal(world.asked.length, 1)
})

test('what is refused for good is not asked for again', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.take = () => reject(new Error('never'))
  await arrays.collect('a', every5)
  await world.clock.advance(minuteMs)
  assert.equal(arrays.figures().collections[0]!.pendingWindows, 0)
})

test('many measures are handed on in batches of a usual size, from few arrays at once', async (t) => {
  const world = new World()
  let most = 0
  let now = 0
  world.measured = async function* (span) {
    most = Math.max(most, ++now)
    for (let portion = 0; portion < 30; portion++) {
      await new Promise((resolve) => setImmediate(resolve))
      yield Array.from({ length: 100 }, (_, n) => ({ ...measure('iops', minutes(span)), name: `measure${portion}_${n}` }))
    }
    now--
  }
  const arrays = await world.start(t, { collection: { concurrency: 2 } })
  for (const id of ['a', 'b', 'c', 'd']) await arrays.collect(id, every5)
  for (let tries = 0; world.points.length < 72_000 && tries < 1000; tries++) await world.clock.advance(20)
  assert.equal(world.points.length, 72_000)
  assert.equal(most, 2)
  assert.equal(world.batches.length, 16)
  assert.ok(world.batches.every((batch) => batch.signal === 'metrics' && batch.points.length < 5_010))
})

test('a stop does not wait for what nobody takes, and a removed array is nobody’s', async (t) => {
  const world = new World()
  const arrays = await world.start(t)
  world.take = () => retry(new Error('full'))
  await arrays.collect('a', every5)
  await arrays.stop?.(createContext())
  assert.deepEqual(arrays.health?.(), { state: 'stopped' })
  const other = new World()
  const more = await other.start(t)
  other.registered = false
  await more.collect('a', every5)
  await other.clock.advance(10 * minuteMs)
  assert.deepEqual(other.asked, [])
})
