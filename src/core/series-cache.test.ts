import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeriesTable } from './series.ts'
import { SeriesCache } from './series-cache.ts'

test('what was made for a series is made once, whatever the order of the slots', () => {
  const table = new SeriesTable()
  const all = Array.from({ length: 100 }, (_, index) => table.intern(`series-${index}`))
  let made = 0
  const cache = new SeriesCache((series) => `${made++} ${series.name}`)
  const first = all.toReversed().map((series) => cache.get(series))
  assert.deepEqual(
    all.toReversed().map((series) => cache.get(series)),
    first,
  )
  assert.equal(made, 100)
  assert.equal(cache.get(all[7]!), '92 series-7')
})

test('a series that takes over the slot of an evicted one does not get what was made for that', () => {
  const table = new SeriesTable(1)
  const cache = new SeriesCache((series) => series.name)
  const evicted = table.intern('first')
  assert.equal(cache.get(evicted), 'first')
  const heir = table.intern('second')
  assert.equal(heir.slot, evicted.slot)
  assert.equal(cache.get(heir), 'second')
  assert.equal(cache.get(evicted), 'first')
})
