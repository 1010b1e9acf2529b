import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Batch, metrics } from '../../core/batch.ts'
import { batchRecords } from '../../core/batch-records.ts'
import { createContext } from '../../core/context.ts'
import { Ledger } from '../../core/ledger.ts'
import { type ExportResult, ok, partial, retry } from '../../core/result.ts'
import { series } from '../../core/series.ts'
import type { Window } from '../../core/window.ts'
import { BufferedExporter } from '../buffered.ts'
import { numbers, scripted } from '../scripted.fixture.ts'
import { all, alter, process as processOn, segments } from './damaged.fixture.ts'
import { FaultyFiles } from './faulty-files.fixture.ts'

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-disk-queue-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'buffer')
}

const points = (from: number, count: number) =>
  metrics(
    Array.from({ length: count }, (_, n) => ({
      series: series('load', { core: String((from + n) % 7) }),
      timeMs: from + n,
      value: (from + n) / 3,
    })),
  )

/** A buffer of batches that keeps what it is told to deliver; down until told otherwise. */
function batches(directory: string, options: { files?: FaultyFiles; batchSize?: number } = {}) {
  const account = new Ledger({ strict: true }).account('out')
  const state = { up: false, seen: [] as Batch[], ids: [] as string[] }
  const destination = {
    name: 'out',
    async export(_time: Date, batch: Batch, { delivery }: { delivery?: { id: string } }): Promise<ExportResult> {
      if (!state.up) return retry(new Error('down'), { scope: 'destination' })
      state.seen.push(batch)
      state.ids.push(delivery!.id)
      return ok
    },
  }
  const buffer = new BufferedExporter<Date, Batch>(destination, {
    type: 'disk',
    directory,
    records: batchRecords,
    account,
    pace: () => 1,
    ...options,
  })
  return { buffer, account, state }
}

test('what a stop leaves behind is delivered after the next start, as it was, and the books go on', async (t) => {
  const directory = temporaryFolder(t)
  const context = createContext()
  const first = batches(directory)
  for (let n = 0; n < 20; n++) assert.deepEqual(await first.buffer.export(new Date(n), points(n * 50, 50), context), ok)
  await first.buffer.stop({ ...context, signal: AbortSignal.abort() })
  assert.equal(first.account.pending(), 1000)

  const second = batches(directory, { batchSize: 400 })
  second.state.up = true
  await second.buffer.start(context)
  assert.deepEqual([second.account.pending(), second.account.figures().earlier?.accepted], [1000, 1000])
  await second.buffer.flush(context)
  assert.deepEqual(
    second.state.seen.map((batch) => batchRecords.count(batch)),
    [400, 400, 200],
  )
  assert.deepEqual(batchRecords.concat!(second.state.seen), points(0, 1000))
  const { accepted, delivered } = second.account.figures()
  assert.deepEqual([accepted, delivered], [1000, 1000])
  await second.buffer.stop(context)
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.endsWith('.segment')),
    [],
    'what is delivered takes no room',
  )
})

test('delivered part by part: after a restart only what was still owed comes again, under the same id', async () => {
  const files = new FaultyFiles()
  const one = scripted(partial([], [1, 4]), retry(new Error('down'), { scope: 'destination' }))
  const two = scripted()
  const records = { ...numbers, encode: (n: readonly number[]) => Buffer.from(n), decode: (bytes: Uint8Array) => [...bytes] }
  const context = createContext()
  const options = { type: 'disk', directory: '/b', files, records } as const
  const first = new BufferedExporter(one.exporter, { ...options, pace: () => 60_000 })
  await first.export(new Date(0), [10, 11, 12, 13, 14], context)
  while (one.seen.length === 0) await new Promise(setImmediate)
  await first.stop({ ...context, signal: AbortSignal.abort() })
  const second = new BufferedExporter(two.exporter, options)
  await second.start(context)
  await second.flush(context)
  assert.deepEqual(two.seen, [[11, 14]])
  assert.equal(two.contexts[0]!.delivery!.id, one.contexts[0]!.delivery!.id)
  await second.stop(context)
})

test('windows keep their beginning and end', async (t) => {
  const directory = temporaryFolder(t)
  const context = createContext()
  const window: Window = { start: new Date(1000), end: new Date(61_000) }
  const down = { name: 'out', export: async (): Promise<ExportResult> => retry(new Error('down'), { scope: 'destination' }) }
  const first = new BufferedExporter<Window, Batch>(down, { type: 'disk', directory, records: batchRecords })
  await first.export(window, points(0, 3), context)
  await first.stop({ ...context, signal: AbortSignal.abort() })
  const times: Window[] = []
  const up = {
    name: 'out',
    async export(time: Window): Promise<ExportResult> {
      times.push(time)
      return ok
    },
  }
  const second = new BufferedExporter<Window, Batch>(up, { type: 'disk', directory, records: batchRecords })
  await second.start(context)
  await second.flush(context)
  assert.deepEqual(times, [window])
  await second.stop(context)
})

test('damage in the dictionary of a segment costs no record', async () => {
  const context = createContext()
  const files = new FaultyFiles()
  const first = batches('/b', { files })
  for (let n = 0; n < 5; n++) await first.buffer.export(new Date(n), points(n * 10, 10), context)
  await first.buffer.stop({ ...context, signal: AbortSignal.abort() })
  alter(files, segments(files)[0]!, (bytes) => {
    bytes[bytes.indexOf('load') + 1]! ^= 1
    return undefined
  })
  const second = batches('/b', { files })
  second.state.up = true
  await second.buffer.start(context)
  await second.buffer.flush(context)
  assert.deepEqual(batchRecords.concat!(second.state.seen), points(0, 50))
  await second.buffer.stop(context)
})

test('at the bound of bytes it refuses; told so, it drops the oldest and counts them', async () => {
  for (const overflow of ['refuse', 'drop_oldest'] as const) {
    const files = new FaultyFiles()
    const { exporter } = scripted(...Array(1000).fill(retry(new Error('down'), { scope: 'destination' })))
    const records = { ...numbers, encode: () => Buffer.alloc(1000), decode: () => [0] }
    const account = new Ledger({ strict: true }).account('out')
    const bound = { maxBytes: 10_000, segmentBytes: 2000, overflow }
    const buffer = new BufferedExporter(exporter, { type: 'disk', directory: '/b', files, records, account, ...bound })
    const context = createContext()
    const results: string[] = []
    for (let n = 0; n < 40; n++) results.push((await buffer.export(new Date(0), [n], context)).status)
    const { accepted, dropped, refused, pending } = account.figures()
    assert.ok(pending <= 11, `${pending} wait`)
    if (overflow === 'refuse') assert.deepEqual([accepted, refused, results.at(-1)], [pending, 40 - pending, 'retry'])
    else assert.deepEqual([accepted, dropped.overflow, results.at(-1)], [40, 40 - pending, 'ok'])
    await buffer.stop({ ...context, signal: AbortSignal.abort() })
  }
})

test('what was dropped while older data was under way stays dropped after a crash', async () => {
  const files = new FaultyFiles()
  const first = scripted(...Array(1000).fill(retry(new Error('down'), { scope: 'destination' })))
  const second = scripted()
  const records = { ...numbers, encode: (n: readonly number[]) => Buffer.alloc(100, n[0]), decode: (bytes: Uint8Array) => [bytes[0]!] }
  const context = createContext()
  const options = { type: 'disk', directory: '/b', files, records, maxBytes: 1500, segmentBytes: 700, overflow: 'drop_oldest' } as const
  const buffer = new BufferedExporter(first.exporter, { ...options, pace: () => 60_000 })
  await buffer.export(new Date(0), [0], context)
  while (first.seen.length === 0) await new Promise(setImmediate)
  for (let n = 1; n < 20; n++) await buffer.export(new Date(0), [n], context)
  const { droppedCount, records: left } = buffer.bufferStats()
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
  const account = new Ledger({ strict: true }).account('out')
  const again = new BufferedExporter(second.exporter, { ...options, files: files.after('kill'), account })
  await again.start(context)
  await again.flush(context)
  assert.deepEqual(second.seen.flat(), [0, ...all(20).slice(1 + droppedCount)])
  assert.equal(left, 20 - droppedCount)
  assert.deepEqual(account.figures().dropped, { overflow: droppedCount })
  await again.stop(context)
  await buffer.stop({ ...context, signal: AbortSignal.abort() })
})

test('what is too old goes to the dead letters, expired', async () => {
  const files = new FaultyFiles()
  const first = processOn(files, { up: false, nowMs: 0 })
  await first.put(1)
  await first.stop()
  const { exporter, seen } = scripted()
  const letters = scripted()
  const records = { ...numbers, encode: (n: readonly number[]) => Buffer.from(n), decode: () => [1] }
  const options = { type: 'disk', directory: '/b', files, records, deadLetter: letters.exporter, maxAge: '1h' } as const
  const buffer = new BufferedExporter(exporter, options)
  const context = createContext()
  await buffer.start(context)
  await buffer.flush(context)
  assert.deepEqual([seen, letters.seen, letters.contexts[0]!.deadLetter!.reason], [[], [[1]], 'expired'])
  await buffer.stop(context)
})

test('data that cannot be written as bytes cannot be kept on disk; what cannot be encoded is rejected', async () => {
  const { exporter } = scripted()
  assert.throws(() => new BufferedExporter(exporter, { type: 'disk', directory: '/b', records: numbers }), { code: 'INVALID_OPTION' })
  const broken = () => {
    throw new RangeError('too much')
  }
  const records = { ...numbers, encode: broken, decode: broken }
  const buffer = new BufferedExporter(exporter, { type: 'disk', directory: '/b', files: new FaultyFiles(), records })
  assert.equal((await buffer.export(new Date(0), all(3), createContext())).status, 'reject')
  await buffer.stop(createContext())
})
