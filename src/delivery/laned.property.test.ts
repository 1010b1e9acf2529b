import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Ledger } from '../core/ledger.ts'
import { type ExportResult, ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { textNumbers } from './disk/damaged.fixture.ts'
import { FaultyFiles } from './disk/faulty-files.fixture.ts'
import { LanedExporter } from './laned.ts'
import { ResilientExporter } from './resilient.ts'

const batchSize = 4
const series = 5
const seriesOf = (data: readonly number[]) => data.map((n) => String(n % series))

/** What becomes of one export: after how long, and what the destination does with it. */
const call = fc.record({
  latencyMs: fc.integer({ min: 1, max: 300 }),
  does: fc.constantFrom('takes', 'takes', 'takes', 'answer lost', 'away', 'too large', 'takes the first', 'wants none'),
})

const run = fc.record({
  where: fc.constantFrom('memory', 'disk'),
  puts: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 }),
  calls: fc.array(call, { maxLength: 40 }),
  concurrency: fc.integer({ min: 2, max: 5 }),
})

test('whatever the destination does, and however long, the records of a series first arrive in their order, and none is lost', async () => {
  const together = new Set<number>()
  await fc.assert(
    fc.asyncProperty(run, async ({ where, puts, calls, concurrency }) => {
      const clock = new ManualClock()
      const context = createContext({ clock, random: () => 0.5 })
      const arrived: number[] = []
      const letters: number[] = []
      const allowed = new Map<number, number>()
      let running = 0
      let number = 0
      const destination: EventExporter<readonly number[]> = {
        name: 'out',
        async export(_time, data): Promise<ExportResult> {
          const { latencyMs, does } = calls[number++] ?? { latencyMs: 10, does: 'takes' }
          assert.ok(data.length <= batchSize)
          together.add(++running)
          await clock.sleep(latencyMs)
          running--
          if (does === 'away') return retry(new Error(does), { scope: 'destination' })
          if (does === 'too large') return tooLarge(new Error(does))
          if (does === 'wants none') return reject(new Error(does))
          const taken = does === 'takes the first' ? data.slice(0, 1) : data
          arrived.push(...taken)
          if (does === 'answer lost') for (const n of data) allowed.set(n, (allowed.get(n) ?? 1) + 1)
          if (does === 'answer lost') return retry(new Error(does))
          return taken.length < data.length ? partial([], [...data.keys()].slice(1)) : ok
        },
      }
      const deadLetter: EventExporter<readonly number[]> = {
        name: 'letters',
        export: async (_time, data) => {
          letters.push(...data)
          return ok
        },
      }
      const account = new Ledger({ strict: true }).account('out')
      const resilient = new ResilientExporter(destination, { retry: { maxRetries: 1, initialDelay: 50 }, records: textNumbers })
      const laned = new LanedExporter(resilient, { concurrency, batchSize, records: textNumbers, seriesOf })
      const common = { records: textNumbers, account, deadLetter, batchSize: concurrency * batchSize, pace: () => 100 } as const
      const disk = { type: 'disk', directory: '/b', files: new FaultyFiles() } as const
      const buffer = new BufferedExporter<Date, readonly number[]>(laned, where === 'disk' ? { ...common, ...disk } : common)
      await buffer.start(context)
      let next = 0
      for (const count of puts) {
        const data = Array.from({ length: count }, () => next++)
        assert.equal((await buffer.export(new Date(0), data, context)).status, 'ok')
        await clock.advance(50)
      }
      for (let turn = 0; buffer.pending() > 0; turn++) {
        assert.ok(turn < 10_000, 'it comes to an end')
        await clock.advance(50)
      }
      await buffer.stop(context)

      const times = Map.groupBy([...arrived, ...letters], (n) => n)
      for (let n = 0; n < next; n++) {
        const here = times.get(n)?.length ?? 0
        assert.ok(here >= 1, `${n} is lost`)
        assert.ok(here <= (allowed.get(n) ?? 1), `${n} is there ${here} times`)
      }
      for (const of of Map.groupBy(new Set(arrived), (n) => n % series).values())
        assert.deepEqual(
          of,
          of.toSorted((a, b) => a - b),
        )
      assert.equal(account.figures().delivered + account.figures().deadLettered, next)
    }),
    { numRuns: 300 * Number(process.env.WAYBILL_RUNS_TIMES ?? 1) },
  )
  assert.ok(together.has(4), 'some run beside each other')
})
