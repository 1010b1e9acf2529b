import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Describe, type Point, type PointValue, series } from '../../sdk.ts'
import { ExposedSeries, type ExposedSeriesOptions } from './exposed-series.ts'

const make = (options: Partial<ExposedSeriesOptions> = {}) =>
  new ExposedSeries({ prefix: '', staleAfterMs: 1000, maxSeries: 10, ...options })
const point = (name: string, timeMs: number, value: PointValue, describe: Describe = {}, more: Partial<Point> = {}): Point => ({
  series: series(name, {}, describe),
  timeMs,
  value,
  ...more,
})
const delta: Describe = { kind: 'counter', temporality: 'delta' }
const values = (exposed: ExposedSeries) => exposed.points().map(({ series, value }) => [series.name, value])

test('the newest point of each series counts; one that is not newer changes nothing', () => {
  const exposed = make()
  for (const [timeMs, value] of [
    [5, 1],
    [5, 2],
    [4, 3],
    [6, 4],
    [1, 5],
  ] as const)
    assert.equal(exposed.take(point('a', timeMs, value), 0), undefined)
  assert.deepEqual(values(exposed), [['a', 4]])
})

test('the same series counts once, whichever object it is', () => {
  const exposed = make()
  const { series: interned } = point('a', 1, 1)
  exposed.take({ series: interned, timeMs: 1, value: 1 }, 0)
  exposed.take({ series: { ...interned }, timeMs: 2, value: 2 }, 0)
  assert.deepEqual(values(exposed), [['a', 2]])
})

test('deltas are added up since the first, each once', () => {
  const exposed = make()
  for (const [timeMs, value] of [
    [10, 3],
    [20, 4],
    [20, 4],
    [15, 9],
  ] as const)
    exposed.take(point('a', timeMs, value, delta, { startTimeMs: timeMs - 10 }), 0)
  assert.deepEqual(
    exposed.points().map(({ timeMs, startTimeMs, value }) => [timeMs, startTimeMs, value]),
    [[20, 0, 7]],
  )
  assert.match(exposed.take(point('a', 30, Number.NaN, delta), 0)!.message, /NaN cannot be added/)
  assert.match(exposed.take(point('b', 30, Number.NaN, delta), 0)!.message, /NaN cannot be added/)
  assert.deepEqual(values(exposed), [['a', 7]])
})

test('a series is let go without a new point for long enough, and when it has ended', () => {
  const exposed = make()
  exposed.take(point('a', 1, 1), 0)
  exposed.take(point('b', 1, 1), 0)
  exposed.take(point('b', 2, 1), 500)
  exposed.take(point('a', 1, 1), 900)
  exposed.expire(999)
  assert.equal(exposed.size, 2)
  exposed.expire(1000)
  assert.deepEqual(values(exposed), [['b', 1]])
  exposed.take(point('b', 3, Number.NaN, {}, { stale: true }), 1000)
  assert.equal(exposed.take(point('c', 2, Number.NaN, {}, { stale: true }), 1000), undefined)
  assert.equal(exposed.size, 0)
})

test('series beyond the bound are refused, those that are there go on', () => {
  const exposed = make({ maxSeries: 1 })
  exposed.take(point('a', 1, 1), 0)
  assert.equal(exposed.isFull, true)
  assert.match(exposed.take(point('b', 1, 1), 0)!.message, /cannot expose a new series: there are 1 already/)
  assert.equal(exposed.take(point('a', 2, 2), 0), undefined)
  assert.deepEqual(values(exposed), [['a', 2]])
})

test('what cannot be exposed is refused, until nothing stands in its way', () => {
  const exposed = make({ prefix: 'x' })
  exposed.take(point('a', 1, 1), 0)
  const counts = { count: 0, bounds: [], counts: [0] }
  assert.match(
    exposed.take(point('a', 1, counts, { kind: 'histogram' }), 0)!.message,
    /histogram x_a cannot be exposed beside the gauge x_a/,
  )
  assert.match(exposed.take(point('a', 2, counts), 0)!.message, /value of a gauge is a number/)
  assert.match(exposed.take(point('b', 1, counts, { kind: 'counter' }), 0)!.message, /value of a counter is a number/)
  assert.match(exposed.take(point('日本', 1, 1), 0)!.message, /nothing of the name/)
  exposed.expire(1000)
  assert.equal(exposed.take(point('a', 1, counts, { kind: 'histogram' }), 1000), undefined)
})
