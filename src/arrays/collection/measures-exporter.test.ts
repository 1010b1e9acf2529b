import assert from 'node:assert/strict'
import { test } from 'node:test'
import { measure, minuteMs, noon, World } from './arrays.fixture.ts'

const every5 = { intervalMs: 5 * minuteMs, historic: false }

test('an array may tell samples of a series one by one, in any order: none is handed on twice', async (t) => {
  const world = new World()
  world.measured = async function* ({ startMs, endMs }) {
    const times: number[] = []
    for (let ms = Math.ceil(startMs / minuteMs) * minuteMs; ms < endMs; ms += minuteMs) times.unshift(ms)
    yield times.map((ms) => measure('iops', { [ms]: (ms - noon) / minuteMs }))
  }
  const arrays = await world.start(t)
  await arrays.collect('a', every5)
  await world.clock.advance(5 * minuteMs)
  assert.deepEqual(
    world.values.toSorted((a, b) => Number(a) - Number(b)),
    Array.from({ length: 11 }, (_, n) => n - 6),
  )
})

test('what is no number, or of no time or measure, is left out', async (t) => {
  const world = new World()
  world.measured = async function* ({ startMs }) {
    const wrong = { [startMs + 1]: null, [startMs + 2]: '7', [startMs + 3]: undefined, soon: 5 } as unknown as Record<string, number>
    const nameless = { values: { [startMs]: 1 } } as unknown as ReturnType<typeof measure>
    yield [nameless, measure('iops', { ...wrong, [startMs + 4]: 9 })]
  }
  const arrays = await world.start(t)
  await arrays.collect('a', every5)
  await world.clock.advance(0)
  assert.deepEqual(world.values, [9])
})
