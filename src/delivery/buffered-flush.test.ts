import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { ok, partial, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

test('a flush waits for what was accepted before it, and for nothing that comes meanwhile', async () => {
  const context = createContext({ clock: new ManualClock() })
  const destination = scripted()
  const buffer = new BufferedExporter(destination.exporter, { records: numbers })
  // Every delivery brings the next data, so that there is always something to deliver.
  let next = 1
  const feed = () => {
    if (next < 1000) void buffer.export(at, [next++], context)
    return ok
  }
  destination.answers.push(...Array(2000).fill(feed))
  await buffer.export(at, [0], context)
  await buffer.flush(context)
  assert.ok(destination.seen.length < 1000, `${destination.seen.length}`)
})

test('a flush outlives failures, and ends when a stop gives the data up', async () => {
  const clock = new ManualClock()
  const context = createContext({ clock })
  const destination = scripted(retry(down), ok, ...Array(50).fill(retry(down, { scope: 'destination' })))
  const letters = scripted()
  const buffer = new BufferedExporter(destination.exporter, { records: numbers, pace: () => 1000, deadLetter: letters.exporter })
  let flushed = 0
  await buffer.export(at, [1], context)
  const first = buffer.flush(context).then(() => flushed++)
  await clock.advance(999)
  assert.equal(flushed, 0)
  await clock.advance(1)
  await first
  await buffer.export(at, [2], context)
  const second = buffer.flush(context).then(() => flushed++)
  await buffer.stop(context)
  await second
  assert.deepEqual([flushed, letters.seen], [2, [[2]]])
})

test('rejections of which something below has dead-lettered only some are settled all the same', async () => {
  const context = createContext({ clock: new ManualClock() })
  const rejected = [0, 2].map((index) => ({ index, error: down }))
  const destination = scripted((_data, { receipt }) => {
    receipt!.deadLettered += 1
    return partial(rejected)
  })
  const letters = scripted()
  const account = new Ledger({ strict: true }).account('out')
  const buffer = new BufferedExporter(destination.exporter, { records: numbers, account, deadLetter: letters.exporter })
  await buffer.export(at, [1, 2, 3], context)
  await buffer.flush(context)
  assert.deepEqual(letters.seen, [[1, 3]])
  assert.equal(letters.contexts[0]!.deadLetter!.reason, 'unidentified')
  const { delivered, deadLettered, pending } = account.figures()
  assert.deepEqual({ delivered, deadLettered, pending }, { delivered: 1, deadLettered: 2, pending: 0 })
})
