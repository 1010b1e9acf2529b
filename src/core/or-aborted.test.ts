import assert from 'node:assert/strict'
import { test } from 'node:test'
import { orAborted } from './or-aborted.ts'

test('gives what the promise gives, or fails as it fails', async () => {
  const { signal } = new AbortController()
  assert.equal(await orAborted(Promise.resolve(7), signal), 7)
  await assert.rejects(orAborted(Promise.reject(new Error('broken')), signal), /broken/)
})

test('gives undefined as soon as the signal aborts, also when it has already', async () => {
  const ending = new AbortController()
  const never = new Promise<number>(() => {})
  const waiting = orAborted(never, ending.signal)
  ending.abort()
  assert.equal(await waiting, undefined)
  assert.equal(await orAborted(never, ending.signal), undefined)
})
