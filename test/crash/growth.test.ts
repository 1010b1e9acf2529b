import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth } from './growth.ts'

test('what stays as it is has not grown', () => {
  assert.equal(growth([1, 2, 5].map((at) => ({ at, value: 7 }))), 0)
})

test('from 90 to 110 is a growth by 20 %, whatever the times', () => {
  for (const step of [1, 15_000]) {
    const line = Array.from({ length: 21 }, (_, n) => ({ at: 1e12 + n * step, value: 90 + n }))
    assert.ok(Math.abs(growth(line) - 0.2) < 1e-9)
  }
})

test('a moment that stands out counts as one of many', () => {
  const samples = Array.from({ length: 41 }, (_, at) => ({ at, value: at === 20 ? 150 : 100 }))
  assert.ok(Math.abs(growth(samples)) < 1e-9)
})
