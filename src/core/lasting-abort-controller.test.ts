import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { test } from 'node:test'
import { systemClock } from './clock.ts'
import { lastingAbortController } from './lasting-abort-controller.ts'

test('a wait that is over leaves only the listener that keeps the table', async () => {
  const { signal } = lastingAbortController()
  await systemClock.sleep(0, signal)
  assert.equal(getEventListeners(signal, 'abort').length, 1)
})

test('it aborts like any other', async () => {
  const controller = lastingAbortController()
  const sleeping = systemClock.sleep(60_000, controller.signal)
  controller.abort()
  await sleeping
  assert.ok(controller.signal.aborted)
})
