import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Receipt } from './receipt.ts'

test('what is written on one receipt can be taken over by another', () => {
  const error = new Error('down')
  const receipt = new Receipt()
  receipt.divert('other', 1)
  receipt.attempts = 1
  receipt.lastError = error
  const later = new Receipt()
  later.divert('other', 2)
  later.drop('sampled', 3)
  later.deadLettered = 4
  later.attempts = 2
  receipt.add(later)
  assert.deepEqual([...receipt.diverted], [['other', 3]])
  assert.deepEqual([...receipt.dropped], [['sampled', 3]])
  assert.deepEqual([receipt.deadLettered, receipt.attempts, receipt.lastError], [4, 3, error])
})
