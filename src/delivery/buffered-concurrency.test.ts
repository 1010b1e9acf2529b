import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Context, createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { type ExportResult, ok, partial, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter, type BufferedOptions } from './buffered.ts'
import { textNumbers } from './disk/damaged.fixture.ts'
import { FaultyFiles } from './disk/faulty-files.fixture.ts'

type Answer = 'ok' | 'retry' | 'reject' | 'partial'
type Options = Partial<BufferedOptions<Date, readonly number[]>>

/** A buffer before a destination that takes 100 ms for each export, or as long as it is told to, and answers as it is told to. */
function slow(options: Options, { answers = [], latencyMs = () => 100 }: { answers?: Answer[]; latencyMs?: () => number } = {}) {
  const clock = new ManualClock()
  const context = createContext({ clock })
  const account = new Ledger({ strict: true }).account('out')
  const seen: { atMs: number; data: readonly number[] }[] = []
  const delivered: number[] = []
  const letters: number[] = []
  const running = { now: 0, most: 0 }
  const exporter = {
    name: 'out',
    async export(_time: Date, data: readonly number[], { signal }: Context): Promise<ExportResult> {
      seen.push({ atMs: clock.now(), data })
      running.most = Math.max(running.most, ++running.now)
      await clock.sleep(latencyMs(), signal)
      running.now--
      if (signal.aborted) return retry(new Error('aborted'))
      const answer = answers.shift() ?? 'ok'
      if (answer === 'retry') return retry(new Error('down'), { scope: 'destination' })
      if (answer === 'reject') return reject(new Error('no'))
      const taken = answer === 'partial' ? data.slice(1) : data
      delivered.push(...taken)
      return taken.length < data.length ? partial([], [0]) : ok
    },
  }
  const deadLetter = {
    name: 'letters',
    async export(_time: Date, data: readonly number[]) {
      letters.push(...data)
      return ok
    },
  }
  const common = { records: textNumbers, account, deadLetter, pace: () => 1000 } as const
  const buffer = new BufferedExporter<Date, readonly number[]>(exporter, { ...common, ...options } as BufferedOptions<
    Date,
    readonly number[]
  >)
  return { buffer, clock, context, account, seen, delivered, letters, running }
}

const disk = () => ({ type: 'disk', directory: '/b', files: new FaultyFiles() }) as const

async function put(it: ReturnType<typeof slow>, count: number, from = 0): Promise<void> {
  for (let n = from; n < from + count; n++) assert.equal((await it.buffer.export(new Date(0), [n], it.context)).status, 'ok')
}

async function advance(clock: ManualClock, ms: number): Promise<void> {
  for (let left = ms; left >= 0; left -= 50) {
    for (let turn = 0; turn < 12; turn++) await clock.advance(0)
    await clock.advance(50)
  }
}

/** Goes on until nothing waits, for a minute at most, and a second longer, in which nothing more is to come. */
async function finish({ clock, account }: ReturnType<typeof slow>): Promise<void> {
  for (let seconds = 0; seconds < 60 && account.pending() > 0; seconds++) await advance(clock, 1000)
  await advance(clock, 1000)
}

for (const [where, options] of [
  ['in memory', () => ({})],
  ['on disk', disk],
] as const) {
  test(`${where}, one export at a time unless told otherwise, in order`, async () => {
    const it = slow({ ...options() })
    await put(it, 20)
    await advance(it.clock, 4000)
    assert.deepEqual([it.running.most, it.delivered], [1, Array.from({ length: 20 }, (_, n) => n)])
  })

  test(`${where}, up to so many at once, once it is known that the destination bears it`, async () => {
    const it = slow({ ...options(), concurrency: 4 })
    await put(it, 100)
    await advance(it.clock, 5000)
    assert.equal(it.running.most, 4)
    assert.equal(it.delivered.length, 100)
    assert.equal(it.account.pending(), 0)
  })

  test(`${where}, a destination that fails gets fewer at once, one at a time in the end`, async () => {
    const it = slow({ ...options(), concurrency: 8 }, { answers: [...Array<Answer>(60).fill('ok'), ...Array<Answer>(40).fill('retry')] })
    await put(it, 200)
    await advance(it.clock, 3000)
    assert.equal(it.running.most, 8)
    const before = it.seen.length
    await advance(it.clock, 8000)
    const tried = it.seen.slice(before)
    const most = Math.max(...tried.map(({ atMs }) => tried.filter((other) => other.atMs === atMs).length))
    assert.ok(most <= 2, `${most} at once`)
    await finish(it)
    assert.equal(it.account.pending(), 0)
    assert.equal(new Set(it.delivered).size, 200)
  })

  test(`${where}, each record has one fate and the books balance, whatever is answered when`, async () => {
    const answers = fc.array(fc.constantFrom<Answer>('ok', 'ok', 'ok', 'retry', 'reject', 'partial'), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        answers,
        fc.array(fc.nat(5), { minLength: 1 }),
        fc.integer({ min: 1, max: 6 }),
        async (answers, latencies, concurrency) => {
          let call = 0
          const latencyMs = () => 50 * latencies[call++ % latencies.length]!
          const it = slow({ ...options(), concurrency, batchSize: 3 }, { answers: [...answers], latencyMs })
          for (let n = 0; n < 40; n += 4) {
            await Promise.all([put(it, 2, n), put(it, 2, n + 2)])
            await advance(it.clock, 100)
            it.account.check()
          }
          await finish(it)
          assert.equal(it.account.pending(), 0)
          assert.deepEqual(
            [...it.delivered, ...it.letters].toSorted((a, b) => a - b),
            Array.from({ length: 40 }, (_, n) => n),
          )
          assert.ok(it.running.most <= concurrency)
          await it.buffer.stop(it.context)
        },
      ),
      { numRuns: 30 },
    )
  })
}

test('what was delivered behind one that was not is no dead letter when it stops', async () => {
  let call = 0
  const it = slow({ concurrency: 4 }, { latencyMs: () => (call++ < 20 ? 100 : call % 4 === 1 ? 1e9 : 100) })
  await put(it, 60)
  await advance(it.clock, 3000)
  const stopping = it.buffer.stop({ ...it.context, signal: AbortSignal.abort() })
  await advance(it.clock, 3000)
  await stopping
  assert.deepEqual(
    [...it.delivered, ...it.letters].toSorted((a, b) => a - b),
    Array.from({ length: 60 }, (_, n) => n),
  )
  assert.ok(it.letters.length > 0)
})

test('after an outage it delivers at most so many a second, and as it likes once it has caught up', async () => {
  const it = slow({ maxDrainRate: 10 }, { answers: ['retry'], latencyMs: () => 0 })
  await put(it, 50)
  await advance(it.clock, 1000)
  const startMs = it.clock.now()
  await advance(it.clock, 2000)
  const early = it.delivered.length
  assert.ok(early >= 15 && early <= 25, `${early} in ${it.clock.now() - startMs} ms`)
  await advance(it.clock, 4000)
  assert.equal(it.delivered.length, 50)
  await put(it, 50, 50)
  await advance(it.clock, 0)
  assert.equal(it.delivered.length, 100, 'no bound on what comes in time')
})

test('a stop does not spare the destination', async () => {
  const it = slow({ maxDrainRate: 1 }, { answers: ['retry'], latencyMs: () => 0 })
  await put(it, 30)
  await advance(it.clock, 1500)
  assert.ok(it.delivered.length < 5)
  const stopping = it.buffer.stop(it.context)
  await advance(it.clock, 200)
  await stopping
  assert.equal(it.delivered.length, 30)
})
