import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSpanIds, toFunctionTrace, toSpan } from './function-trace.ts'

const trace = { function_name: 'work', execution_time_ms: 0.25, memory_usage_mb: 12, timestamp: 1_800_000_000_000.5 }

test('every bit of the random numbers goes into the ids', () => {
  const numbers = [0x00000000, 0xffffffff, 0x01234567, 0x89abcdef, 0xfedcba98, 0x00ff0001]
  let at = 0
  const { traceId, spanId } = toSpan(
    trace,
    newSpanIds(() => numbers[at++]! / 2 ** 32),
  )
  assert.deepEqual([traceId, spanId], ['00000000ffffffff0123456789abcdef', 'fedcba9800ff0001'])
})

test('a span of another origin is a trace without memory', () => {
  const { attributes, ...span } = toSpan(trace, newSpanIds(Math.random))
  assert.ok(attributes)
  assert.deepEqual(toFunctionTrace({ ...span, status: { code: 'error' } }), { ...trace, memory_usage_mb: 0, error_message: 'failed' })
})
