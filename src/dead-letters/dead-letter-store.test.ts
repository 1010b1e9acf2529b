import assert from 'node:assert/strict'
import { appendFileSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Batch, metrics, type RowsBatch } from '../core/batch.ts'
import { series } from '../core/series.ts'
import { fullDisk } from '../files/full-disk.fixture.ts'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { letterJson } from './letter.ts'
import { because, lettersIn, points, startMs, storeFor, valuesIn } from './store.fixture.ts'

const figures = (written: number, waiting: number, replayed = 0, purged = 0) => [{ exporter: 'web', written, waiting, replayed, purged }]

test('F14 each record waits with its exporter, reason, error, attempts and both times, also for the next process', async (t) => {
  const { open, put, clock, context } = storeFor(t)
  const store = await open()
  await clock.advance(5000)
  assert.equal((await put(store, 2)).status, 'ok')
  await store.stop(context)
  const next = await open()
  const letters = await lettersIn(next)
  assert.deepEqual(letters[1], {
    id: '1-1',
    exporter: 'web',
    reason: 'rejected',
    error: 'status 400',
    attempts: 2,
    firstMs: startMs,
    lastMs: startMs + 5000,
    timeMs: startMs,
    batch: points(1, 1),
  })
  assert.deepEqual(await next.find('1-1'), letters[1])
  for (const id of ['1-2', '2-0', 'x']) assert.equal(await next.find(id), undefined)
  assert.deepEqual(next.figures(), figures(2, 2))
})

test('rows wait with their table, and those of one table are of one table again', async (t) => {
  const { open, context } = storeFor(t)
  const store = await open()
  const table = { name: 'costs', columns: [{ name: 'record', type: 'datetime' }] } as const
  const batch: RowsBatch = { signal: 'rows', table, rows: [[1], [2]] }
  await store.export(new Date(0), batch, { ...context, deadLetter: because() })
  const [first, second] = (await lettersIn(store)).map((letter) => letter.batch as RowsBatch)
  assert.deepEqual(first, { ...batch, rows: [[1]] })
  assert.equal(first?.table, second?.table)
  assert.deepEqual((letterJson((await lettersIn(store))[0]!) as { table: unknown }).table, table)
})

test('records that are as odd as what is refused are read back too', async (t) => {
  const { open, context } = storeFor(t)
  const store = await open()
  const odd: Batch[] = [
    metrics([{ series: series('x'), timeMs: Number.NaN, value: 1 }]),
    metrics([{ series: series('x'), timeMs: 1, value: { count: 1, sum: 1, bounds: [1, 2], counts: [1] } }]),
    { signal: 'logs', records: [{ timeNs: 10n ** 30n, body: 'far' }] },
  ]
  const never = { ...context, deadLetter: because({ firstAcceptedMs: Number.NaN }) }
  for (const batch of odd) assert.equal((await store.export(new Date(Number.NaN), batch, never)).status, 'ok')
  await store.stop(context)
  const next = await open()
  assert.deepEqual(
    (await lettersIn(next)).map(({ batch }) => batch),
    odd,
  )
  assert.equal(next.figures()[0]?.waiting, 3)
})

test('what is settled no longer waits, in this process or the next, and counts once', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await put(store, 4)
  const [a, b, c] = await lettersIn(store)
  assert.equal(await store.settle([a!, b!], 'replayed', context, 'web'), 2)
  assert.equal(await store.settle([b!, c!], 'purged', context), 1)
  assert.deepEqual(await valuesIn(store), [3])
  await store.stop(context)
  const next = await open()
  assert.deepEqual(await valuesIn(next), [3])
  assert.deepEqual(next.figures(), figures(4, 1, 2, 1))
})

test('files of which nothing waits go, and what they had is still counted', async (t) => {
  const { open, put, context, directory } = storeFor(t, { fileBytes: 1 })
  const store = await open()
  for (let from = 0; from < 3; from++) await put(store, 1, from)
  const letters = await lettersIn(store)
  assert.deepEqual(
    letters.map(({ id }) => id),
    ['1-0', '2-0', '3-0'],
  )
  await store.settle(letters.slice(0, 2), 'replayed', context)
  assert.deepEqual(readdirSync(directory).sort(), ['figures.json', 'letters-00000003.jsonl', 'lock'])
  await store.settle(letters.slice(2), 'purged', context)
  await store.stop(context)
  assert.deepEqual(readdirSync(directory), ['figures.json'])
  const next = await open()
  assert.deepEqual(next.figures(), figures(3, 0, 2, 1))
  await put(next, 1)
  assert.deepEqual(
    (await lettersIn(next)).map(({ id }) => id),
    ['4-0'],
    'no id is used twice',
  )
})

test('a process that ended before it had removed a file leaves nothing that counts twice', async (t) => {
  const { open, put, context, directory } = storeFor(t, { fileBytes: 1 })
  const store = await open()
  await put(store, 2)
  const copy = temporaryFolder(t)
  cpSync(directory, copy, { recursive: true })
  await store.settle(await lettersIn(store), 'replayed', context)
  cpSync(join(copy, 'letters-00000001.jsonl'), join(directory, 'letters-00000001.jsonl'))
  await store.stop(context)
  const next = await open()
  assert.deepEqual(await valuesIn(next), [])
  assert.deepEqual(next.figures(), figures(2, 0, 2))
})

test('a letter that was being written when its process ended is passed over, at whichever byte', async (t) => {
  const { open, put, context, directory } = storeFor(t)
  const store = await open()
  await put(store, 2)
  await store.stop(context)
  const whole = readFileSync(join(directory, 'letters-00000001.jsonl'))
  const first = whole.indexOf('\n') + 1
  for (let bytes = first; bytes < whole.length; bytes++) {
    const torn = storeFor(t)
    writeFileSync(join(torn.directory, 'letters-00000001.jsonl'), whole.subarray(0, bytes))
    const store = await torn.open()
    assert.deepEqual(await valuesIn(store), [0])
    if (bytes % 50 === 0) await torn.put(store, 1, 7)
    if (bytes % 50 === 0) assert.deepEqual(await valuesIn(store), [0, 7])
    await store.stop(context)
  }
})

test('a line that cannot be read hides no other, is told, and its file is kept', async (t) => {
  const { open, put, context, directory } = storeFor(t, { fileBytes: 1 })
  const store = await open()
  await put(store, 3)
  await store.stop(context)
  const path = join(directory, 'letters-00000001.jsonl')
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(path, [lines[0], lines[1]!.replace('"value"', '"valu'), lines[2], ''].join('\n'))
  appendFileSync(join(directory, 'settled-00000001.jsonl'), 'garbage\n')
  const next = await open()
  assert.deepEqual(await valuesIn(next), [0, 2])
  await next.settle(await lettersIn(next), 'purged', context)
  assert.ok(existsSync(`${path}.unreadable`))
})

test('a full store takes nothing more until there is room, and says what to do', async (t) => {
  const { open, put, context } = storeFor(t, { maxBytes: 1000 })
  const store = await open()
  while ((await put(store, 1)).status === 'ok');
  const refused = await put(store, 1)
  assert.ok(refused.status === 'retry' && refused.scope === 'destination')
  assert.match(refused.error.message, /have all the room that they may have: 1000 B/)
  assert.equal(store.health().state, 'unhealthy')
  const waiting = await lettersIn(store)
  assert.ok(store.bytes < 1500)
  await store.settle(waiting, 'purged', context)
  assert.equal((await put(store, 1)).status, 'ok')
  assert.equal(store.health().state, 'healthy')
})

test('a full disk refuses what does not fit, keeps what was there, and recovers', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  const disk = await fullDisk(t, join(temporaryFolder(t), 'any'))
  await put(store, 1, 0)
  disk.fill(50)
  const refused = await put(store, 1, 1)
  assert.ok(refused.status === 'retry' && /ENOSPC/.test(refused.error.message))
  await assert.rejects(store.settle(await lettersIn(store), 'purged', context), { code: 'DESTINATION_UNAVAILABLE' })
  assert.deepEqual(store.figures(), figures(1, 1))
  disk.free()
  await put(store, 1, 2)
  await store.stop(context)
  assert.deepEqual(await valuesIn(await open()), [0, 2])
})

test('what a number stood for is never mistaken for another: not where the figures are gone, nor after a half removal', async (t) => {
  const { open, put, context, directory } = storeFor(t, { fileBytes: 1 })
  const store = await open()
  await put(store, 1)
  await store.stop(context)
  writeFileSync(join(directory, 'figures.json'), '{"ne')
  writeFileSync(join(directory, 'settled-00000007.jsonl'), '{"state":"purged","at":"","letters":[0]}\n')
  writeFileSync(join(directory, 'letters-00000008.jsonl.unreadable'), 'x\n')
  const next = await open()
  await put(next, 1, 5)
  await next.stop(context)
  const last = await open()
  assert.deepEqual(
    (await lettersIn(last)).map(({ id }) => id),
    ['1-0', '9-0'],
  )
  assert.ok(!existsSync(join(directory, 'settled-00000007.jsonl')))
  assert.ok(existsSync(join(directory, 'letters-00000008.jsonl.unreadable')))
})

test('letters older than they may get are purged, and counted as that', async (t) => {
  const { open, put, clock, context } = storeFor(t, { maxAgeMs: 1000, fileBytes: 1 })
  const store = await open()
  await put(store, 2)
  await clock.advance(900)
  await put(store, 1, 5)
  await clock.advance(200)
  await put(store, 1, 6)
  assert.deepEqual(await valuesIn(store), [5, 6])
  await store.stop(context)
  await clock.advance(5000)
  assert.deepEqual((await open()).figures(), figures(4, 0, 0, 4))
})

test('one process at a time has it, and a stopped one takes nothing', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await assert.rejects(open(), { code: 'DATA_DIR_IN_USE' })
  await store.stop(context)
  await store.stop(context)
  assert.equal((await put(store, 1)).status, 'retry')
  assert.equal(store.health().state, 'stopped')
  await assert.rejects(store.settle([], 'purged', context), { code: 'DESTINATION_UNAVAILABLE' })
  await store.start(context)
  assert.equal((await put(store, 1)).status, 'ok')
})

test('only dead letters are taken', async (t) => {
  const { open, context } = storeFor(t)
  assert.equal((await (await open()).export(new Date(), points(1), context)).status, 'reject')
})

test('where its folder cannot be, that is told with what to do', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'file'), '')
  const { open } = storeFor(t, { directory: join(folder, 'file', 'below') })
  await assert.rejects(open(), { code: 'DESTINATION_UNAVAILABLE', hint: /a part of the path is a file/ })
})
