import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch, TracesBatch } from '../core/batch.ts'
import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { ok, partial, reject } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import type { FunctionTrace } from './function-trace.ts'
import { Profiler } from './profiler.ts'
import { profilingExporter } from './profiling-exporter.ts'
import { ProfilingHealth } from './profiling-health.ts'
import { ProfilingResult } from './profiling-result.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'
import { ScriptedExporter } from './scripted.fixture.ts'

const clock = new ManualClock(1000)
const context = createContext({ clock })
const profile = new Profiler({ context, runtime: quietRuntime() }).snapshot()
const traces: readonly FunctionTrace[] = [
  { function_name: 'load', execution_time_ms: 1.5, memory_usage_mb: 20, timestamp: 10 },
  { function_name: 'save', execution_time_ms: 2, memory_usage_mb: 21, timestamp: 11, error_message: 'disk full' },
]

test('F1, 003-01: metrics and traces become batches of an exporter, and its answers results', async () => {
  const exporter = new ScriptedExporter('a', async () => {
    await clock.advance(25)
    return ok
  })
  const profiling = profilingExporter(exporter, { serviceName: 'shop', context })
  const result = await profiling.exportMetrics(profile)
  assert.deepEqual(
    [result.success, result.exportedCount, result.responseTimeMs, result.error, result.errorMessage],
    [true, 18, 25, undefined, undefined],
  )
  assert.equal((await profiling.exportTraces(traces)).exportedCount, 2)
  assert.deepEqual(exporter.received, ['metrics', 'traces load,save'])
  const [, saved] = (exporter.batches[1] as TracesBatch).spans
  assert.deepEqual(
    [saved!.startTimeNs, saved!.endTimeNs, saved!.status?.message, saved!.resource?.attributes],
    [11_000_000n, 13_000_000n, 'disk full', { 'service.name': 'shop' }],
  )
})

test('F1: what fails or throws is a result, never a rejection', async () => {
  const exporter = new ScriptedExporter('a', () => reject(new Error('refused')))
  const profiling = profilingExporter(exporter, { context })
  const refused = await profiling.exportMetrics(profile)
  assert.deepEqual([refused.success, refused.exportedCount, refused.errorMessage], [false, 0, 'refused'])
  assert.equal(refused.error?.message, 'refused')

  exporter.answer = () => partial([{ index: 0, error: new Error('bad span') }])
  const half = await profiling.exportTraces(traces)
  assert.deepEqual([half.success, half.exportedCount, half.errorMessage], [false, 1, 'bad span'])
  exporter.answer = () => partial([{ index: 0, error: new Error('bad span') }], [1])
  assert.equal((await profiling.exportTraces(traces)).exportedCount, 0)

  exporter.answer = () => {
    throw new Error('broken')
  }
  assert.equal((await profiling.exportMetrics(profile)).errorMessage, 'broken')
  assert.equal((await profiling.exportTraces(undefined as unknown as readonly FunctionTrace[])).success, false)
  assert.equal((await profiling.exportMetrics(undefined as never)).success, false)
})

test('F2, 003-02: the health of the exporter', () => {
  const healthOf = (health?: () => HealthStatus) => {
    const exporter: EventExporter<Batch> = { name: 'a', export: async () => ok, ...(health && { health }) }
    const checked = profilingExporter(exporter).healthCheck()
    return [checked.isHealthy(), checked.errorMessage]
  }
  assert.deepEqual(healthOf(), [true, undefined])
  assert.deepEqual(
    healthOf(() => ({ state: 'healthy' })),
    [true, undefined],
  )
  assert.deepEqual(
    healthOf(() => ({ state: 'starting' })),
    [false, 'starting'],
  )
  assert.deepEqual(
    healthOf(() => degraded('slow')),
    [false, 'slow'],
  )
  assert.deepEqual(
    healthOf(() => unhealthy('key expired')),
    [false, 'key expired'],
  )
  const broken = healthOf(() => {
    throw new Error('broken')
  })
  assert.deepEqual(broken, [false, 'broken'])
})

test('F1, F2, 003-03: results and health made by hand', () => {
  const { success, exportedCount, responseTimeMs } = ProfilingResult.success(3, 12)
  assert.deepEqual([success, exportedCount, responseTimeMs], [true, 3, 12])
  const failure = ProfilingResult.failure('no route', { responseTimeMs: 7 })
  assert.deepEqual([failure.success, failure.exportedCount, failure.responseTimeMs, failure.errorMessage], [false, 0, 7, 'no route'])
  assert.ok(failure.error instanceof Error)

  assert.deepEqual([ProfilingHealth.healthy().isHealthy(), ProfilingHealth.healthy().errorMessage], [true, undefined])
  assert.deepEqual([ProfilingHealth.unhealthy().isHealthy(), ProfilingHealth.unhealthy().errorMessage], [false, undefined])
  assert.equal(ProfilingHealth.unhealthy('no route').errorMessage, 'no route')
})
