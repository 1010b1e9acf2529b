import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchRecords } from '../core/batch-records.ts'
import { createContext } from '../core/context.ts'
import { type Log, silent } from '../core/log.ts'
import { ok, retry } from '../core/result.ts'
import { Secret } from '../core/secret.ts'
import { AdjustableExporter } from '../delivery/adjustable.ts'
import { metricFilters } from '../delivery/metric-filters.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Profiler } from './profiler.ts'
import { profilingExporter } from './profiling-exporter.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'
import { registerProfiling } from './register-profiling.ts'
import { ScriptedExporter } from './scripted.fixture.ts'

const traces = ['a', 'b', 'c'].map((function_name) => ({ function_name, execution_time_ms: 1, memory_usage_mb: 2, timestamp: 3 }))

function setUp() {
  const clock = new ManualClock(1000)
  const lines: string[] = []
  const log: Log = { ...silent, info: (message, fields) => lines.push(`${message} ${JSON.stringify(fields)}`) }
  const context = createContext({ clock, log })
  return {
    clock,
    lines,
    context,
    exporter: new ScriptedExporter('a'),
    profile: new Profiler({ context, runtime: quietRuntime() }).snapshot(),
  }
}

test('003-62 003-63 F16 an exporter of profiles: its batches, its filters and its last result', async () => {
  const { context, exporter, profile } = setUp()
  const profiling = profilingExporter(exporter, { batchSize: 2, context })
  await profiling.exportTraces(traces)
  profiling.updateConfig({ batch_size: 1 })
  await profiling.exportTraces(traces)
  assert.deepEqual(exporter.counts, [2, 1, 1, 1, 1])

  profiling.updateConfig({ batchSize: 100, filters: metricFilters({ exclude_metrics: ['heap_used_mb', 'gc_*'] }) })
  const { success, exportedCount } = await profiling.exportMetrics(profile)
  assert.deepEqual([success, exportedCount, profiling.filteredCount()], [true, 15, 3])
  exporter.answer = () => retry(new Error('no route'))
  await profiling.exportMetrics(profile)
  const last = profiling.lastExportResult()
  assert.deepEqual([last?.success, last?.status, last?.error?.message], [false, 'retry', 'no route'])
  assert.throws(() => profiling.updateConfig({ batch: 1 }), { code: 'INVALID_OPTION', hint: 'known are batchSize, filters' })
})

test('003-61 003-65 F17 debug mode: a profile that is not valid is not sent, and a payload is shown without secrets', async () => {
  const { lines, context, exporter, profile } = setUp()
  const profiling = profilingExporter(exporter, { context, secrets: [new Secret('messages')] })
  profiling.enableDebugMode({ trace_exports: true, log_payloads: true, measure_performance: true, validate_schemas: true })
  assert.equal((await profiling.exportMetrics({ ...profile, error_rate: '5 %' as never })).success, false)
  assert.equal(exporter.batches.length, 0)
  assert.equal((await profiling.exportMetrics(profile)).success, true)
  assert.equal(lines.length, 4)
  assert.match(lines[1]!, /"status":"reject"/)
  assert.match(lines[2]!, /\[redacted\]_per_second/)
  assert.match(lines[3]!, /"records":18,"status":"ok","ms":0/)
  profiling.disableDebugMode()
  await profiling.exportMetrics(profile)
  assert.equal(lines.length, 4)
})

test('003-61 003-63 F16 each exporter of a registered profile can be asked and changed by its name', async () => {
  const { clock, lines, context, exporter } = setUp()
  const other = new ScriptedExporter('a', () => retry(new Error('no route')))
  const profiling = registerProfiling({ exporters: [exporter, other], context, runtime: quietRuntime() })
  await profiling.exportNow()
  const told = () => [...profiling.exporters].map(([name, each]) => [name, each.lastExportResult()?.success])
  assert.deepEqual(told(), [
    ['a', true],
    ['a 2', false],
  ])
  profiling.exporters.get('a')!.enableDebugMode()
  await profiling.exportNow()
  assert.equal(lines.length, 1)
  profiling.enableDebugMode({ measurePerformance: false })
  profiling.exporters.get('a')!.updateConfig({ filters: { sampleRate: 0 } })
  await profiling.exportNow()
  assert.deepEqual([lines.length, profiling.exporters.get('a')!.filteredCount()], [2, 18])
  await profiling.stop()
  assert.equal(clock.sleeping, 0)
})

test('an exporter that is adjustable already is the one to ask', async () => {
  const { context, exporter } = setUp()
  const own = new AdjustableExporter(exporter, { records: batchRecords, batchSize: 10 })
  const profiling = registerProfiling({ exporters: [own], context, runtime: quietRuntime() })
  assert.equal(profiling.exporters.get('a'), own)
  await profiling.exportNow()
  await profiling.stop()
  assert.deepEqual(new Set(exporter.counts), new Set([10, 8]))
})

test('F20 the application never waits for an export, however long it takes', async () => {
  const { clock, context, exporter } = setUp()
  const { promise, resolve } = Promise.withResolvers<typeof ok>()
  exporter.answer = () => promise
  const profiling = registerProfiling({ exporters: [exporter], sampleRate: 1, context, runtime: quietRuntime() })
  await clock.advance(0)
  assert.equal(exporter.received.length, 1)
  profiling.profiler.recordMessage({ durationNs: 1 })
  assert.equal(
    profiling.profiler.trace('work', () => 'done'),
    'done',
  )
  assert.equal(profiling.profiler.snapshot().total_messages, 1)
  resolve(ok)
  await profiling.stop()
})
