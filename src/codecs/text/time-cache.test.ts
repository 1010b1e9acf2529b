import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TimeCache } from './time-cache.ts'

test('every time gives its own bytes, made once as long as there are few', () => {
  const made: number[] = []
  const cache = new TimeCache((timeMs) => {
    made.push(timeMs)
    return String(timeMs)
  })
  for (const timeMs of [1, 1, 2, 1, Number.NaN, Number.NaN, 2]) assert.equal(Buffer.from(cache.get(timeMs)).toString(), String(timeMs))
  assert.deepEqual(made, [1, 2, Number.NaN])
})

test('it does not grow without bound', () => {
  let made = 0
  const cache = new TimeCache(() => String(made++))
  for (let timeMs = 0; timeMs < 10_000; timeMs++) cache.get(timeMs)
  for (let timeMs = 0; timeMs < 10_000; timeMs++) cache.get(timeMs)
  assert.equal(made, 20_000)
})
