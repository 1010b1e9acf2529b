import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { ok, retry } from '../core/result.ts'
import { series } from '../core/series.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { numbers } from './scripted.fixture.ts'

const batch = (from: number, count: number) =>
  metrics(Array.from({ length: count }, (_, index) => ({ series: series('n'), timeMs: 0, value: from + index })))

function setUp(options: { compressBuffer: boolean; batchSize?: number }) {
  const clock = new ManualClock()
  const seen: number[][] = []
  let down = true
  const destination = {
    name: 'out',
    async export(_time: Date, data: ReturnType<typeof batch>) {
      if (down) return retry(new Error('down'))
      seen.push(data.points.map(({ value }) => value as number))
      return ok
    },
  }
  const account = new Ledger({ strict: true }).account('out')
  const buffer = new BufferedExporter(destination, { ...options, pace: () => 1000, account, records: batchRecords as never })
  const send = (from: number, count: number) => buffer.export(new Date(0), batch(from, count), createContext({ clock }))
  const up = async () => {
    down = false
    await clock.advance(1000)
  }
  return { buffer, send, seen, up, account }
}

test('F13 003-38 what waits is compressed above the threshold, strictly, and arrives as it was', async () => {
  const plain = setUp({ compressBuffer: false })
  const compressing = setUp({ compressBuffer: true })
  for (const { send } of [plain, compressing]) {
    await send(0, 60)
    await send(60, 40)
  }
  assert.equal(compressing.buffer.bufferStats().bytes, plain.buffer.bufferStats().bytes, 'a hundred are not more than a hundred')
  for (const { send } of [plain, compressing]) for (let n = 0; n < 10; n++) await send(100 + n * 100, 100)
  assert.ok(compressing.buffer.bufferStats().bytes < plain.buffer.bufferStats().bytes / 4)
  await compressing.up()
  assert.deepEqual(compressing.seen.flat(), [...Array(1100).keys()])
  assert.equal(compressing.buffer.bufferStats().bytes, 0)
  assert.equal(compressing.account.figures().delivered, 1100)
})

test('003-38 what is compressed travels together no less in order', async () => {
  const { send, seen, up } = setUp({ compressBuffer: true, batchSize: 1000 })
  for (let n = 0; n < 60; n++) await send(n * 50, 50)
  await up()
  assert.deepEqual(seen.flat(), [...Array(3000).keys()])
})

test('003-38 data that cannot be written as bytes cannot be compressed', () => {
  const exporter = { name: 'out', export: async () => ok }
  assert.throws(() => new BufferedExporter(exporter, { compressBuffer: true, records: numbers }), { code: 'INVALID_OPTION' })
})
