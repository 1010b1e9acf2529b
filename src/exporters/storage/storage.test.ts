import assert from 'node:assert/strict'
import { test } from 'node:test'
import { zstdDecompressSync } from 'node:zlib'
import { JsonDecoder } from '../../codecs/json/json.ts'
import { MsgpackDecoder } from '../../codecs/msgpack/msgpack.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { type Batch, createContext, type ExporterPlugin, metrics, ok, type RowsBatch, series } from '../../sdk.ts'
import { FileStorage } from '../../storage/file/file.ts'
import { MemoryStorage } from '../../storage/memory/memory.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { BatchStorageExporter, type BatchStorageExporterOptions } from './storage.ts'

type Paths = BatchStorageExporterOptions['paths']

const at = new Date('2025-05-19T22:00:00Z')
const context = createContext()
const points = metrics([{ series: series('load', { core: '0' }), timeMs: at.getTime(), value: 0.5 }])
const rows = (name: string, ...cells: string[]): RowsBatch => ({
  signal: 'rows',
  table: { name, columns: [{ name: 'pod', type: 'string' }] },
  rows: cells.map((cell) => [cell]),
})

/** What is stored after the batches were exported at one time: text by path. */
async function stored(options: Omit<BatchStorageExporterOptions, 'storage'>, ...batches: readonly Batch[]) {
  const storage = new MemoryStorage()
  const exporter = new BatchStorageExporter({ ...options, storage })
  for (const batch of batches) assert.deepEqual(await exporter.export(at, batch, context), ok)
  return filesOf(storage)
}

async function filesOf(storage: MemoryStorage | FileStorage, directory = ''): Promise<Record<string, Buffer>> {
  const below = await Promise.all((await storage.listDirectories(directory)).map((name) => filesOf(storage, name)))
  const files: [string, Buffer][] = []
  for (const { name } of await storage.list(directory)) files.push([name, Buffer.from((await storage.read(name))!)])
  return Object.assign(Object.fromEntries(files), ...below)
}

const pathsOf = async (...given: Parameters<typeof stored>) => Object.keys(await stored(...given))

test('000-38 each table of rows has its own place in the storage, for windows as for events', async () => {
  const allocations = rows('allocations', 'a')
  const assets = rows('assets', 'b')
  assert.deepEqual(await pathsOf({ paths: { type: 'window', cluster: 'c', resolution: '1h' }, format: 'json' }, allocations, assets), [
    'federated/c/etl/bingen/allocations/1h/1747692000-1747695600.json',
    'federated/c/etl/bingen/assets/1h/1747692000-1747695600.json',
  ])
  assert.deepEqual(await pathsOf({ paths: { type: 'event', cluster: 'c' } }, assets, points), [
    'c/assets/20250519220000.jsonl',
    'c/metrics/20250519220000.jsonl',
  ])
  assert.deepEqual(await pathsOf({ paths: { type: 'partitioned', root: 'lake' } }, points), [
    'lake/metrics/year=2025/month=05/day=19/20250519220000.jsonl',
  ])
})

test('places can be named', async () => {
  const event: Paths = { type: 'event', root: 'r', cluster: 'c', event: 'e', subPaths: ['s'] }
  assert.deepEqual(await pathsOf({ paths: event }, points), ['r/c/e/s/20250519220000.jsonl'])
  const window: Paths = { type: 'window', root: '', cluster: 'c', pipeline: 'p', resolution: '1d' }
  assert.deepEqual(await pathsOf({ paths: window }, points), ['c/etl/bingen/p/1d/1747612800-1747699200.jsonl'])
  assert.deepEqual(await pathsOf({ paths: { type: 'partitioned', subPaths: [] } }, points), [
    'year=2025/month=05/day=19/20250519220000.jsonl',
  ])
})

test('000-37 any format goes with any compression and any path', async () => {
  const paths: Paths = { type: 'partitioned', subPaths: [] }
  const only = async (options: object, batch: Batch) => Object.entries(await stored({ paths, ...options }, batch))[0]!
  const record = { time: '2025-05-19T22:00:00.000Z', name: 'load', kind: 'gauge', labels: { core: '0' }, value: 0.5 }
  assert.deepEqual(JSON.parse(String((await only({}, points))[1])), record)
  assert.deepEqual(new JsonDecoder().decode((await only({ format: 'json' }, points))[1]), [record])
  assert.deepEqual(new MsgpackDecoder().decode((await only({ format: 'msgpack' }, points))[1]), [record])
  assert.equal(String((await only({ format: 'csv' }, rows('t', 'a', 'b')))[1]), 'pod\r\na\r\nb\r\n')
  const [path, bytes] = await only({ format: 'csv', compression: 'zstd' }, rows('t', 'a'))
  assert.deepEqual([path, String(zstdDecompressSync(bytes))], ['year=2025/month=05/day=19/20250519220000.csv.zst', 'pod\r\na\r\n'])
  assert.match((await only({ compression: 'gzip' }, points))[0], /\.jsonl\.gz$/)
})

test('a second batch of one time does not replace the first, unless it is to', async () => {
  const paths: Paths = { type: 'event', cluster: 'c', event: 'e' }
  const batches = [rows('t', 'a'), rows('t', 'b')]
  assert.deepEqual(await pathsOf({ paths }, ...batches), ['c/e/20250519220000-1.jsonl', 'c/e/20250519220000.jsonl'])
  assert.deepEqual(Object.values(await stored({ paths, overwrite: true }, ...batches)).map(String), ['{"pod":"b"}\n'])
})

test('a batch without records makes no file; a table whose name leads elsewhere is rejected', async () => {
  const storage = new MemoryStorage()
  const exporter = new BatchStorageExporter({ storage, paths: { type: 'event', cluster: 'c' } })
  assert.deepEqual(await exporter.export(at, rows('t'), context), ok)
  assert.equal((await exporter.export(at, rows('../../x', 'a'), context)).status, 'reject')
  assert.deepEqual(await filesOf(storage), {})
})

test('a table whose name no folder can have is rejected, and keeps no other from being stored', async (t) => {
  const storage = new FileStorage(temporaryFolder(t))
  const exporter = new BatchStorageExporter({ storage, paths: { type: 'partitioned' } })
  assert.equal((await exporter.export(at, rows('t'.repeat(300), 'a'), context)).status, 'reject')
  assert.deepEqual([await exporter.export(at, rows('t', 'a'), context), exporter.health()], [ok, { state: 'healthy' }])
})

test('000-38 as a plugin it writes to a folder', async (t) => {
  const directory = temporaryFolder(t)
  const { config, create } = plugin as ExporterPlugin & { create(options: object): BatchStorageExporter }
  const parsed = config!.parse({ storage: { type: 'file', directory }, paths: { type: 'event', cluster: 'c' } })
  const exporter = create({ name: 'lake', config: parsed, host: createTestHost() })
  assert.deepEqual([exporter.name, exporter.destination], ['lake', directory])
  assert.deepEqual(await exporter.export(at, points, context), ok)
  assert.deepEqual(Object.keys(await filesOf(new FileStorage(directory))), ['c/metrics/20250519220000.jsonl'])
  const memory = config!.parse({ storage: { type: 'memory' }, paths: { type: 'event', cluster: 'c' } })
  assert.equal(create({ name: 'm', config: memory, host: createTestHost() }).destination, 'memory')
})

test('what makes no sense is refused when it is configured', () => {
  const storage = new MemoryStorage()
  for (const paths of [
    { type: 'event', cluster: '' },
    { type: 'event', cluster: '../..' },
    { type: 'window', cluster: 'c', resolution: '0s' },
    { type: 'static' },
    { type: 'partitioned', subPaths: ['..'] },
  ])
    assert.throws(() => new BatchStorageExporter({ storage, paths: paths as never }), { code: 'INVALID_OPTION' }, JSON.stringify(paths))
})
