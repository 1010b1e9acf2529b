import assert from 'node:assert/strict'
import { test } from 'node:test'
import { progressText } from './opencost-progress.ts'

test('steps, rows and time on one line; without steps no bar', () => {
  assert.equal(
    progressText({ type: 'allocation', steps: 10, rows: 123_456 }, 30, 12_345),
    'allocations ████████░░░░░░░░░░░░░░░░ 10/30 steps, 123,456 rows, 12.3s',
  )
  assert.equal(progressText({ type: 'assets', steps: 0, rows: 5 }, 1, 100), 'assets 5 rows, 100ms')
})
