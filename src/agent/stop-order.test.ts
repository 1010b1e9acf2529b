import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stopOrder } from './stop-order.ts'

test('those that pass records on are stopped before those that get them', () => {
  const exporters = [
    { name: 'files', to: [] },
    { name: 'second', to: ['files'] },
    { name: 'first', to: ['second', 'files'] },
    { name: 'other', to: [] },
  ]
  assert.deepEqual(stopOrder(exporters), [['first', 'other'], ['second'], ['files']])
  assert.deepEqual(stopOrder([]), [])
})
