import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics, type PointValue, series } from '../../core/index.ts'
import { samplesOf } from '../text/samples.ts'
import { longLayout, type SampleLayout, wideLayout } from './sample-layout.ts'

const timeMs = 1_750_693_377_593.887

function tableOf(layout: SampleLayout, ...given: Record<string, PointValue>[]): string {
  const points = given.flatMap((values, n) =>
    Object.entries(values).map(([name, value]) => ({ series: series(name), timeMs: timeMs + n, value })),
  )
  const samples = samplesOf(metrics(points).points, ({ name }) => name)
  const columns = layout.columnsOf(samples)
  return `${columns.join('|')}\r\n${samples.map((sample) => layout.lines(sample, columns)).join('')}`
}

test('wide: columns sorted, blanks for what is missing', () => {
  assert.equal(
    tableOf(wideLayout('utc'), { 'b,"c"': 1.5, a: -0.25 }, { z: 3e21 }),
    'a|b,"c"|z\r\n2025-06-23T15:42:57.593887Z,-0.25,1.5,\r\n2025-06-23T15:42:57.594887Z,,,3e+21\r\n',
  )
})

test('long: a line for each value by name, Unix seconds with microseconds', () => {
  assert.equal(
    tableOf(longLayout, { 'b,c': 409_600_000, a: 0 }),
    'metric|value\r\n1750693377.593887,a,0\r\n1750693377.593887,"b,c",409600000\r\n',
  )
  assert.equal(longLayout.lines({ timeMs: -0.001, values: new Map([['a', 1]]) }, []), '-0.000001,a,1\r\n')
  assert.equal(longLayout.lines({ timeMs: Number.NaN, values: new Map([['a', 1]]) }, []), '"",a,1\r\n')
})

test('numbers that are not finite are empty, distributions are JSON', () => {
  const histogram = { count: 1, bounds: [], counts: [1] }
  const values = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: histogram }
  assert.match(tableOf(wideLayout('utc'), values), /Z,,,"\{""count"":1,""bounds"":\[\],""counts"":\[1\]\}"\r\n$/)
  assert.match(tableOf(longLayout, values), /,a,\r\n.*,b,\r\n/)
})
