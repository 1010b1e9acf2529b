import assert from 'node:assert/strict'
import { appendFile, mkdir, readdir, readFile, rm, rmdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Cell, createContext, type Log, metrics, ok, type RowsBatch, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { FileExporter, type FileExporterOptions } from './file.ts'
import { temporaryFolder } from './folder.fixture.ts'
import { parquetIn, parquetValues } from './parquet.fixture.ts'

const now = new Date('2026-08-02T10:23:00Z')
const load = series('system.cpu.load', { core: '0' })
const points = (...values: number[]) => metrics(values.map((value) => ({ series: load, timeMs: now.getTime(), value })))

async function setup(t: TestContext, options: Partial<FileExporterOptions> = {}) {
  const outputDirectory = await temporaryFolder(t)
  const clock = new ManualClock(now.getTime())
  const told: string[] = []
  const tell = (message: string) => void told.push(message)
  const log = { debug: tell, info: tell, warn: tell, error: tell } as unknown as Log
  const context = createContext({ clock, log })
  const create = () => new FileExporter({ outputDirectory, fileFormat: 'parquet', filenameTemplate: 'a', ...options })
  const exporter = create()
  t.after(() => exporter.stop(context))
  return { outputDirectory, clock, context, create, exporter, told }
}

test('003-32 file_format parquet: batches are collected, and the file appears whole when it is finished', async (t) => {
  const { outputDirectory, context, exporter } = await setup(t)
  for (const values of [[1, 2], [], [3]]) assert.deepEqual(await exporter.export(now, points(...values), context), ok)
  assert.deepEqual((await readdir(outputDirectory)).sort(), ['a.parquet.collecting', 'a.parquet.collecting.lock'])
  await exporter.stop(context)
  assert.deepEqual(await readdir(outputDirectory), ['a.parquet'])
  const rows = (await parquetIn(outputDirectory))['a.parquet']!
  assert.deepEqual(
    rows.map(({ time, name, labels, value, kind }) => ({ time, name, labels, value, kind })),
    [1, 2, 3].map((value) => ({ time: now, name: 'system.cpu.load', labels: { core: '0' }, value, kind: 'gauge' })),
  )
})

test('003-32 a file is finished when its time is over, though nothing more comes', async (t) => {
  const { outputDirectory, clock, context, exporter } = await setup(t, { rotationInterval: '1h', filenameTemplate: '{timestamp}' })
  await exporter.start(context)
  await exporter.export(now, points(1), context)
  await clock.advance(36 * 60_000)
  assert.deepEqual(await parquetValues(outputDirectory), {})
  await clock.advance(60_000)
  await exporter.flush(context)
  assert.deepEqual(await parquetValues(outputDirectory), { '20260802T102300Z.parquet': [1] })
  await exporter.export(now, points(2), context)
  await exporter.stop(context)
  assert.deepEqual(await parquetValues(outputDirectory), { '20260802T102300Z.parquet': [1], '20260802T110000Z.parquet': [2] })
})

test('003-32 a file ends before what is collected for it grows beyond the limit; none is written over', async (t) => {
  const { outputDirectory, context, exporter, create } = await setup(t, { maxFileSize: 10 })
  const other = create()
  for (const [index, target] of [exporter, other, exporter, other].entries()) await target.export(now, points(index), context)
  await exporter.stop(context)
  await other.stop(context)
  const files = await parquetValues(outputDirectory)
  assert.deepEqual(Object.keys(files), ['a-1.parquet', 'a-2.parquet', 'a-3.parquet', 'a.parquet'])
  assert.deepEqual(Object.values(files).flat().sort(), [0, 1, 2, 3])
})

test('each table, and each set of columns, has a file of its own; rows that do not fit are rejected alone', async (t) => {
  const { outputDirectory, context, exporter } = await setup(t, { filenameTemplate: '{signal}' })
  const rows = (columns: RowsBatch['table']['columns'], ...cells: Cell[][]): RowsBatch => ({
    signal: 'rows',
    table: { name: 'costs', columns },
    rows: cells,
  })
  const [pod, sum] = [
    { name: 'pod', type: 'string' },
    { name: 'sum', type: 'int' },
  ] as const
  const result = await exporter.export(now, rows([pod, sum], ['a', 1], ['b', 0.5], ['c', 3]), context)
  assert.ok(result.status === 'partial' && result.rejected.length === 1 && 'index' in result.rejected[0]! && result.rejected[0].index === 1)
  assert.equal((await exporter.export(now, rows([pod, sum], ['b', 0.5]), context)).status, 'partial')
  assert.deepEqual(await exporter.export(now, rows([pod], ['d']), context), ok)
  await exporter.stop(context)
  assert.deepEqual(await parquetIn(outputDirectory), {
    'rows-costs-1.parquet': [{ pod: 'd' }],
    'rows-costs.parquet': [
      { pod: 'a', sum: 1n },
      { pod: 'c', sum: 3n },
    ],
  })
})

test('a collection that a dead process left is finished by the next start, without what was half written', async (t) => {
  const { outputDirectory, context, exporter, create, told } = await setup(t)
  await exporter.export(now, points(1), context)
  await exporter.export(now, points(2), context)
  const collection = join(outputDirectory, 'a.parquet.collecting')
  const next = create()
  await next.start(context)
  assert.deepEqual((await readdir(outputDirectory)).sort(), ['a.parquet.collecting', 'a.parquet.collecting.lock'], 'this process lives')
  await appendFile(collection, Buffer.from([200, 0, 0, 0, 1, 2]))
  // As one that began long before this test, and is not there any more.
  await writeFile(`${collection}.lock`, JSON.stringify({ pid: process.pid, started: 'long ago' }))
  await next.stop(context)
  await next.start(context)
  assert.deepEqual(await parquetValues(outputDirectory), { 'a.parquet': [1, 2] })
  assert.deepEqual(await readdir(outputDirectory), ['a.parquet'])
  assert.deepEqual(told, ['a file was finished that an earlier run had begun'])
  await next.stop(context)
})

test('what cannot be finished stays, is told, and is finished later', async (t) => {
  const { outputDirectory, clock, context, exporter, told } = await setup(t)
  await mkdir(join(outputDirectory, 'a.parquet.draft'))
  await exporter.start(context)
  await exporter.export(now, points(1), context)
  await clock.advance(3_600_000)
  await exporter.flush(context)
  assert.ok((await readdir(outputDirectory)).includes('a.parquet.collecting'))
  assert.equal(told[0], 'a file did not close well')
  await rmdir(join(outputDirectory, 'a.parquet.draft'))
  await clock.advance(3_600_000)
  await exporter.flush(context)
  assert.deepEqual(await parquetValues(outputDirectory), { 'a.parquet': [1] })
  assert.deepEqual(await readdir(outputDirectory), ['a.parquet'])
})

test('a file that somebody else put there meanwhile is not written over', async (t) => {
  const { outputDirectory, context, exporter } = await setup(t)
  await exporter.export(now, points(1), context)
  await writeFile(join(outputDirectory, 'a.parquet'), 'precious')
  await exporter.stop(context)
  assert.equal(await readFile(join(outputDirectory, 'a.parquet'), 'utf8'), 'precious')
  await rm(join(outputDirectory, 'a.parquet'))
  assert.deepEqual(await parquetValues(outputDirectory), { 'a-1.parquet': [1] })
})

test('a collection of a newer version, or no collection at all, is left as it is', async (t) => {
  const { outputDirectory, context, exporter, told } = await setup(t)
  for (const content of ['waybill collection 2 "metrics"\n', 'precious']) {
    await writeFile(join(outputDirectory, 'a.parquet.collecting'), content)
    await exporter.start(context)
    assert.deepEqual(await readdir(outputDirectory), ['a.parquet.collecting'])
    assert.equal(told.pop(), 'a file could not be finished that an earlier run had begun')
  }
  await truncate(join(outputDirectory, 'a.parquet.collecting'))
  await exporter.start(context)
  assert.deepEqual(await readdir(outputDirectory), [])
})

test('Parquet is compressed within, and only there with zstd and snappy', async (t) => {
  for (const compression of ['none', 'gzip', 'snappy', 'zstd'] as const) {
    const { outputDirectory, context, exporter } = await setup(t, { compression, filenameTemplate: 'a.jsonl.gz' })
    await exporter.export(now, points(1), context)
    await exporter.stop(context)
    assert.deepEqual(await parquetValues(outputDirectory), { 'a.parquet': [1] })
  }
  assert.throws(() => new FileExporter({ outputDirectory: 'x', compression: 'zstd' }), { code: 'INVALID_OPTION', message: /for Parquet/ })
})
