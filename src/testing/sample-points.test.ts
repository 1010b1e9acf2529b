import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyPoints, samplePoints } from './sample-points.ts'

test('sample points are told apart by their label, their series and their value', () => {
  const all = [samplePoints(3, 'a'), samplePoints(2, 'b')]
  const points = all.flatMap((batch) => batch.points)
  assert.deepEqual(all.flatMap(identifyPoints), ['a-0', 'a-1', 'a-2', 'b-0', 'b-1'])
  assert.equal(new Set(points.map(({ series }) => series.key)).size, 5)
  assert.equal(new Set(points.map(({ value }) => value)).size, 5)
  assert.deepEqual(samplePoints(0, 'none').points, [])
})

test('only points have the identity of points', () => {
  assert.throws(() => identifyPoints({ signal: 'logs', records: [] }), /a batch of logs/)
})
