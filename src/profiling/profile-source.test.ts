import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MetricsBatch, TracesBatch } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { ProfileSource, type ProfileSourceOptions } from './profile-source.ts'
import { Profiler } from './profiler.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'

function setUp(options: ProfileSourceOptions) {
  const clock = new ManualClock(5000)
  const profiler = new Profiler({ sampleRate: 1, context: createContext({ clock }), runtime: quietRuntime() })
  return { clock, profiler, source: new ProfileSource(profiler, options) }
}

test('003-48: a series for each field, by its name, with its unit; totals are counters since the start', async () => {
  const { clock, profiler, source } = setUp({ signal: 'metrics' })
  profiler.recordMessage({ durationNs: 2e6, fields: 3 })
  await clock.advance(1000)
  const { points } = source.make(new Date(6001)) as MetricsBatch
  const told = points.map(
    ({ series: { name, kind, unit }, value, startTimeMs }) => `${name} ${kind} ${unit} ${value} ${startTimeMs ?? '-'}`,
  )
  assert.deepEqual(told, [
    'messages_per_second gauge {message}/s 1 -',
    'avg_latency_ms gauge ms 2 -',
    'p95_latency_ms gauge ms 2 -',
    'p99_latency_ms gauge ms 2 -',
    'max_latency_ms gauge ms 2 -',
    'error_rate gauge 1 0 -',
    'emoji_overhead_percent gauge % 0 -',
    'total_messages counter {message} 1 5000',
    'emoji_messages counter {message} 0 5000',
    'dropped_messages counter {message} 0 5000',
    'avg_fields_per_message gauge {field} 3 -',
    'uptime_seconds gauge s 1 -',
    'event_loop_delay_avg_ms gauge ms 1 -',
    'event_loop_delay_p99_ms gauge ms 2 -',
    'event_loop_delay_max_ms gauge ms 3 -',
    'gc_count counter {collection} 4 5000',
    'gc_time_ms counter ms 5 5000',
    'heap_used_mb gauge MiBy 6 -',
  ])
  for (const { timeMs, series } of points) {
    assert.equal(timeMs, 6001)
    assert.ok(series.help)
    assert.equal(series.resource, undefined)
  }
})

test('the service is named by the resource, on points and on spans', () => {
  for (const signal of ['metrics', 'traces'] as const) {
    const { profiler, source } = setUp({ signal, serviceName: 'shop' })
    profiler.trace('work', () => {})
    const batch = source.make(new Date(0)) as MetricsBatch | TracesBatch
    const resources =
      batch.signal === 'metrics' ? batch.points.map(({ series }) => series.resource) : batch.spans.map(({ resource }) => resource)
    assert.ok(resources.length > 0)
    for (const resource of resources) assert.deepEqual(resource?.attributes, { 'service.name': 'shop' })
  }
})

test('003-49: the spans that wait, once; without any there is nothing to export', () => {
  const { profiler, source } = setUp({ signal: 'traces' })
  assert.equal(source.make(new Date(0)), undefined)
  profiler.trace('a', () => {})
  profiler.trace('b', () => {})
  assert.deepEqual(
    (source.make(new Date(0)) as TracesBatch).spans.map(({ name }) => name),
    ['a', 'b'],
  )
  assert.equal(source.make(new Date(0)), undefined)
})
