import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { RecentCalls } from './recent-calls.ts'

const windowMs = 100

test('a call counts for at least nine tenths of the window and at most the whole, whatever the gaps', () => {
  const call = fc.record({ afterMs: fc.nat(150), latencyMs: fc.integer({ min: 1, max: 1000 }), success: fc.boolean() })
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 30 }), fc.nat(150), (calls, laterMs) => {
      const recent = new RecentCalls(windowMs)
      let nowMs = 0
      const made = calls.map(({ afterMs, ...call }) => {
        nowMs += afterMs
        recent.record(nowMs, call.latencyMs, call.success)
        return { ...call, atMs: nowMs }
      })
      nowMs += laterMs
      const { calls: told, successes, latency } = recent.figures(nowMs)
      const within = (ms: number) => made.filter(({ atMs }) => nowMs - atMs < ms)
      assert.ok(told >= within(windowMs * 0.9).length && told <= within(windowMs).length)
      const counted = made.slice(made.length - told)
      assert.equal(successes, counted.filter(({ success }) => success).length)
      assert.equal(latency.count, told)
      assert.equal(latency.max, Math.max(0, ...counted.map(({ latencyMs }) => latencyMs)))
    }),
    { numRuns: 1000 },
  )
})
