import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { ok, partial, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter, type BufferedOptions } from './buffered.ts'
import { FlushTiming } from './flush-timing.ts'
import { MemoryBudget } from './memory-budget.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

function setUp(answers: Answer[], options: BufferedOptions<Date, readonly number[]>) {
  const clock = new ManualClock()
  const account = new Ledger({ strict: true }).account('out')
  const destination = scripted(...answers)
  const letters = scripted()
  const buffer = new BufferedExporter(destination.exporter, {
    records: numbers,
    account,
    deadLetter: letters.exporter,
    pace: () => 1000,
    ...options,
  })
  const context = createContext({ clock })
  const put = (...data: number[]) => buffer.export(at, data, context)
  return { clock, account, buffer, context, put, seen: destination.seen, letters }
}

test('F13 003-35 flushes on time: data waits for the interval and travels together', async () => {
  const { clock, put, seen } = setUp([], { flushInterval: '30s', batchSize: 1000 })
  await put(1, 2)
  await clock.advance(20_000)
  await put(3)
  await clock.advance(9999)
  assert.deepEqual(seen, [])
  await clock.advance(1)
  assert.deepEqual(seen, [[1, 2, 3]])
})

test('F13 003-35 flushes on size, before the interval is over', async () => {
  const { clock, put, seen } = setUp([], { flushInterval: '30s', batchSize: 3 })
  await put(1, 2)
  await put(3)
  await put(4)
  await clock.advance(0)
  assert.deepEqual(seen[0], [1, 2, 3])
  await clock.advance(30_000)
  assert.deepEqual(seen, [[1, 2, 3], [4]])
})

test('F13 003-36 flushes on memory', async () => {
  const { clock, put, seen } = setUp([], { flushInterval: '30s', batchSize: 1000, maxBytes: 16 })
  await put(1, 2)
  await clock.advance(0)
  assert.deepEqual(seen, [[1, 2]])
})

test('F13 003-35 flushes on shutdown, unless told not to: then the dead letters have it', async () => {
  const flushing = setUp([], { flushInterval: '30s', batchSize: 1000 })
  await flushing.put(1)
  await flushing.buffer.stop(flushing.context)
  assert.deepEqual(flushing.seen, [[1]])

  const keeping = setUp([], { flushInterval: '30s', batchSize: 1000, flushOnShutdown: false })
  await keeping.put(1)
  await keeping.put(2)
  const stopped = keeping.buffer.stop(keeping.context)
  await keeping.clock.advance(1000)
  await stopped
  assert.deepEqual(keeping.seen, [])
  assert.deepEqual(keeping.letters.seen.flat(), [1, 2])
  assert.equal(keeping.clock.sleeping, 0)
})

test('F13 003-36 a full buffer refuses the newest; told so, it drops the oldest and counts them with the reason', async () => {
  const refusing = setUp([], { flushInterval: '30s', maxRecords: 2 })
  await refusing.put(1)
  assert.equal((await refusing.put(2, 3)).status, 'retry')
  const dropping = setUp([retry(down)], { maxRecords: 3, overflow: 'drop_oldest' })
  await dropping.put(1)
  await dropping.clock.advance(0)
  for (const n of [2, 3, 4, 5]) assert.deepEqual(await dropping.put(n), ok)
  await dropping.clock.advance(1000)
  assert.deepEqual(dropping.seen, [[1], [1], [4], [5]])
  const { accepted, delivered, dropped } = dropping.account.figures()
  assert.deepEqual({ accepted, delivered, dropped }, { accepted: 5, delivered: 3, dropped: { overflow: 2 } })
  assert.equal(dropping.buffer.bufferStats().droppedCount, 2)
})

test('F13 a failed flush keeps what was in it', async () => {
  const { clock, put, seen, account } = setUp([retry(down), retry(down)], { flushInterval: '5s', batchSize: 10 })
  await put(1)
  await put(2)
  await clock.advance(5000)
  assert.equal(account.pending(), 2)
  await clock.advance(2000)
  assert.deepEqual(seen, [
    [1, 2],
    [1, 2],
    [1, 2],
  ])
  assert.equal(account.figures().delivered, 2)
})

test('F13 003-37 the adaptive interval is shorter under load, longer when idle, always within its bounds', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 2, noNaN: true })), (fullness) => {
      const timing = new FlushTiming({ flushInterval: '30s', adaptiveFlushing: { minInterval: '5s', maxInterval: '300s' } })
      for (const full of fullness) {
        const before = timing.intervalMs
        timing.flushed(full)
        assert.ok(timing.intervalMs >= 5000 && timing.intervalMs <= 300_000)
        if (full >= 1) assert.ok(timing.intervalMs <= before)
        if (full < 0.1) assert.ok(timing.intervalMs >= before)
      }
    }),
  )
  const timing = new FlushTiming({ flushInterval: '30s', adaptiveFlushing: true })
  for (let i = 0; i < 10; i++) timing.flushed(1)
  assert.equal(timing.intervalMs, 5000)
  for (let i = 0; i < 20; i++) timing.flushed(0)
  assert.equal(timing.intervalMs, 300_000)
})

test('F13 bufferStats tells usage and the mean time of a flush', async () => {
  const slow: Answer = async (_data, { clock }) => {
    await clock.sleep(250)
    return ok
  }
  const { buffer, clock, put } = setUp([slow], { maxRecords: 10 })
  await put(1, 2, 3, 4)
  assert.deepEqual(buffer.bufferStats(), {
    records: 4,
    bytes: 32,
    usagePercent: 40,
    avgFlushTimeMs: 0,
    droppedCount: 0,
    flushIntervalMs: 0,
  })
  await clock.advance(250)
  assert.equal(buffer.bufferStats().avgFlushTimeMs, 250)
  assert.equal(buffer.bufferStats().records, 0)
})

type Step = { readonly put: readonly number[] } | { readonly advanceMs: number }

test('F13 against a model: whatever is answered, every record accepted has one fate, in order, and the books balance after every step', async () => {
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ put: fc.array(fc.nat(9), { minLength: 1, maxLength: 5 }) }),
    fc.record({ advanceMs: fc.integer({ min: 0, max: 4000 }) }),
  )
  const answer = fc.constantFrom('ok', 'retry', 'reject', 'split')
  const limits = fc.record({
    maxRecords: fc.integer({ min: 1, max: 12 }),
    batchSize: fc.integer({ min: 1, max: 8 }),
    flushInterval: fc.constantFrom(0, 1500),
    overflow: fc.constantFrom('refuse' as const, 'drop_oldest' as const),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.array(answer, { maxLength: 15 }), limits, async (steps, answers, options) => {
      const delivered: number[] = []
      const script = answers.map(
        (kind): Answer =>
          (data) => {
            if (kind === 'retry') return retry(down)
            if (kind === 'reject') return reject(down)
            if (kind === 'split' && data.length > 1) {
              delivered.push(...data.slice(1, -1))
              return partial([{ index: 0, error: down }], [data.length - 1])
            }
            delivered.push(...data)
            return ok
          },
      )
      const { account, buffer, clock, context, letters, seen } = setUp(script, options)
      const accepted: number[] = []
      let serial = 0
      for (const step of steps) {
        if ('advanceMs' in step) await clock.advance(step.advanceMs)
        else {
          const data = step.put.map(() => serial++)
          if ((await buffer.export(at, data, context)).status === 'ok') accepted.push(...data)
        }
        account.check()
      }
      await clock.advance(100_000)
      await buffer.stop(context)
      const scripted = new Set([...delivered, ...letters.seen.flat()])
      const fates = [...delivered, ...seen.slice(answers.length).flat(), ...letters.seen.flat()].sort((a, b) => a - b)
      const { dropped = 0 } = { dropped: account.figures().dropped.overflow }
      assert.equal(new Set(fates).size, fates.length, 'nothing twice')
      assert.equal(fates.length + dropped, accepted.length, 'nothing lost')
      assert.ok(fates.every((record) => accepted.includes(record)))
      assert.ok(scripted.size <= accepted.length)
      assert.equal(account.pending(), 0)
    }),
    { numRuns: 1000 },
  )
})

test('F13 003-36 a budget bounds several buffers together, and what is delivered gives its memory back', async () => {
  const budget = new MemoryBudget(40)
  const [one, two] = [setUp([retry(down)], { budget }), setUp([retry(down)], { budget })]
  await one.put(1, 2, 3)
  await two.put(4)
  assert.equal(budget.taken, 32)
  const refused = await two.put(5, 6)
  assert.equal(refused.status === 'retry' && refused.error.message, 'the buffer of scripted is full: all buffers together hold 32 B')
  await one.clock.advance(1000)
  assert.equal(budget.taken, 8)
  assert.deepEqual(await two.put(5, 6), ok)
  await two.clock.advance(1000)
  assert.equal(budget.taken, 0)
})
