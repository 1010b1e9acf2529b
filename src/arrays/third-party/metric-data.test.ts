import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { metrics, series } from '../../sdk.ts'
import { type MetricData, metricData, pointsOf } from './metric-data.ts'

const array = { storage_id: 'a1', storage_name: 'fake driver', serial_number: 'S-1' }
const measure: MetricData = {
  name: 'readThroughput',
  labels: { resource_type: 'volume', resource_id: 'volume_3', type: 'RAW', unit: 'MB/s' },
  values: { '1767225600000': 3.5, '1767225660000': 4 },
}

test('004-05 what is measured is points with the labels of the array, under names that stay the same', () => {
  const points = pointsOf(measure, array)
  assert.deepEqual(
    points.map(({ timeMs, value }) => [timeMs, value]),
    [
      [1767225600000, 3.5],
      [1767225660000, 4],
    ],
  )
  const { name, labels, kind } = points[0]!.series
  assert.deepEqual([name, kind], ['volume_readThroughput', 'gauge'])
  assert.deepEqual(Object.fromEntries(labels), { ...measure.labels, ...array })
  assert.equal(points[1]!.series, points[0]!.series)
})

test('004-05 an exporter is given a list of { name, labels, values: { epochMs: number } }', () => {
  const { data, rejected } = metricData(pointsOf(measure, array))
  assert.deepEqual(data, [{ ...measure, labels: { ...measure.labels, ...array, name: 'fake driver' } }])
  assert.deepEqual(rejected, [])
})

test('a counter stays one; an array’s own labels stand over those of a driver', () => {
  const [point] = pointsOf({ ...measure, labels: { ...measure.labels, value_type: 'COUNTER', storage_id: 'other' } }, array)
  assert.equal(point!.series.kind, 'counter')
  assert.equal(Object.fromEntries(point!.series.labels).storage_id, 'a1')
})

test('points of no array are measures too; a distribution is rejected by its index', () => {
  const load = series('system.cpu.load', { core: '0' }, { unit: '1' })
  const histogram = { count: 1, bounds: [], counts: [1] }
  const { points } = metrics([
    { series: load, timeMs: 1, value: histogram },
    { series: load, timeMs: 2, value: 7 },
  ])
  const { data, rejected } = metricData(points)
  assert.deepEqual(data, [{ name: 'system.cpu.load', labels: { unit: '1', core: '0' }, values: { '2': 7 } }])
  assert.deepEqual(
    rejected.map((rejection) => 'index' in rejection && rejection.index),
    [0],
  )
})

test('whatever a driver measures comes to an exporter as it was', () => {
  const text = fc.string({ minLength: 1, maxLength: 8 })
  const arbitrary = fc.record({
    name: text,
    labels: fc.record({ resource_type: text, resource_id: text, type: text, unit: text }),
    values: fc.dictionary(fc.nat().map(String), fc.double({ noNaN: true }), { minKeys: 1 }),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(arbitrary, { selector: ({ name, labels }) => JSON.stringify([`${labels.resource_type}_${name}`, labels]) }),
      (all) => {
        const { data } = metricData(all.flatMap((metric) => pointsOf(metric, array)))
        const back = data.map(({ name, labels: { name: _name, ...labels }, values }) => ({ name, labels, values }))
        const told = all.map(({ labels, name, values }) => ({ name, labels: { ...labels, ...array }, values: { ...values } }))
        assert.deepEqual(back, told)
      },
    ),
  )
})
