import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, createContext, type LogFields, metrics, recordsOf, series, silent } from '../../sdk.ts'
import { createTestHost, ManualClock } from '../../testing/index.ts'
import plugin, { LimitCardinalityProcessor, type LimitCardinalityProcessorOptions } from './limit_cardinality.ts'

const batch = (...users: string[]) =>
  metrics(users.map((user, value) => ({ series: series('requests', { user, region: 'eu' }), timeMs: 0, value })))

/** A limit, the users left of a batch after it, what it warned of, and its clock. */
function setUp(options: LimitCardinalityProcessorOptions) {
  const warnings: LogFields[] = []
  const clock = new ManualClock()
  const context = createContext({ clock, log: { ...silent, warn: (_, fields = {}) => warnings.push(fields) } })
  const limit = new LimitCardinalityProcessor(options)
  const left = (...users: string[]) => {
    const { points } = limit.process(batch(...users), context) as ReturnType<typeof batch>
    return points.map((point) => point.series.labels[1]![1])
  }
  return { limit, left, warnings, clock, context }
}

test('series that passed go on passing, further ones are dropped', () => {
  const { left } = setUp({ maxSeries: 2 })
  assert.deepEqual(left('a', 'b', 'a', 'c', 'b'), ['a', 'b', 'a', 'b'])
  assert.deepEqual(left('c', 'd', 'b'), ['b'])
})

test('after the window it starts anew', async () => {
  const { left, clock } = setUp({ maxSeries: 1, window: '1h' })
  assert.deepEqual(left('a', 'b'), ['a'])
  await clock.advance(3_599_999)
  assert.deepEqual(left('b', 'a'), ['a'])
  await clock.advance(1)
  assert.deepEqual(left('b', 'a'), ['b'])
})

test('once a window it names the label with most values', async () => {
  const { left, clock, warnings } = setUp({ name: 'limit', maxSeries: 2, window: '10s' })
  left('a', 'b')
  assert.deepEqual(warnings, [])
  left('c', 'd', 'e')
  left('f')
  assert.deepEqual(warnings, [{ processor: 'limit', maxSeries: 2, label: 'user', values: 3 }])
  await clock.advance(10_000)
  left('c', 'd', 'e')
  assert.equal(warnings.length, 2)
})

test('series without labels are told without one', () => {
  const { limit, warnings, context } = setUp({ name: 'limit', maxSeries: 1 })
  limit.process(metrics(['x', 'y'].map((name) => ({ series: series(name), timeMs: 0, value: 1 }))), context)
  assert.deepEqual(warnings, [{ processor: 'limit', maxSeries: 1 }])
})

test('in no window do more series pass than allowed, and nothing is dropped while they are fewer', () => {
  const users = fc.array(fc.constantFrom(...'abcdefgh'))
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(users), (maxSeries, batches) => {
      const { left } = setUp({ maxSeries })
      const passed = new Set(batches.flatMap((users) => left(...users)))
      assert.equal(passed.size, Math.min(maxSeries, new Set(batches.flat()).size))
    }),
  )
})

test('another signal passes it by; settings that cannot be are refused', () => {
  const logs: Batch = { signal: 'logs', records: [{ timeNs: 0n, body: 'x' }] }
  assert.equal(new LimitCardinalityProcessor().process(logs, createContext()), logs)
  assert.throws(() => new LimitCardinalityProcessor({ maxSeries: 0 }), { code: 'INVALID_OPTION' })
  const made = plugin.create({ name: 'l', config: plugin.config!.parse({ maxSeries: 1 }) as never, host: createTestHost() })
  assert.equal(recordsOf(made.process(batch('a', 'b'), createContext()) as Batch).length, 1)
})
