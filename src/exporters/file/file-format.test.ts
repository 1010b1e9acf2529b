import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { type Batch, type Cell, createContext, metrics, ok, type RowsBatch, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { FileExporter } from './file.ts'
import { contentsOf, jsonOf, temporaryFolder } from './folder.fixture.ts'

const now = new Date('2026-08-02T10:23:00Z')
const context = createContext({ clock: new ManualClock(now.getTime()) })
const load = series('system.cpu.load', { core: '0' })
const points = (...values: number[]) => metrics(values.map((value) => ({ series: load, timeMs: now.getTime(), value })))
const rows = (name: string, columns: readonly string[], ...cells: Cell[][]): RowsBatch => ({
  signal: 'rows',
  table: { name, columns: columns.map((column) => ({ name: column, type: 'string' })) },
  rows: cells,
})

test('each signal, and each table, has a file of its own', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory, filenameTemplate: '{signal}' })
  const batches: Batch[] = [
    points(1),
    { signal: 'logs', records: [{ timeNs: 0n, body: 'hello' }] },
    { signal: 'traces', spans: [{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'get', startTimeNs: 0n, endTimeNs: 1n }] },
    { signal: 'alerts', alerts: [{ id: '1', name: 'hot', severity: 'major', status: 'firing', startsAtMs: 0, labels: {} }] },
    rows('costs', ['sum'], ['1']),
    rows('../assets', ['sum'], ['2']),
  ]
  for (const batch of batches) assert.deepEqual(await exporter.export(now, batch, context), ok)
  const files = ['alerts.jsonl', 'logs.jsonl', 'metrics.jsonl', 'rows-___assets.jsonl', 'rows-costs.jsonl', 'traces.jsonl']
  assert.deepEqual(await readdir(outputDirectory).then((names) => names.sort()), files)
  await exporter.stop(context)
})

test('003-31 F12: CSV has its header at the top of every file, and other columns go to another file', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory, fileFormat: 'csv', filenameTemplate: '{signal}', compression: 'gzip' })
  await exporter.export(now, rows('costs', ['pod', 'sum'], ['a', '1']), context)
  await exporter.export(now, rows('costs', ['pod', 'sum'], ['b,c', '2']), context)
  await exporter.export(now, rows('costs', ['pod', 'node', 'sum'], ['d', 'n', '3']), context)
  assert.deepEqual(await contentsOf(outputDirectory), {
    'rows-costs-1.csv.gz': 'pod,node,sum\r\nd,n,3\r\n',
    'rows-costs.csv.gz': 'pod,sum\r\na,1\r\n"b,c",2\r\n',
  })
  await exporter.stop(context)
})

test('003-34 F12: a serializer says what stands for each record; one that it cannot say is rejected alone', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const nothing = new Error('not this one')
  const serializer = (record: object) => {
    const { value } = record as { value: number }
    if (value === 2) throw nothing
    return value === 3 ? undefined : { doubled: value * 2 }
  }
  const exporter = new FileExporter({ outputDirectory, serializer })
  const result = await exporter.export(now, points(1, 2, 3, 4), context)
  assert.equal(result.status, 'partial')
  assert.deepEqual(result.rejected[0], { index: 1, error: nothing })
  assert.match(result.rejected[1]!.error.message, /made nothing/)
  assert.deepEqual(jsonOf(Object.values(await contentsOf(outputDirectory))[0]!), [{ doubled: 2 }, { doubled: 8 }])
  assert.throws(() => new FileExporter({ outputDirectory, serializer, fileFormat: 'csv' }), { code: 'INVALID_OPTION' })
  await exporter.stop(context)
})

test('dead letters keep the record with its reason, as JSON lines whatever the format', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory, fileFormat: 'csv', filenameTemplate: '{signal}' })
  const deadLetter = {
    exporter: 'warehouse',
    reason: 'rejected',
    error: new Error('no such\ncolumn'),
    attempts: 3,
    firstAcceptedMs: 0,
  } as const
  assert.deepEqual(await exporter.export(now, rows('costs', ['pod'], ['a'], ['b']), { ...context, deadLetter }), ok)
  assert.deepEqual(await exporter.export(now, points(7), { ...context, deadLetter }), ok)
  const { 'metrics.jsonl': metricLines, 'rows-costs.jsonl': rowLines } = await contentsOf(outputDirectory)
  const why = {
    at: '2026-08-02T10:23:00.000Z',
    exporter: 'warehouse',
    reason: 'rejected',
    error: 'no such\ncolumn',
    attempts: 3,
    firstAcceptedAt: '1970-01-01T00:00:00.000Z',
  }
  assert.deepEqual(jsonOf(rowLines!), [
    { deadLetter: why, signal: 'rows', table: 'costs', record: { pod: 'a' } },
    { deadLetter: why, signal: 'rows', table: 'costs', record: { pod: 'b' } },
  ])
  assert.deepEqual([jsonOf(metricLines!)[0].signal, jsonOf(metricLines!)[0].record.value], ['metrics', 7])
  await exporter.stop(context)
})

test('what JSON cannot say is rejected, and nothing of its batch is written', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory })
  const circular: Record<string, unknown> = {}
  circular.self = circular
  const batch = { signal: 'rows', table: { name: 't', columns: [{ name: 'a', type: 'json' }] }, rows: [[{}], [circular]] } as const
  assert.equal((await exporter.export(now, batch, context)).status, 'reject')
  assert.deepEqual(await readdir(outputDirectory), [])
})
