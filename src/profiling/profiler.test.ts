import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Profiler, type ProfilerOptions } from './profiler.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'

function setUp(options: ProfilerOptions = {}) {
  const clock = new ManualClock(1_000_000)
  return { clock, profiler: new Profiler({ context: createContext({ clock }), runtime: quietRuntime(), ...options }) }
}

const messageFields = {
  messages_per_second: 0,
  avg_latency_ms: 0,
  p95_latency_ms: 0,
  p99_latency_ms: 0,
  max_latency_ms: 0,
  error_rate: 0,
  emoji_overhead_percent: 0,
  total_messages: 0,
  emoji_messages: 0,
  dropped_messages: 0,
  avg_fields_per_message: 0,
  uptime_seconds: 0,
}
const runtimeFields = {
  event_loop_delay_avg_ms: 1,
  event_loop_delay_p99_ms: 2,
  event_loop_delay_max_ms: 3,
  gc_count: 4,
  gc_time_ms: 5,
  heap_used_mb: 6,
}

test('003-48: before the first message every field is there, and none is NaN', () => {
  const { profiler } = setUp()
  assert.deepEqual(profiler.snapshot(), { ...messageFields, ...runtimeFields, timestamp: 1_000_000 })
})

test('003-48: what each field tells', async () => {
  const { clock, profiler } = setUp()
  for (let n = 1; n <= 100; n++) profiler.recordMessage({ durationNs: n * 1e6, hasEmoji: n % 4 === 0, fields: n % 2, error: n % 10 === 0 })
  await clock.advance(20_000)
  const { p95_latency_ms, p99_latency_ms, ...rest } = profiler.snapshot()
  assert.deepEqual(rest, {
    ...runtimeFields,
    timestamp: 1_020_000,
    messages_per_second: 5,
    avg_latency_ms: 50.5,
    max_latency_ms: 100,
    error_rate: 0.1,
    emoji_overhead_percent: 25,
    total_messages: 100,
    emoji_messages: 25,
    dropped_messages: 0,
    avg_fields_per_message: 0.5,
    uptime_seconds: 20,
  })
  assert.ok(Math.abs(p95_latency_ms - 95) <= 0.05 * 95, `${p95_latency_ms}`)
  assert.ok(Math.abs(p99_latency_ms - 99) <= 0.05 * 99, `${p99_latency_ms}`)
})

test('a duration may be a bigint, as process.hrtime gives it', () => {
  const { profiler } = setUp()
  profiler.recordMessage({ durationNs: 3_000_000n })
  assert.equal(profiler.snapshot().avg_latency_ms, 3)
})

test('F1: whatever is recorded, nothing is thrown: what cannot be used counts as dropped and changes no other figure', () => {
  const { profiler } = setUp()
  const broken = {
    get durationNs(): number {
      throw new Error('broken')
    },
  }
  const unusable = [{ durationNs: Number.NaN }, { durationNs: -1 }, { durationNs: Number.POSITIVE_INFINITY }, {}, undefined, null, broken]
  for (const message of [...unusable, { durationNs: 1, fields: Number.NaN }]) profiler.recordMessage(message as { durationNs: number })
  assert.deepEqual(profiler.snapshot(), { ...messageFields, ...runtimeFields, timestamp: 1_000_000, dropped_messages: 8 })
})

test('reset begins anew', async () => {
  const { clock, profiler } = setUp({ sampleRate: 1 })
  await clock.advance(5000)
  profiler.recordMessage({ durationNs: 1e6, hasEmoji: true, fields: 3, error: true })
  profiler.recordMessage({ durationNs: -1 })
  profiler.trace('work', () => {})
  profiler.reset()
  assert.deepEqual(profiler.snapshot(), { ...messageFields, timestamp: 1_005_000, ...quietRuntime(0).figures() })
  assert.deepEqual(profiler.takeSpans(), [])
  assert.equal(profiler.startTimeMs, 1_005_000)
})

test('a window: rate, latencies and error rate forget, totals do not', async () => {
  const { clock, profiler } = setUp({ window: '10s' })
  profiler.recordMessage({ durationNs: 500e6, error: true, fields: 2 })
  await clock.advance(60_000)
  for (let n = 0; n < 20; n++) profiler.recordMessage({ durationNs: 2e6 })
  const { messages_per_second, max_latency_ms, error_rate, total_messages, uptime_seconds } = profiler.snapshot()
  assert.deepEqual(
    { messages_per_second, max_latency_ms, error_rate, total_messages, uptime_seconds },
    { messages_per_second: 2, max_latency_ms: 2, error_rate: 0, total_messages: 21, uptime_seconds: 60 },
  )
})

test('003-56: a sample rate outside 0 to 1 is refused, as are other numbers out of range', () => {
  for (const sampleRate of [-0.01, 1.01, Number.NaN])
    assert.throws(() => setUp({ sampleRate }), { code: 'INVALID_OPTION', message: 'Sample rate must be between 0.0 and 1.0' })
  for (const sampleRate of [0, 1]) assert.doesNotThrow(() => setUp({ sampleRate }))
  assert.throws(() => setUp({ maxSpans: 0 }), { code: 'INVALID_OPTION' })
  assert.throws(() => setUp({ window: 'soon' }), { code: 'INVALID_DURATION' })
})

test('stop stops the watch over the process and no recording', () => {
  const runtime = quietRuntime()
  const { profiler } = setUp({ runtime })
  profiler.stop()
  profiler.recordMessage({ durationNs: 1 })
  assert.equal(runtime.stopped, true)
  assert.equal(profiler.snapshot().total_messages, 1)
})
