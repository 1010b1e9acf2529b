import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { type Log, silent } from '../core/log.ts'
import { Receipt } from '../core/receipt.ts'
import { ok, partial, reject, retry } from '../core/result.ts'
import { checkBooks } from '../testing/check-books.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { AdjustableExporter, type AdjustableOptions } from './adjustable.ts'
import { BufferedExporter } from './buffered.ts'
import { numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')
const even = ([n]: readonly number[]) => n! % 2 === 0

function setUp(options: AdjustableOptions<readonly number[]> = {}) {
  const clock = new ManualClock()
  const { exporter, seen, answers } = scripted()
  const adjustable = new AdjustableExporter(exporter, { records: numbers, ...options })
  const send = (data: readonly number[], given = {}) => adjustable.export(at, data, createContext({ clock, ...given }))
  return { clock, adjustable, seen, answers, send }
}

test('003-63 F16 the last result: success, status, count, time and error', async () => {
  const { clock, adjustable, answers, send } = setUp()
  assert.equal(adjustable.lastExportResult(), undefined)
  answers.push(
    async () => {
      await clock.advance(20)
      return ok
    },
    retry(down),
    partial([{ index: 0, error: down }], [1]),
    reject(down),
    () => {
      throw down
    },
  )
  const results = []
  for (let n = 0; n < 5; n++) {
    await send([1, 2, 3])
    results.push(adjustable.lastExportResult())
  }
  const failed = { success: false, exportedCount: 0, responseTimeMs: 0, error: down }
  assert.deepEqual(results, [
    { success: true, status: 'ok', exportedCount: 3, responseTimeMs: 20, error: undefined },
    { ...failed, status: 'retry' },
    { ...failed, status: 'partial', exportedCount: 1 },
    { ...failed, status: 'reject' },
    { ...failed, status: 'retry' },
  ])
})

test('003-63 F16 filteredCount: what filters let go, also further down, and the receipt tells it once', async () => {
  const { exporter } = scripted()
  const inner = new AdjustableExporter(exporter, { records: numbers, filters: { passes: even } })
  const outer = new AdjustableExporter(inner, { records: numbers, filters: { passes: ([n]) => n! > 2 } })
  const receipt = new Receipt()
  await outer.export(at, [1, 2, 3, 4], createContext({ receipt }))
  assert.deepEqual([inner.filteredCount(), outer.filteredCount()], [1, 3])
  assert.deepEqual([...receipt.dropped], [['filtered', 3]])
  const { success, exportedCount } = outer.lastExportResult()!
  assert.deepEqual([success, exportedCount], [true, 1])
})

test('003-62 F16 updateConfig takes effect at the next batch, and not in the one under way', async () => {
  const { adjustable, seen, answers, send } = setUp({ batchSize: 3 })
  const { promise, resolve } = Promise.withResolvers<typeof ok>()
  answers.push(() => promise)
  const underWay = send([1, 2, 3, 4])
  adjustable.updateConfig({ batchSize: 1 })
  resolve(ok)
  await underWay
  assert.deepEqual(seen, [[1, 2, 3], [4]])
  await send([5, 6])
  adjustable.updateConfig({ batch_size: 2, filters: { passes: even } })
  await send([1, 2, 4, 6])
  assert.deepEqual(seen.slice(2), [[5], [6], [2, 4], [6]])
})

test('003-62 F16 updateConfig: an unknown setting or a wrong value is an error, and changes nothing', async () => {
  const { adjustable, seen, send } = setUp({ batchSize: 2 })
  assert.throws(() => adjustable.updateConfig({ batch_sise: 1 }), {
    code: 'INVALID_OPTION',
    message: 'the exporter scripted has no setting "batch_sise"',
    hint: 'known are batchSize, filters',
  })
  assert.throws(() => adjustable.updateConfig({ batchSize: 0.5 }), { code: 'INVALID_OPTION' })
  assert.throws(() => adjustable.updateConfig({ batchSize: 1, filters: { sampleRate: 2 } }), { code: 'INVALID_OPTION' })
  await send([1, 2])
  assert.deepEqual(seen, [[1, 2]])
})

test('003-65 F17 debug mode can be switched on and off while it runs', async () => {
  const { adjustable, send } = setUp({ batchSize: 2 })
  const told: unknown[] = []
  const log: Log = { ...silent, info: (message, fields) => told.push([message, fields!.records ?? fields!.payload]) }
  await send([1], { log })
  adjustable.enableDebugMode({ trace_exports: true, logPayloads: true })
  await send([1, 2, 3], { log })
  adjustable.updateConfig({ batchSize: 3 })
  await send([4, 5, 6], { log })
  adjustable.disableDebugMode()
  await send([7], { log })
  assert.deepEqual(told, [
    ['about to export', '[1,2]'],
    ['exported', 2],
    ['about to export', '[3]'],
    ['exported', 1],
    ['about to export', '[4,5,6]'],
    ['exported', 3],
  ])
  assert.throws(() => adjustable.enableDebugMode({ traceEverything: true }), { code: 'INVALID_OPTION', hint: /logPayloads/ })
})

test('003-65 F17 data that is not valid is not sent once it is validated', async () => {
  const { adjustable, seen, send } = setUp({ validate: (data) => (data.includes(13) ? 'thirteen' : undefined) })
  await send([13])
  adjustable.enableDebugMode({ validateSchemas: true })
  const log: Log = { ...silent }
  assert.equal((await send([13], { log })).status, 'reject')
  assert.deepEqual(seen, [[13]])
  assert.equal(adjustable.lastExportResult()?.success, false)
})

test('003-62 003-66 under a buffer the books balance, with what is filtered as dropped', async () => {
  const ledger = new Ledger({ strict: true })
  const { clock, adjustable, seen, answers } = setUp({ batchSize: 2, filters: { passes: even } })
  answers.push(ok, retry(down))
  const buffered = new BufferedExporter(adjustable, { records: numbers, account: ledger.account('a') })
  const context = createContext({ clock, random: () => 0 })
  await buffered.export(at, [1, 2, 4, 6, 8], context)
  await clock.advance(1)
  await buffered.stop(context)
  checkBooks(ledger.figures())
  const { accepted, delivered, dropped } = ledger.account('a').figures()
  assert.deepEqual([accepted, delivered, dropped], [5, 4, { filtered: 1 }])
  assert.deepEqual(seen, [
    [2, 4],
    [6, 8],
    [6, 8],
  ])
  assert.equal(adjustable.filteredCount(), 1)
})
