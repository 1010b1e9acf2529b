import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitForSignal } from './wait-for-signal.ts'

test('000-36 resolves to the first signal and leaves nothing behind', async () => {
  const before = process.listenerCount('SIGHUP')
  const waiting = waitForSignal({ signals: ['SIGHUP'] })
  process.kill(process.pid, 'SIGHUP')
  assert.equal(await waiting, 'SIGHUP')
  assert.equal(process.listenerCount('SIGHUP'), before)
})

test('can be given up', () => {
  const end = new AbortController()
  const before = process.listenerCount('SIGTERM')
  void waitForSignal({ signal: end.signal })
  assert.equal(process.listenerCount('SIGTERM'), before + 1)
  end.abort()
  assert.equal(process.listenerCount('SIGTERM'), before)
})
