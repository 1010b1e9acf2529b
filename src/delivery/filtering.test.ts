import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import type { Log } from '../core/log.ts'
import { silent } from '../core/log.ts'
import { Receipt } from '../core/receipt.ts'
import { ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { checkBooks } from '../testing/check-books.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { AccountedExporter } from './accounted.ts'
import { BufferedExporter } from './buffered.ts'
import { FilteringExporter, type Filters } from './filtering.ts'
import { numbers, scripted } from './scripted.fixture.ts'

const at = new Date(Date.UTC(2026, 0, 5, 12))
const down = new Error('down')

/** Passes even numbers. */
const even = ([n]: readonly number[]) => n! % 2 === 0

/** A filter over an exporter that answers like that, and a call of it. */
function setUp(filters: Filters<readonly number[]>, ...answers: Parameters<typeof scripted>) {
  const { exporter, seen } = scripted(...answers)
  const filtering = new FilteringExporter(exporter, { ...filters, records: numbers })
  const receipt = new Receipt()
  const send = (data: readonly number[], given = {}) => filtering.export(at, data, createContext({ receipt, ...given }))
  return { filtering, seen, send, dropped: () => Object.fromEntries(receipt.dropped) }
}

test('003-66 F18 only what passes is sent, and the rest is written on the receipt', async () => {
  const { filtering, seen, send, dropped } = setUp({ passes: even })
  assert.deepEqual(await send([1, 2, 3, 4, 5]), ok)
  assert.deepEqual(seen, [[2, 4]])
  assert.deepEqual(dropped(), { filtered: 3 })
  assert.equal(filtering.filteredCount(), 3)

  const all = [2, 4]
  await send(all)
  assert.equal(seen[1], all)
  assert.deepEqual(await send([1]), ok)
  assert.equal(seen.length, 2)
  assert.equal(filtering.filteredCount(), 4)
})

test('003-63 003-66 what failed is told in the indexes of the whole, and only what is settled counts as filtered', async () => {
  const { filtering, send } = setUp(
    { passes: even },
    retry(down, { afterMs: 5 }),
    tooLarge(down),
    partial(
      [
        { index: 0, error: down },
        { count: 1, error: down },
      ],
      [1],
    ),
    reject(down),
  )
  assert.deepEqual(await send([1, 2, 4]), retry(down, { afterMs: 5 }))
  assert.deepEqual(await send([1, 2, 4]), tooLarge(down))
  assert.equal(filtering.filteredCount(), 0)
  assert.deepEqual(
    await send([1, 2, 3, 4]),
    partial(
      [
        { index: 1, error: down },
        { count: 1, error: down },
      ],
      [3],
    ),
  )
  assert.deepEqual(
    await send([1, 2, 3, 4]),
    partial([
      { index: 1, error: down },
      { index: 3, error: down },
    ]),
  )
  assert.equal(filtering.filteredCount(), 4)
})

test('F18 a share of the exports: each passes or not as a whole, and its next try alike', async () => {
  const { seen, send, dropped } = setUp({ sampleRate: 0.25 })
  await send([1, 2], { random: () => 0.24 })
  await send([3, 4], { random: () => 0.25 })
  assert.deepEqual(seen, [[1, 2]])
  assert.deepEqual(dropped(), { sampled: 2 })

  seen.length = 0
  const delivery = (n: number, attempt: number) => ({ delivery: { id: `delivery ${n}`, attempt, firstAcceptedMs: 0 } })
  for (const attempt of [1, 2]) for (let n = 0; n < 1000; n++) await send([n], delivery(n, attempt))
  assert.ok(seen.length / 2 > 200 && seen.length / 2 < 300, `${seen.length / 2} of 1,000`)
  assert.deepEqual(seen.slice(0, seen.length / 2), seen.slice(seen.length / 2))
})

test('F18 by the time of the data: an instant, or the start of a window', async () => {
  const { send, dropped } = setUp({ timeFilter: { from: '13:00' } })
  await send([1, 2])
  assert.deepEqual(dropped(), { 'outside hours': 2 })
  const base = { name: 'a', export: async () => reject(down) }
  const windows = new FilteringExporter(base, { timeFilter: { to: '13:00' } })
  const window = { start: at, end: new Date(at.getTime() + 7_200_000) }
  assert.equal((await windows.export(window, 'any data', createContext())).status, 'reject')
})

test('a predicate that throws loses nothing, and is told', async () => {
  const warnings: unknown[] = []
  const log: Log = { ...silent, warn: (_, fields) => warnings.push((fields!.error as Error).message) }
  const { seen, send } = setUp({
    passes: ([n]) => {
      if (n === 2) throw new Error('no two')
      return n === 3
    },
  })
  await send([1, 2, 3], { log })
  assert.deepEqual(seen, [[2, 3]])
  assert.deepEqual(warnings, ['no two'])
})

test('a rate that is none, and a filter that there is not, are refused', () => {
  assert.throws(() => setUp({ includeMetrics: ['a'] } as object), {
    code: 'INVALID_OPTION',
    hint: 'known are passes, sampleRate, timeFilter',
  })
  for (const sampleRate of [-0.1, 1.1, Number.NaN]) assert.throws(() => setUp({ sampleRate }), { code: 'INVALID_OPTION' })
})

test('the books balance with a filter under a buffer, and under an account without one, whatever is answered', async () => {
  const answers = fc.array(
    fc.oneof(
      fc.constant(ok),
      fc.constant(retry(down)),
      fc.constant(reject(down)),
      fc.constant((data: readonly number[]) => partial([{ index: 0, error: down }], data.length > 1 ? [data.length - 1] : [])),
    ),
    { maxLength: 8 },
  )
  const batches = fc.array(fc.array(fc.nat(9), { maxLength: 5 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(batches, answers, fc.double({ min: 0, max: 1, noNaN: true }), async (batches, answers, sampleRate) => {
      const ledger = new Ledger({ strict: true })
      const clock = new ManualClock()
      const context = createContext({ clock, random: () => 0.5 })
      const filters = { passes: even, sampleRate, records: numbers }
      const letters = scripted()
      const buffered = new BufferedExporter(new FilteringExporter(scripted(...answers).exporter, filters), {
        records: numbers,
        account: ledger.account('buffered'),
        deadLetter: letters.exporter,
      })
      const accounted = new AccountedExporter(new FilteringExporter(scripted(...answers).exporter, filters), {
        records: numbers,
        account: ledger.account('accounted'),
      })
      for (const data of batches) {
        await buffered.export(at, data, context)
        await accounted.export(at, data, context)
        checkBooks(ledger.figures())
      }
      await clock.advance(600_000)
      checkBooks(ledger.figures())
      const { pending, dropped, accepted } = ledger.account('buffered').figures()
      const odd = batches.flat().filter((n) => n % 2 === 1).length
      assert.equal(pending, 0)
      assert.equal(accepted, batches.flat().length)
      if (sampleRate === 1) assert.deepEqual(dropped, odd > 0 ? { filtered: odd } : {})
      assert.ok(letters.seen.flat().every((n) => n % 2 === 0))
      await buffered.stop(context)
    }),
    { examples: [[[[1, 2, 3, 4]], [partial([{ index: 0, error: down }], [1])], 1]] },
  )
})
