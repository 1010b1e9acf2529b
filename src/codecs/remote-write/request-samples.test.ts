import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Line, noSample } from './lines.ts'
import { RequestSamples } from './request-samples.ts'

const line = (): Line => ({
  metadata: { type: 'gauge', name: 'a', unit: '', help: '' },
  prepared: undefined,
  request: 0,
  sample: noSample,
  point: 0,
  more: undefined,
  exemplars: undefined,
})

test('a line keeps no sample of a request that has ended, nor of one that failed before it did', () => {
  const samples = new RequestSamples()
  const [ended, failed] = [line(), line()]
  samples.begin()
  samples.add(ended, { timeMs: 1, value: 1 }, 0)
  samples.add(ended, { timeMs: 2, value: 2 }, 1)
  samples.addExemplar(ended, { labels: [], value: 1, timeMs: 1 })
  assert.equal(samples.settled(ended).length, 2)
  samples.end()
  samples.begin()
  samples.add(failed, { timeMs: 3, value: 3 }, 0)
  samples.begin()
  for (const { sample, more, exemplars } of [ended, failed]) assert.deepEqual([sample, more, exemplars], [noSample, undefined, undefined])
  assert.deepEqual(samples.lines, [])
})
