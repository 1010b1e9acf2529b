import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'
import { registerProfilingFromEnv } from './register-profiling-from-env.ts'
import { ScriptedExporter } from './scripted.fixture.ts'

function setUp(env: Record<string, string>, document?: object) {
  const clock = new ManualClock()
  const made = new Map<string, ScriptedExporter>()
  const profiling = registerProfilingFromEnv({
    env,
    ...(document && { read: () => document }),
    create({ name, type }) {
      if (type === 'unknown') throw new Error(`no exporters of type ${type} here`)
      const exporter = new ScriptedExporter(name)
      made.set(name, exporter)
      return exporter
    },
    context: createContext({ clock }),
    runtime: quietRuntime(),
  })
  return { clock, made, profiling }
}

const file = { PROFILING_EXPORTERS_CONFIG: '/etc/profiling/exporters.yaml' }

test('003-52 F18 the application feeds the exporters of the file, each with its own filters', async () => {
  const filters = { include_metrics: ['*_latency_ms'] }
  const { clock, made, profiling } = setUp(file, {
    exporters: [{ type: 'all' }, { type: 'some', filters }, { type: 'none', enabled: false }],
  })
  await clock.advance(30_000)
  assert.deepEqual(
    [...made].map(([name, { counts }]) => [name, counts]),
    [
      ['all', [18, 18]],
      ['some', [4, 4]],
    ],
  )
  assert.deepEqual(
    [...profiling!.exporters].map(([name, exporter]) => [name, exporter.filteredCount(), exporter.lastExportResult()?.exportedCount]),
    [
      ['all', 0, 18],
      ['some', 28, 4],
    ],
  )
  await profiling!.stop()
})

test('F19 sample rate, buffer and interval are those of the environment', async () => {
  const { clock, made, profiling } = setUp({
    PROFILING_OTEL_ENDPOINT: 'http://otel:4318',
    PROFILING_SAMPLE_RATE: '1',
    PROFILING_BUFFER_SIZE: '2',
    PROFILING_FLUSH_INTERVAL_SECONDS: '5',
  })
  await clock.advance(0)
  for (const name of ['a', 'b', 'c']) profiling!.profiler.trace(name, () => {})
  await clock.advance(5000)
  assert.deepEqual(made.get('otel')!.received.sort(), ['metrics', 'metrics', 'traces a,b'])
  await profiling!.stop()
})

test('F19 profiling that is not enabled makes no exporter', () => {
  const { made, profiling } = setUp({ PROVIDE_PROFILING_ENABLED: 'false', PROFILING_OTEL_ENDPOINT: 'http://otel' })
  assert.deepEqual([profiling, made.size], [undefined, 0])
})

test('what cannot work is told at once', () => {
  assert.throws(() => setUp({ PROFILING_ENABLED: 'true' }), { code: 'INVALID_OPTION', message: /names no exporter/ })
  assert.throws(() => setUp(file), { code: 'INVALID_OPTION', message: /nothing can read it/ })
  assert.throws(() => setUp(file, { exporters: [{ type: 'unknown' }] }), /no exporters of type unknown/)
})
