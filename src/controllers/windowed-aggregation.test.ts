import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resource } from '../core/attributes.ts'
import { metrics, type RowsBatch } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import type { Point, PointValue } from '../core/point.ts'
import { type Describe, series } from '../core/series.ts'
import { alignWindow } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { combineRows, windowTable } from './window-rows.ts'
import { WindowedAggregation, type WindowedAggregationOptions } from './windowed-aggregation.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const context = createContext()
const load = (core: string, timeMs: number, value: PointValue, describe: Describe = {}): Point => ({
  series: series('load', { core }, describe),
  timeMs,
  value,
})

function setUp(options: Partial<WindowedAggregationOptions> = {}) {
  const clock = new ManualClock(noon)
  const windows = new WindowedAggregation({ resolution: '1m', clock, ...options })
  const give = (...points: Point[]) => windows.export(new Date(clock.now()), metrics(points))
  const rows = async (atMs: number) => named(await windows.compute(alignWindow(atMs, 60_000), 1000, context))
  return { clock, windows, give, rows }
}

/** Rows as objects by the names of their columns. */
const named = (batch: RowsBatch | undefined) =>
  batch?.rows.map((row) => Object.fromEntries(windowTable.columns.map(({ name }, n) => [name, row[n]])))

test('a window has a row for each series with count, min, max, avg, sum and last', async () => {
  const { clock, give, rows } = setUp()
  await clock.advance(30_000)
  const from = { unit: '1', resource: resource({ 'host.name': 'a' }) }
  await give(load('0', noon + 20_000, 3, from), load('0', noon + 10_000, 1, from), load('1', noon, 7))
  await clock.advance(30_000)
  await give(load('0', noon + 59_999.5, 2, from), load('0', noon + 60_000, 100, from))
  const [first, second] = (await rows(noon))!
  assert.deepEqual(first, {
    window_start: noon,
    window_end: noon + 60_000,
    name: 'load',
    labels: { core: '0' },
    kind: 'gauge',
    unit: '1',
    resource: { 'host.name': 'a' },
    count: 3,
    min: 1,
    max: 3,
    avg: 2,
    sum: 6,
    last: 2,
    last_time: noon + 59_999.5,
    coverage: 1,
  })
  assert.deepEqual([second?.unit, second?.resource, second?.last], [null, null, 7])
  assert.equal((await rows(noon + 60_000))?.[0]?.max, 100)
})

test('a window that was not seen whole says how much of it was; one not seen at all has no rows', async () => {
  const clock = new ManualClock(noon + 45_000)
  const windows = new WindowedAggregation({ resolution: '1m', clock })
  await windows.export(new Date(), metrics([load('0', noon + 50_000, 1)]))
  await clock.advance(60_000)
  const coverage = async (atMs: number) => named(await windows.compute(alignWindow(atMs, 60_000), 1000, context))?.[0]?.coverage
  assert.equal(await coverage(noon), 0.25)
  assert.equal(await coverage(noon - 1), undefined)
  await windows.export(new Date(), metrics([load('0', noon + 61_000, 1)]))
  assert.equal(await coverage(noon + 60_000), 0.75, 'of the open window, so far')
})

test('a point of a window before the first covers nothing of it', async () => {
  const clock = new ManualClock(noon + 62_000)
  const windows = new WindowedAggregation({ resolution: '1m', clock })
  await windows.export(new Date(), metrics([load('0', noon + 59_000, 1)]))
  assert.equal(named(await windows.compute(alignWindow(noon, 60_000), 1000, context))?.[0]?.coverage, 0)
})

test('a window that has ended is computed when it takes no more points', async () => {
  const { clock, windows } = setUp({ grace: '5s' })
  const can = () => windows.canCompute(alignWindow(noon, 60_000))
  const answers = [can()]
  for (const ms of [59_999, 1, 4999, 1]) {
    await clock.advance(ms)
    answers.push(can())
  }
  assert.deepEqual(answers, [true, true, false, false, true])
})

test('what cannot be aggregated is rejected, each with its reason', async () => {
  const { clock, give } = setUp({ maxSeries: 2 })
  await clock.advance(65_000)
  const result = await give(
    load('0', noon + 61_000, Number.NaN),
    load('0', noon + 61_000, { count: 1, sum: 1, quantiles: [] }),
    load('0', noon + 59_000, 1),
    load('0', noon + 120_000, 1),
    load('0', Number.NaN, 1),
    load('0', noon + 61_000, 1),
    load('1', noon + 61_000, 1),
    load('2', noon + 61_000, 1),
    { ...load('2', noon + 61_000, Number.NaN), stale: true },
  )
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => ['index' in rejection && rejection.index, rejection.error.message]),
    [
      [0, 'load is not a finite number'],
      [1, 'load is not a finite number'],
      [2, 'load comes after its window has ended'],
      [3, 'load is of a time to come'],
      [4, 'load comes after its window has ended'],
      [7, 'load is of more than 2 series'],
    ],
  )
})

test('no more windows are kept than may be, the latest', async () => {
  const { clock, give, rows } = setUp({ maxWindows: 2 })
  for (let minute = 0; minute < 3; minute++) {
    await give(load('0', clock.now(), minute))
    await clock.advance(60_000)
  }
  assert.deepEqual([await rows(noon), (await rows(noon + 60_000))?.[0]?.last, (await rows(noon + 120_000))?.[0]?.last], [undefined, 1, 2])
})

test('rows of an hour combined from its minutes are those computed over the hour', async () => {
  const minute = fc.integer({ min: 0, max: 59 })
  const points = fc.array(fc.record({ minute, core: fc.constantFrom('0', '1'), value: fc.integer({ min: -1000, max: 1000 }) }), {
    minLength: 1,
  })
  await fc.assert(
    fc.asyncProperty(points, async (given) => {
      const clock = new ManualClock(noon)
      const hours = new WindowedAggregation({ resolution: '1h', clock, name: 'hours' })
      const minutes = new WindowedAggregation({ resolution: '1m', clock, grace: '1h' })
      const batch = metrics(given.map(({ minute, core, value }, n) => load(core, noon + minute * 60_000 + n, value)))
      await clock.advance(3_600_000 - 1)
      await hours.export(new Date(), batch)
      await minutes.export(new Date(), batch)
      await clock.advance(1)
      const hour = alignWindow(noon, 3_600_000)
      const parts: RowsBatch[] = []
      for (let at = 59; at >= 0; at--) {
        const part = await minutes.compute(alignWindow(noon + at * 60_000, 60_000), 1, context)
        if (part) parts.push(JSON.parse(JSON.stringify(part)))
      }
      const withoutCoverage = (batch: RowsBatch | undefined) =>
        named(batch)
          ?.map(({ coverage, ...row }) => row)
          .sort((a, b) => JSON.stringify(a.labels).localeCompare(JSON.stringify(b.labels)))
      assert.deepEqual(withoutCoverage(combineRows(hour, parts)), withoutCoverage(await hours.compute(hour, 1, context)))
    }),
  )
})

test('the coverage of a combined window is the part of it that its parts cover', async () => {
  const { clock, windows, give } = setUp({ grace: 0 })
  const parts: RowsBatch[] = []
  for (let minute = 0; minute < 15; minute++) {
    await give(load('0', clock.now(), 1))
    await clock.advance(60_000)
    parts.push((await windows.compute(alignWindow(noon + minute * 60_000, 60_000), 1, context))!)
  }
  assert.equal(named(combineRows(alignWindow(noon, 3_600_000), parts))?.[0]?.coverage, 0.25)
  assert.equal(named(combineRows(alignWindow(noon, 60_000), [parts[0]!, parts[0]!]))?.[0]?.coverage, 1, 'and never more')
  assert.equal(combineRows(alignWindow(noon, 3_600_000), []), undefined)
})
