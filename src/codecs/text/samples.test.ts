import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Point, series } from '../../core/index.ts'
import { samplesOf } from './samples.ts'

const point = (name: string, timeMs: number, value: number): Point => ({ series: series(name), timeMs, value })
const asArrays = (points: readonly Point[]) =>
  samplesOf(points, ({ name }) => name).map(({ timeMs, values }) => [timeMs, Object.fromEntries(values)])

test('points of one time are one sample, in the order in which the times come', () => {
  assert.deepEqual(asArrays([point('a', 2, 1), point('b', 1, 2), point('b', 2, 3)]), [
    [2, { a: 1, b: 3 }],
    [1, { b: 2 }],
  ])
  assert.deepEqual(asArrays([]), [])
})

test('a value that has no place beside another of its name has a sample of its own', () => {
  assert.deepEqual(asArrays([point('a', 1, 1), point('a', 1, 2), point('b', 1, 3), point('a', 1, 4)]), [
    [1, { a: 1, b: 3 }],
    [1, { a: 2 }],
    [1, { a: 4 }],
  ])
})
