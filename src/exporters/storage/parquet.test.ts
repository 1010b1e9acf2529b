import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { type Batch, type Cell, createContext, metrics, ok, type RowsBatch, series } from '../../sdk.ts'
import { MemoryStorage } from '../../storage/memory/memory.ts'
import plugin, { BatchStorageExporter, type BatchStorageExporterOptions } from './storage.ts'

const at = new Date('2025-05-19T22:00:00Z')
const points = (...values: number[]) =>
  metrics(values.map((value) => ({ series: series('load', { core: '0' }), timeMs: at.getTime(), value })))
const costs = (...rows: Cell[][]): RowsBatch => ({
  signal: 'rows',
  table: {
    name: 'costs',
    columns: [
      { name: 'pod', type: 'string' },
      { name: 'cores', type: 'int' },
    ],
  },
  rows,
})

function setup(compression?: BatchStorageExporterOptions['compression']) {
  const storage = new MemoryStorage()
  const exporter = new BatchStorageExporter({
    storage,
    paths: { type: 'event', cluster: 'c' },
    format: 'parquet',
    ...(compression && { compression }),
  })
  return {
    storage,
    send: (batch: Batch, attempt = 1) =>
      exporter.export(at, batch, createContext({ delivery: { id: 'one', attempt, firstAcceptedMs: at.getTime() } })),
    /** The rows of each file of a directory. */
    rowsIn: async (directory: string) => {
      const files = await storage.list(directory)
      const read = async (name: string) => {
        const file = new Uint8Array((await storage.read(name))!).buffer
        return [name, await parquetReadObjects({ file, compressors })] as const
      }
      return Object.fromEntries(await Promise.all(files.map(({ name }) => read(name))))
    },
  }
}

test('000-37 Parquet: each batch is a whole file, compressed within as asked', async () => {
  const sizes = new Map<string, number>()
  for (const compression of ['none', 'gzip', 'zstd', 'snappy', undefined] as const) {
    const { storage, send, rowsIn } = setup(compression)
    const values = Array.from({ length: 1000 }, (_, index) => index % 3)
    assert.deepEqual(await send(points(...values)), ok)
    const rows = (await rowsIn('c/metrics'))['c/metrics/20250519220000.parquet']!
    assert.deepEqual(
      rows.map(({ time, name, labels, value }) => ({ time, name, labels, value })),
      values.map((value) => ({ time: at, name: 'load', labels: { core: '0' }, value })),
    )
    sizes.set(String(compression), (await storage.stat('c/metrics/20250519220000.parquet'))!.size)
  }
  assert.equal(sizes.get('undefined'), sizes.get('snappy'))
  for (const compression of ['gzip', 'zstd', 'snappy']) assert.ok(sizes.get(compression)! < sizes.get('none')!, compression)
})

test('records that do not fit a Parquet file are rejected by their place, and the others stored', async () => {
  const { send, rowsIn } = setup()
  const mixed = costs(['a', 1], ['b', 0.5], ['c', 3])
  const result = await send(mixed)
  assert.ok(result.status === 'partial' && result.retry.length === 0)
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && [rejection.index, rejection.error.message.includes('0.5')]),
    [[1, true]],
  )
  const stored = {
    'c/costs/20250519220000.parquet': [
      { pod: 'a', cores: 1n },
      { pod: 'c', cores: 3n },
    ],
  }
  assert.deepEqual(await rowsIn('c/costs'), stored)
  assert.equal((await send(costs(['b', 0.5]))).status, 'partial')
  assert.deepEqual(await rowsIn('c/costs'), stored, 'nothing to store makes no file')
})

test('a delivery that is tried again is stored once, whatever was stored between its tries', async () => {
  const { send, rowsIn } = setup()
  assert.deepEqual(await send(points(1, 2)), ok)
  assert.deepEqual(await send(costs(['a', 1])), ok)
  assert.deepEqual(await send(points(1, 2), 2), ok)
  assert.deepEqual(Object.keys(await rowsIn('c/metrics')), ['c/metrics/20250519220000.parquet'])
})

test('snappy is for Parquet only', () => {
  const paths = { type: 'event', cluster: 'c' } as const
  assert.throws(() => new BatchStorageExporter({ storage: new MemoryStorage(), paths, compression: 'snappy' }), {
    code: 'INVALID_OPTION',
    message: /snappy is for Parquet: with jsonl choose gzip, zstd or none/,
  })
  assert.throws(() => plugin.config!.parse({ storage: { type: 'memory' }, paths, format: 'csv', compression: 'snappy' }), /with csv choose/)
})
