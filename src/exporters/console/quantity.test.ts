import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Point, type PointValue, series } from '../../sdk.ts'
import { formatPoint, formatQuantity } from './quantity.ts'

test('quantities are told in the unit that people read', () => {
  const told: [number, string | undefined, string][] = [
    [1.5 * 2 ** 30, 'By', '1.5 GiB'],
    [-2048, 'By', '-2 KiB'],
    [3, 'KiBy', '3 KiB'],
    [1536, 'By/s', '1.5 KiB/s'],
    [12.3456, '%', '12.35 %'],
    [0.125, 'ratio', '12.5 %'],
    [123456.7, '1', '123457'],
    [123456, undefined, '123456'],
    [0.000123456, '1', '0.0001235'],
    [0, 's', '0 s'],
    [0.0012, 's', '1.2 ms'],
    [2.5e-7, 's', '250 ns'],
    [1500, 'us', '1.5 ms'],
    [5400, 's', '1h30m'],
    [-0.5, 's', '-500 ms'],
    [12, '{thread}', '12 thread'],
    [3, '{request}/s', '3 request/s'],
    [40, 'Cel', '40 Cel'],
    [Number.NaN, 'By', 'NaN'],
    [Number.NEGATIVE_INFINITY, 's', '-Inf'],
  ]
  for (const [value, unit, text] of told) assert.equal(formatQuantity(value, unit), text)
})

test('points of every kind have one line', () => {
  const of = (value: PointValue, unit: string, name = 'x', more: Partial<Point> = {}) =>
    formatPoint({ series: series(name, {}, { unit }), timeMs: 0, value, ...more })
  assert.equal(of(0.25, '1', 'system.cpu.utilization'), '25 %')
  assert.equal(of(0.25, '1', 'system.cpu.load'), '0.25')
  assert.equal(of(Number.NaN, '1', 'x', { stale: true }), 'stale')
  assert.equal(of({ count: 4, sum: 2, max: 1, bounds: [1], counts: [4, 0] }, 's'), 'n=4 mean=500 ms max=1s')
  assert.equal(of({ count: 0, bounds: [], counts: [0] }, 's'), 'n=0')
  const buckets = { offset: 0, counts: [] }
  assert.equal(of({ count: 2, sum: 3, scale: 0, zeroCount: 2, positive: buckets, negative: buckets }, 'By'), 'n=2 mean=1.5 B')
  const quantiles = [0.5, 0.999].map((quantile) => ({ quantile, value: quantile }))
  assert.equal(of({ count: 2, sum: 1, quantiles }, '1'), 'n=2 mean=0.5 p50=0.5 p99.9=0.999')
})
