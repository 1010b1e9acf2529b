import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { Span } from '../core/span.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { Profiler, type ProfilerOptions } from './profiler.ts'
import { quietRuntime } from './quiet-runtime.fixture.ts'

function setUp(options: ProfilerOptions = {}, random: () => number = Math.random) {
  const clock = new ManualClock(1_000)
  const context = createContext({ clock, random })
  return { clock, profiler: new Profiler({ sampleRate: 1, context, runtime: quietRuntime(), ...options }) }
}

test('003-49: an asynchronous call as a span with function, execution time and memory', async () => {
  const { clock, profiler } = setUp()
  const result = profiler.trace('load', async () => {
    await clock.sleep(250)
    return 'loaded'
  })
  await clock.advance(250)
  assert.equal(await result, 'loaded')
  const [{ traceId, spanId, attributes, ...rest } = assert.fail('no span'), ...more] = profiler.takeSpans()
  assert.deepEqual(rest, { name: 'load', kind: 'internal', startTimeNs: 1_000_000_000n, endTimeNs: 1_250_000_000n })
  assert.match(traceId, /^[0-9a-f]{32}$/)
  assert.match(spanId, /^[0-9a-f]{16}$/)
  const { memory_usage_mb, ...named } = attributes!
  assert.deepEqual(named, { function_name: 'load', execution_time_ms: 250 })
  assert.ok(Number(memory_usage_mb) > 1 && Number(memory_usage_mb) < 10_000, String(memory_usage_mb))
  assert.deepEqual(more, [])
})

test('003-49: a synchronous call is answered synchronously', () => {
  const { profiler } = setUp()
  assert.equal(
    profiler.trace('add', () => 1 + 1),
    2,
  )
  assert.equal(profiler.takeSpans().length, 1)
})

test('what is thrown reaches the caller unchanged, and stands in the span', async () => {
  const { profiler } = setUp()
  const error = new Error('no such table')
  const fail = () => {
    throw error
  }
  assert.throws(
    () => profiler.trace('sync', fail),
    (thrown) => thrown === error,
  )
  await assert.rejects(
    profiler.trace('async', async () => fail()),
    (thrown) => thrown === error,
  )
  const expected = { code: 'error', message: 'no such table' }
  assert.deepEqual(
    profiler.takeSpans().map(({ name, status }) => [name, status]),
    [
      ['sync', expected],
      ['async', expected],
    ],
  )
})

test('a promise of another library is not set going', () => {
  const { profiler } = setUp()
  // biome-ignore lint/suspicious/noThenProperty: some libraries begin their work only when it is called
  const lazy = { then: () => assert.fail('it was asked') }
  assert.equal(
    profiler.trace('query', () => lazy),
    lazy,
  )
})

test('003-56: sampling takes the calls whose number is below the rate, and 0 takes none', () => {
  const numbers = [0.3, 0.25, 0.2, 0.9, 0]
  let at = 0
  const { profiler } = setUp({ sampleRate: 0.25 }, () => numbers[at++] ?? 0.5)
  profiler.trace('a', () => {})
  profiler.trace('b', () => {})
  assert.equal(profiler.takeSpans().length, 0)
  profiler.trace('c', () => {})
  assert.equal(profiler.takeSpans().length, 1)

  const { profiler: never } = setUp({ sampleRate: 0 }, () => 0)
  assert.equal(
    never.trace('d', () => 'answer'),
    'answer',
  )
  assert.equal(never.takeSpans().length, 0)
})

test('003-56: a hundredth of the calls is sampled unless said otherwise', () => {
  const rolls = [0.0099, 0.01]
  const sampled = rolls.map((roll) => {
    const context = createContext({ clock: new ManualClock(), random: () => roll })
    const profiler = new Profiler({ context, runtime: quietRuntime() })
    profiler.trace('work', () => {})
    return profiler.takeSpans().length
  })
  assert.deepEqual(sampled, [1, 0])
})

test('spans above the bound are dropped and counted, new ones and those given back alike', () => {
  const { profiler } = setUp({ maxSpans: 3 })
  const names = (spans: readonly Span[]) => spans.map(({ name }) => name)
  for (const name of ['a', 'b', 'c', 'd']) profiler.trace(name, () => {})
  assert.equal(profiler.snapshot().dropped_messages, 1)
  const taken = profiler.takeSpans()
  assert.deepEqual(names(taken), ['a', 'b', 'c'])
  profiler.trace('e', () => {})
  profiler.giveBack(taken.slice(1))
  profiler.trace('f', () => {})
  assert.equal(profiler.snapshot().dropped_messages, 2)
  profiler.giveBack([])
  assert.deepEqual(names(profiler.takeSpans()), ['b', 'c', 'e'])
})

test('a thousand spans wait unless said otherwise', () => {
  const { profiler } = setUp()
  for (let call = 0; call < 1001; call++) profiler.trace('work', () => {})
  assert.equal(profiler.takeSpans().length, 1000)
  assert.equal(profiler.snapshot().dropped_messages, 1)
})

test('003-49: calls within calls are spans below them, also across what is waited for, and of one trace', async () => {
  const { clock, profiler } = setUp()
  const done = profiler.trace('outer', async () => {
    profiler.trace('first', () => 1)
    await clock.sleep(10)
    await profiler.trace('second', async () => profiler.trace('third', () => 3))
  })
  const beside = profiler.trace('beside', () => 0)
  await clock.advance(10)
  await done
  const spans = new Map(profiler.takeSpans().map((span) => [span.name, span]))
  const parentOf = (name: string) => [...spans.values()].find(({ spanId }) => spanId === spans.get(name)!.parentSpanId)?.name
  assert.deepEqual(['outer', 'first', 'second', 'third', 'beside'].map(parentOf), [undefined, 'outer', 'outer', 'second', undefined])
  assert.equal(spans.get('third')!.traceId, spans.get('outer')!.traceId)
  assert.notEqual(spans.get('beside')!.traceId, spans.get('outer')!.traceId)
  assert.equal(beside, 0)
})

test('a call below one that is a span is one too, whatever the sample rate; below one that is none it is drawn for itself', () => {
  const drawn = [0.001, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9]
  const { profiler } = setUp({ sampleRate: 0.01 }, () => drawn.shift() ?? 0.5)
  profiler.trace('outer', () => profiler.trace('inner', () => 1))
  assert.deepEqual(
    profiler.takeSpans().map(({ name }) => name),
    ['inner', 'outer'],
  )
  profiler.trace('outer', () => profiler.trace('inner', () => 1))
  assert.equal(profiler.takeSpans().length, 0)
})
