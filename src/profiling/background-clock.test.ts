import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backgroundClock } from './background-clock.ts'

const day = 86_400_000

test('a sleep ends at once when it is aborted, before or after it began', async () => {
  const stop = new AbortController()
  const before = backgroundClock.sleep(day, stop.signal)
  stop.abort()
  await assert.doesNotReject(before)
  await assert.doesNotReject(backgroundClock.sleep(day, stop.signal))
})
