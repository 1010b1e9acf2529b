import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resource } from './attributes.ts'
import { SeriesTable } from './series.ts'
import { SeriesCache } from './series-cache.ts'

test('the same arguments give the same object, in whatever order the labels are', () => {
  const table = new SeriesTable()
  const one = table.intern('m', { a: '1', b: '2' }, { unit: 'By' })
  assert.equal(table.intern('m', { b: '2', a: '1' }, { unit: 'By', help: 'later help does not count' }), one)
  assert.deepEqual(one.labels, [
    ['a', '1'],
    ['b', '2'],
  ])
  assert.notEqual(table.intern('m', { a: '1', b: '2' }, { unit: 's' }), one)
  assert.notEqual(table.intern('m', { a: '1', b: '2' }, { unit: 'By', resource: resource({ host: 'x' }) }), one)
})

test('keys are the same exactly when names and labels are', () => {
  const labels = fc.dictionary(fc.string(), fc.string(), { maxKeys: 4 })
  const table = new SeriesTable()
  fc.assert(
    fc.property(fc.string(), labels, fc.string(), labels, (nameA, labelsA, nameB, labelsB) => {
      const sorted = (all: Record<string, string>) => JSON.stringify(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
      const same = nameA === nameB && sorted(labelsA) === sorted(labelsB)
      assert.equal(table.intern(nameA, labelsA).key === table.intern(nameB, labelsB).key, same)
    }),
  )
})

test('a full table lets the oldest go, counts it, and what left still works', () => {
  const table = new SeriesTable(2)
  const [a] = ['a', 'b', 'c'].map((name) => table.intern(name))
  assert.equal(table.size, 2)
  assert.equal(table.evicted, 1)
  const again = table.intern('a')
  assert.notEqual(again, a)
  assert.equal(again.key, a!.key)
})

test('a cache makes each value once, and is right when a slot has been taken over', () => {
  const table = new SeriesTable(2)
  const made: string[] = []
  const cache = new SeriesCache((series) => {
    made.push(series.name)
    return series.name.toUpperCase()
  })
  const a = table.intern('a')
  assert.equal(cache.get(a), 'A')
  assert.equal(cache.get(a), 'A')
  assert.deepEqual(made, ['a'])
  table.intern('b')
  const c = table.intern('c')
  assert.equal(c.slot, a.slot)
  assert.equal(cache.get(c), 'C')
  assert.equal(cache.get(a), 'A')
})
