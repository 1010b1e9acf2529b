import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHttpStatus, parseRetryAfter } from './http-result.ts'

test('each status has one meaning', () => {
  const meaning = (status: number) => {
    const result = fromHttpStatus(status, `status ${status}`)
    return result.status === 'retry' && result.scope ? `${result.status} ${result.scope}` : result.status
  }
  const expected: Record<string, number[]> = {
    ok: [200, 201, 202, 204],
    retry: [408, 429, 500, 502, 503, 504],
    'retry destination': [401, 403, 404, 407],
    'too-large': [413],
    reject: [400, 405, 409, 410, 415, 422, 501, 505],
  }
  for (const [wanted, statuses] of Object.entries(expected))
    for (const status of statuses) assert.equal(meaning(status), wanted, String(status))
})

test('the destination’s own wait and the user’s own list are kept', () => {
  assert.deepEqual(fromHttpStatus(503, 'busy', 7000), { status: 'retry', error: new Error('busy'), afterMs: 7000 })
  assert.equal(fromHttpStatus(409, 'conflict', undefined, { retryOnStatusCodes: [409] }).status, 'retry')
  assert.equal(fromHttpStatus(503, 'busy', undefined, { retryOnStatusCodes: [409] }).status, 'reject')
})

test('Retry-After is seconds or a date', () => {
  const now = Date.parse('2026-11-21T00:00:00Z')
  assert.equal(parseRetryAfter('120', now), 120_000)
  assert.equal(parseRetryAfter('Sat, 21 Nov 2026 00:00:30 GMT', now), 30_000)
  assert.equal(parseRetryAfter('Fri, 20 Nov 2026 00:00:00 GMT', now), 0)
  for (const nothing of [null, undefined, '', 'soon']) assert.equal(parseRetryAfter(nothing, now), undefined)
})
