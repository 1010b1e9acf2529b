import assert from 'node:assert/strict'
import { test } from 'node:test'
import { halfToEven, labelOf, maximumOf } from './scale.ts'

const binary = (values: readonly number[], scale: 'bytes' | 'bytes/s' = 'bytes') =>
  values.map((value) => labelOf(scale, value, maximumOf(scale, values)))

test('percentages are of 100, whatever they are', () => {
  assert.equal(maximumOf('percent', [3]), 100)
  assert.deepEqual(
    [0, 3.2, 42, 100].map((value) => labelOf('percent', value, 100)),
    ['  0%', '  3%', ' 42%', '100%'],
  )
})

test('bytes are of the next power of two', () => {
  const maxima = [0, 1, 2, 3, 1024, 1025, 5e9].map((value) => maximumOf('bytes', [0, value, Number.NaN]))
  assert.deepEqual(maxima, [1, 1, 2, 4, 1024, 2048, 2 ** 33])
  assert.equal(maximumOf('bytes', []), 1)
  assert.equal(maximumOf('bytes', [-5]), 1)
})

test('the unit suits the maximum, so that all labels of a ruler have the same', () => {
  assert.deepEqual(binary([1024, 3]), ['1024 Bytes', '  3 Bytes'])
  assert.deepEqual(binary([1025, 3]), ['  1 KB', '  0 KB'])
  assert.deepEqual(binary([2_500_000, 65_536], 'bytes/s'), ['  2 MB/s', '  0 MB/s'])
  assert.deepEqual(
    [2 ** 21, 2 ** 31, 2 ** 41, 2 ** 51, 2 ** 61].map((value) => binary([value])[0]),
    ['  2 MB', '  2 GB', '  2 TB', '  2 PB', '2048 PB'],
  )
})

test('power is of the next power of ten', () => {
  assert.deepEqual(
    [0, 7, 1000, 1001, 45_000, 2e6].map((value) => {
      const maximum = maximumOf('milliwatts', [value])
      return [maximum, labelOf('milliwatts', value, maximum)]
    }),
    [
      [1, '  0 mW'],
      [10, '  7 mW'],
      [1000, '1000 mW'],
      [10_000, '  1 W'],
      [100_000, ' 45 W'],
      [1e7, '  2 kW'],
    ],
  )
})

test('halves are rounded to the even number', () => {
  assert.deepEqual([0.5, 1.5, 2.5, 12.5, 13.5, 2.4999, 2.5001, -1.5, -2.5, 7].map(halfToEven), [0, 2, 2, 12, 14, 2, 3, -2, -2, 7])
})
