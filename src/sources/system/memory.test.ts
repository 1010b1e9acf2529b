import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseMeminfo } from './memory.ts'

test('kB are 1024 bytes; what is missing or malformed is not known', () => {
  const { memory, swap } = parseMeminfo('MemTotal:   100 kB\nMemFree: x kB\nMapped:7\nSwapTotal:        0 kB\nnonsense\n:')
  assert.deepEqual(memory, { total: 102_400, available: undefined, free: undefined, buffers: undefined, cached: undefined, mapped: 7168 })
  assert.deepEqual(swap, { total: 0, free: undefined })
})
