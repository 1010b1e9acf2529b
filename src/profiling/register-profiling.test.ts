import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { type Log, silent } from '../core/log.ts'
import { ok, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'
import { type ProfilingOptions, registerProfiling } from './register-profiling.ts'
import { ScriptedExporter } from './scripted.fixture.ts'

function setUp(options: ProfilingOptions) {
  const clock = new ManualClock()
  const logged: string[] = []
  const tell = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    logged.push(`${fields.exporter ?? fields.source}: ${message}: ${(fields.error as Error | undefined)?.message}`)
  const log: Log = { ...silent, warn: tell, error: tell }
  const profiling = registerProfiling({ sampleRate: 1, runtime: quietRuntime(), context: createContext({ clock, log }), ...options })
  return { clock, logged, profiling, profiler: profiling.profiler }
}

const unavailable = () => retry(new Error('connection refused'))
const never = () => new Promise<never>(() => {})

test('003-47, F16: the profile goes to every exporter at once and every interval, 30 seconds unless said otherwise', async () => {
  const exporters = [new ScriptedExporter('a'), new ScriptedExporter('b')]
  const { clock, profiler, profiling } = setUp({ exporters })
  await clock.advance(0)
  profiler.recordMessage({ durationNs: 1e6 })
  await clock.advance(29_999)
  for (const { received } of exporters) assert.deepEqual(received, ['metrics'])
  profiler.trace('work', () => {})
  await clock.advance(1)
  for (const { received, life } of exporters) {
    assert.deepEqual(received.sort(), ['metrics', 'metrics', 'traces work'])
    assert.deepEqual(life, ['start'])
  }
  await profiling.stop()
})

test('an interval of its own', async () => {
  const exporter = new ScriptedExporter('a')
  const { clock, profiling } = setUp({ exporters: [exporter], interval: '5s' })
  await clock.advance(10_000)
  assert.deepEqual(exporter.received, ['metrics', 'metrics', 'metrics'])
  await profiling.stop()
})

test('F16: one that fails, throws, does not start or hangs stops none of the others, and is logged', async () => {
  const works = new ScriptedExporter('works')
  const cannotStart = new ScriptedExporter('cannot start')
  cannotStart.start = () => Promise.reject(new Error('port in use'))
  const throws = new ScriptedExporter('throws', () => {
    throw new Error('broken')
  })
  const hangs = new ScriptedExporter('hangs', never)
  const exporters = [new ScriptedExporter('fails', unavailable), throws, hangs, cannotStart, works]
  const { clock, logged, profiling } = setUp({ exporters })
  await clock.advance(60_000)
  assert.deepEqual(works.received, ['metrics', 'metrics', 'metrics'])
  assert.deepEqual(cannotStart.received, [])
  assert.deepEqual(
    new Set(logged),
    new Set([
      'fails: not everything was taken: connection refused',
      'throws: not everything was taken: broken',
      'hangs: not everything was taken: hangs did not answer within 10s',
      'cannot start: cannot start, will try again: port in use',
      'cannot start: not everything was taken: port in use',
    ]),
  )
  const stopped = profiling.stop()
  await clock.advance(20_000)
  await stopped
})

test('one whose start hangs holds up the others no longer than the time limit', async () => {
  const hangs = new ScriptedExporter('hangs')
  hangs.start = never
  const works = new ScriptedExporter('works')
  const { clock, profiling } = setUp({ exporters: [hangs, works], exportTimeout: '2s' })
  await clock.advance(1999)
  assert.deepEqual(works.received, [])
  await clock.advance(1)
  assert.deepEqual(works.received, ['metrics'])
  const stopped = profiling.stop()
  await clock.advance(4000)
  await stopped
})

test('exporters that hang take no place from others, however many', async () => {
  const hanging = ['a', 'b', 'c', 'd'].map((name) => new ScriptedExporter(name, never))
  const works = new ScriptedExporter('works')
  const { clock, profiling } = setUp({ exporters: [...hanging, works] })
  await clock.advance(1)
  assert.deepEqual(works.received, ['metrics'])
  const stopped = profiling.stop()
  await clock.advance(20_000)
  await stopped
})

test('spans that nobody took are exported the next time, those that somebody took are not', async () => {
  const a = new ScriptedExporter('a', unavailable)
  const b = new ScriptedExporter('b', unavailable)
  const { clock, profiler, profiling } = setUp({ exporters: [a, b] })
  await clock.advance(0)
  profiler.trace('first', () => {})
  assert.equal((await profiling.exportNow()).traces.status, 'retry')
  profiler.trace('second', () => {})
  b.answer = () => ok
  a.batches.length = 0
  assert.deepEqual((await profiling.exportNow()).traces.status, 'ok')
  assert.deepEqual(a.received, ['metrics', 'traces first,second'])
  await profiling.exportNow()
  assert.equal(a.received.at(-1), 'metrics')
  await profiling.stop()
})

test('exportNow tells what became of both, and never rejects', async () => {
  const exporter = new ScriptedExporter('a', (batch) => (batch.signal === 'traces' ? reject(new Error('no traces here')) : ok))
  const { profiler, profiling } = setUp({ exporters: [exporter] })
  assert.equal((await profiling.exportNow()).traces.status, 'ok')
  profiler.trace('work', () => {})
  const { metrics, traces } = await profiling.exportNow()
  assert.deepEqual([metrics.status, traces.status], ['ok', 'reject'])
  await profiling.stop()
})

test('exportNow waits until the exporters have started', async () => {
  const slow = new ScriptedExporter('slow')
  const { promise, resolve } = Promise.withResolvers<void>()
  slow.start = () => promise
  const { clock, profiling } = setUp({ exporters: [slow] })
  const exported = profiling.exportNow()
  await clock.advance(1000)
  assert.deepEqual(slow.received, [])
  resolve()
  assert.equal((await exported).metrics.status, 'ok')
  await profiling.stop()
})

test('figures of the process that cannot be had are a result too', async () => {
  const figures = () => {
    throw new Error('no figures')
  }
  const { logged, profiling } = setUp({ exporters: [new ScriptedExporter('a')], runtime: { ...quietRuntime(), figures } })
  const { metrics } = await profiling.exportNow()
  assert.equal(metrics.status === 'retry' && metrics.error.message, 'no figures')
  await profiling.stop()
  assert.ok(logged.includes('profiling-metrics: the source failed: no figures'))
})

test('traces go only where they are to go', async () => {
  const metricsOnly = new ScriptedExporter('metrics only')
  const both = new ScriptedExporter('both')
  const tracesOnly = new ScriptedExporter('traces only')
  const { profiler, profiling } = setUp({ exporters: [metricsOnly, both], traceExporters: [both, tracesOnly] })
  profiler.trace('work', () => {})
  await profiling.exportNow()
  await profiling.stop()
  assert.ok(!metricsOnly.received.includes('traces work'))
  assert.ok(both.received.includes('traces work'))
  assert.deepEqual(tracesOnly.received, ['traces work'])
  for (const { life } of [metricsOnly, both, tracesOnly]) assert.deepEqual(life, ['start', 'stop'])

  const nowhere = setUp({ exporters: [metricsOnly], traceExporters: [] })
  nowhere.profiler.trace('work', () => {})
  assert.equal((await nowhere.profiling.exportNow()).traces.status, 'ok')
  await nowhere.profiling.stop()
})

test('stop exports what is left, stops every exporter once, and leaves no timer', async () => {
  const exporter = new ScriptedExporter('a')
  const fails = new ScriptedExporter('fails')
  fails.stop = () => Promise.reject(new Error('disk full'))
  const runtime = quietRuntime()
  const { clock, logged, profiler, profiling } = setUp({ exporters: [fails, exporter], runtime })
  await clock.advance(0)
  profiler.trace('last', () => {})
  await Promise.all([profiling.stop(), profiling.stop()])
  assert.deepEqual(exporter.received, ['metrics', 'metrics', 'traces last'])
  assert.deepEqual(exporter.life, ['start', 'stop'])
  assert.deepEqual(logged, ['fails: could not be stopped cleanly: disk full'])
  assert.equal(runtime.stopped, true)
  await clock.advance(60_000)
  assert.equal(exporter.received.length, 3)
  assert.equal(clock.sleeping, 0)
})

test('stop waits no longer than it says, and an exporter that hangs leaves the others time to deliver', async () => {
  const hangs = new ScriptedExporter('hangs', never)
  hangs.stop = never
  const delivers = new ScriptedExporter('delivers')
  let deadline: AbortSignal | undefined
  let abortedAtFirst: boolean | undefined
  delivers.stop = async ({ signal }: { signal: AbortSignal } = assert.fail('no context')) => {
    deadline = signal
    abortedAtFirst = signal.aborted
  }
  const { clock, profiling } = setUp({ exporters: [hangs, delivers], exportTimeout: '1s' })
  await clock.advance(0)
  let stopped = false
  const stopping = profiling.stop().then(() => {
    stopped = true
  })
  await clock.advance(2999)
  assert.equal(abortedAtFirst, false)
  assert.equal(stopped, false)
  await clock.advance(1)
  await stopping
  assert.equal(deadline?.aborted, true)
})

test('a stop before anything has started exports once and starts no interval', async () => {
  const exporter = new ScriptedExporter('a')
  const { clock, profiling } = setUp({ exporters: [exporter] })
  await profiling.stop()
  await clock.advance(60_000)
  assert.deepEqual(exporter.received, ['metrics'])
})

test('mistakes are told at once', () => {
  const exporters = [new ScriptedExporter('a')]
  assert.throws(() => setUp({ exporters: [] }), { code: 'INVALID_OPTION', message: /no exporter/ })
  assert.throws(() => setUp({ exporters, sampleRate: 2 }), { code: 'INVALID_OPTION', message: 'Sample rate must be between 0.0 and 1.0' })
  assert.throws(() => setUp({ exporters, interval: 'often' }), { code: 'INVALID_DURATION' })
})
