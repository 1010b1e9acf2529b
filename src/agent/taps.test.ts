import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics } from '../core/batch.ts'
import { Taps } from './taps.ts'

test('listeners hear what passes under their name and kind, until they end', () => {
  const taps = new Taps()
  const heard: [string, Batch][] = []
  const end = taps.listen('exporter', 'a', (batch) => heard.push(['one', batch]))
  taps.listen('exporter', 'a', (batch) => heard.push(['two', batch]))
  const batch = metrics([])
  taps.show('exporter', 'a', batch)
  taps.show('exporter', 'b', batch)
  taps.show('pipeline', 'a', batch)
  end()
  end()
  taps.show('exporter', 'a', batch)
  assert.deepEqual(heard, [
    ['one', batch],
    ['two', batch],
    ['two', batch],
  ])
})
