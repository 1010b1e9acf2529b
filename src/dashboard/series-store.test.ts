import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SeriesStore } from './series-store.ts'

const { NaN: none } = Number

function storeOf(count: number, capacity = 10): SeriesStore {
  const store = new SeriesStore({ capacity })
  for (let sample = 0; sample < count; sample++) store.update(sample * 1000, [['a', sample]])
  return store
}

test('a slice ends so many samples before the newest, and is as wide as asked or as there is', () => {
  const store = storeOf(5)
  assert.deepEqual(store.slice('a', 0, 3), [2, 3, 4])
  assert.deepEqual(store.slice('a', 2, 3), [0, 1, 2])
  assert.deepEqual(store.slice('a', 3, 99), [0, 1])
  assert.deepEqual(store.times(3, 99), [0, 1000])
})

test('a slice of what is too old, too narrow or unknown is empty: nothing throws', () => {
  const store = storeOf(5)
  assert.deepEqual(store.slice('a', 5, 3), [])
  assert.deepEqual(store.slice('a', 500, 3), [])
  assert.deepEqual(store.slice('a', 0, 0), [])
  assert.deepEqual(store.slice('a', 0, -3), [])
  assert.deepEqual(store.slice('b', 0, 3), [])
  assert.deepEqual(new SeriesStore().slice('a', 0, 3), [])
})

test('only so many samples are kept', () => {
  const store = storeOf(25)
  assert.equal(store.length, 10)
  assert.deepEqual(store.slice('a', 0, 99), [15, 16, 17, 18, 19, 20, 21, 22, 23, 24])
  assert.deepEqual(store.slice('a', 9, 99), [15])
  assert.deepEqual(store.slice('a', 10, 99), [])
})

test('a series that begins late, or pauses, stays aligned with the others', () => {
  const store = storeOf(2)
  store.update(2000, [['b', 7]])
  store.update(3000, [
    ['a', 3],
    ['b', Number.POSITIVE_INFINITY],
  ])
  assert.deepEqual(store.slice('a', 0, 4), [0, 1, none, 3])
  assert.deepEqual(store.slice('b', 0, 4), [none, none, 7, none])
})

test('a value is held for as long as is said, and a series without any is forgotten', () => {
  const store = new SeriesStore({ capacity: 5, holdMs: (name) => (name === 'held' ? 2000 : 0) })
  store.update(0, Object.entries({ held: 1, other: 2 }))
  for (let sample = 1; sample < 5; sample++) store.update(sample * 1000, [])
  assert.deepEqual(store.slice('held', 0, 5), [1, 1, 1, none, none])
  assert.deepEqual(store.slice('other', 0, 5), [2, none, none, none, none])
  store.update(5000, [])
  assert.deepEqual(store.names, [])
})

test('002-37 there is room for so many series, and for a new one when an old one is forgotten', () => {
  const store = new SeriesStore({ capacity: 2, mostSeries: 2 })
  store.update(0, Object.entries({ a: 1, b: 2, c: 3 }))
  assert.deepEqual(store.names, ['a', 'b'])
  store.update(1, [['a', 1]])
  store.update(2, [['a', 1]])
  store.update(3, Object.entries({ a: 1, c: 3 }))
  assert.deepEqual(store.names, ['a', 'c'])
})

test('it is a list of samples of which the oldest are gone, whatever comes', () => {
  const value = fc.option(fc.double({ min: -10, max: 10, noNaN: true }), { nil: undefined })
  const sample = fc.record({ a: value, b: value })
  fc.assert(
    fc.property(fc.array(sample), fc.integer({ min: 1, max: 8 }), fc.nat(12), fc.nat(12), (samples, capacity, shift, width) => {
      const store = new SeriesStore({ capacity })
      samples.forEach(({ a, b }, at) => {
        store.update(at, [...(a === undefined ? [] : [['a', a] as const]), ...(b === undefined ? [] : [['b', b] as const])])
      })
      const kept = samples.slice(-capacity)
      const seen = kept.slice(0, Math.max(0, kept.length - shift)).slice(width === 0 ? kept.length : -width)
      for (const name of ['a', 'b'] as const) {
        const known = kept.some((one) => one[name] !== undefined)
        assert.deepEqual(store.slice(name, shift, width), known ? seen.map((one) => one[name] ?? none) : [])
      }
    }),
  )
})
