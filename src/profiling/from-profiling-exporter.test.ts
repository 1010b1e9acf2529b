import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { fromProfilingExporter } from './from-profiling-exporter.ts'
import type { FunctionTrace } from './function-trace.ts'
import type { Profile } from './profile.ts'
import { Profiler } from './profiler.ts'
import { profilingExporter } from './profiling-exporter.ts'
import { ProfilingHealth } from './profiling-health.ts'
import { ProfilingResult } from './profiling-result.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'
import { registerProfiling } from './register-profiling.ts'

/** An exporter of profiles as an application would write one. */
function inMemory(result = ProfilingResult.success(1)) {
  const profiles: Profile[] = []
  const traces: FunctionTrace[] = []
  return {
    profiles,
    traces,
    health: ProfilingHealth.healthy(),
    async exportMetrics(profile: Profile) {
      profiles.push(profile)
      return result
    },
    async exportTraces(given: readonly FunctionTrace[]) {
      traces.push(...given)
      return result
    },
    healthCheck() {
      return this.health
    },
  }
}

const context = createContext({ clock: new ManualClock(2000) })
const at = new Date(2000)

test('F16: it can be registered, and is given the profile and the traces', async () => {
  const own = inMemory()
  const profiling = registerProfiling({ exporters: [fromProfilingExporter('own', own)], sampleRate: 1, context, runtime: quietRuntime() })
  profiling.profiler.recordMessage({ durationNs: 4e6 })
  profiling.profiler.trace('work', () => {})
  await profiling.stop()
  assert.deepEqual(own.profiles.at(-1), { ...profiling.profiler.snapshot(), timestamp: 2000 })
  const [{ memory_usage_mb, ...trace } = assert.fail('no trace')] = own.traces
  assert.deepEqual(trace, { function_name: 'work', execution_time_ms: 0, timestamp: 2000 })
  assert.ok(memory_usage_mb > 0)
})

test('F1: there and back again, everything is as it was', async () => {
  const own = inMemory()
  const around = profilingExporter(fromProfilingExporter('own', own), { context })
  const profile = new Profiler({ context, runtime: quietRuntime() }).snapshot()
  const traces: readonly FunctionTrace[] = [
    { function_name: 'load', execution_time_ms: 1.25, memory_usage_mb: 20, timestamp: 1_800_000_000_000 },
    { function_name: 'save', execution_time_ms: 2, memory_usage_mb: 21, timestamp: 11, error_message: 'disk full' },
  ]
  assert.equal((await around.exportMetrics(profile)).success, true)
  assert.equal((await around.exportTraces(traces)).success, true)
  assert.deepEqual(own.profiles, [profile])
  assert.deepEqual(own.traces, traces)
})

test('F1: a failure may succeed later; what is no profile never does', async () => {
  const failing = fromProfilingExporter('own', inMemory(ProfilingResult.failure('no route')))
  const refused = await failing.export(at, { signal: 'traces', spans: [] }, context)
  assert.deepEqual([refused.status, refused.status === 'retry' && refused.error.message], ['retry', 'no route'])
  for (const batch of [metrics([]), { signal: 'logs', records: [] } as const])
    assert.equal((await failing.export(at, batch, context)).status, 'reject')
})

test('F2, 003-02: its health', () => {
  const own = inMemory()
  const exporter = fromProfilingExporter('own', own)
  assert.deepEqual(exporter.health!(), { state: 'healthy' })
  own.health = ProfilingHealth.unhealthy('key expired')
  assert.deepEqual(exporter.health!(), { state: 'unhealthy', reason: 'key expired' })
  own.health = ProfilingHealth.unhealthy()
  assert.equal(exporter.health!().state, 'unhealthy')
})
