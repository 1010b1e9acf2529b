import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { fromHttpStatus } from '../core/http-result.ts'
import { ok, retry } from '../core/result.ts'
import { RetryingExporter } from '../delivery/retrying.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { type BackoffStrategy, RetryConfig } from './retry-config.ts'

const firstDelays = (backoffStrategy: BackoffStrategy) => {
  const config = new RetryConfig({ backoffStrategy, maxBackoff: '6s' })
  return [1, 2, 3, 4, 5, 6].map((n) => config.delayMs(n) / 1000)
}

test('003-06 F3 the defaults', () => {
  assert.deepEqual(
    { ...new RetryConfig() },
    {
      maxRetries: 3,
      initialDelayMs: 1000,
      backoffMultiplier: 2,
      maxBackoffMs: 60_000,
      backoffStrategy: 'exponential',
      jitter: true,
      retryOnStatusCodes: [429, 500, 502, 503, 504],
    },
  )
})

test('003-06 F3 the nth delay by strategy, never above the longest', () => {
  assert.deepEqual(firstDelays('exponential'), [1, 2, 4, 6, 6, 6])
  assert.deepEqual(firstDelays('linear'), [1, 2, 3, 4, 5, 6])
  assert.deepEqual(firstDelays('fixed'), [1, 1, 1, 1, 1, 1])
  assert.deepEqual(firstDelays('fibonacci'), [1, 1, 2, 3, 5, 6])
})

test('003-06 F3 as a schedule: so many retries, jittered from 0 up to the delay and never above it', () => {
  const strategies = fc.constantFrom<BackoffStrategy>('exponential', 'linear', 'fixed', 'fibonacci')
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(
      strategies,
      fc.nat(10),
      fc.nat(5000),
      fc.nat(60_000),
      random,
      (backoffStrategy, maxRetries, initialDelay, maxBackoff, r) => {
        const config = new RetryConfig({ backoffStrategy, maxRetries, initialDelay, maxBackoff })
        const schedule = config.schedule()
        for (let n = 1; n <= maxRetries; n++) {
          const wait = schedule(n, () => r)!
          assert.ok(wait >= 0 && wait <= config.delayMs(n) && config.delayMs(n) <= maxBackoff)
        }
        assert.equal(
          schedule(maxRetries + 1, () => r),
          undefined,
        )
      },
    ),
  )
  assert.equal(
    new RetryConfig({ jitter: false }).schedule()(2, () => 0),
    2000,
  )
})

test('F3 a destination that asks to be left alone is, and 4xx that are not named are never tried again', async () => {
  const config = new RetryConfig({ max_retries: 1, jitter: false, retry_on_status_codes: [418] })
  const statusOf = (status: number) => fromHttpStatus(status, 'answered', undefined, config).status
  assert.deepEqual([418, 400, 409, 500].map(statusOf), ['retry', 'reject', 'reject', 'reject'])

  const clock = new ManualClock()
  const calls: number[] = []
  const base = {
    name: 'busy',
    export: async () => (calls.push(clock.now()) === 1 ? retry(new Error('429'), { afterMs: 9000 }) : ok),
  }
  const retrying = new RetryingExporter<Date, string>(base, { schedule: config.schedule() })
  const exported = retrying.export(new Date(0), 'data', createContext({ clock }))
  await clock.advance(9000)
  assert.equal((await exported).status, 'ok')
  assert.deepEqual(calls, [0, 9000])
})

test('003-06 the spellings of others are read, and what cannot be used is refused', () => {
  const read = new RetryConfig({ max_retries: 5, backoff_multiplier: 3, max_backoff_seconds: 90, backoff_strategy: 'linear' })
  assert.deepEqual([read.maxRetries, read.backoffMultiplier, read.maxBackoffMs, read.backoffStrategy], [5, 3, 90_000, 'linear'])
  for (const wrong of [
    { maxRetries: -1 },
    { backoffMultiplier: 0.5 },
    { backoffMultiplier: Number.NaN },
    { backoffStrategy: 'random' },
    { retryOnStatusCodes: [Number.NaN] },
    { retries: 3 },
  ])
    assert.throws(() => new RetryConfig({ ...wrong }), { code: 'INVALID_OPTION' })
  assert.throws(() => new RetryConfig({ maxBackoff: 'long' }), { code: 'INVALID_DURATION' })
})
