import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../files/temporary-folder.fixture.ts'
import { CSVExporter } from './csv-exporter.ts'
import { JSONExporter } from './json-exporter.ts'

const unixSeconds = 1_750_693_377.593887

test('002-03 002-07 CSVExporter and JSONExporter require a filename', () => {
  for (const [Exporter, message] of [
    [CSVExporter, /CSV exporter requires 'filename' configuration/],
    [JSONExporter, /JSON exporter requires 'filename' configuration/],
  ] as const) {
    assert.throws(() => new Exporter({} as never), { code: 'INVALID_OPTION', message })
    assert.throws(() => new Exporter(undefined as never), { code: 'INVALID_OPTION', message })
  }
})

test('C4 J3 exporting without a start, and after a stop, writes on', async (t) => {
  const folder = temporaryFolder(t)
  const [csv, json] = [
    new CSVExporter({ filename: join(folder, 'x', 'a.csv') }),
    new JSONExporter({ filename: join(folder, 'x', 'a.json') }),
  ]
  for (const exporter of [csv, json]) {
    assert.equal((await exporter.export({ b: 1, a: 2 }, unixSeconds)).status, 'ok')
    await exporter.stop()
    await exporter.stop()
    assert.equal((await exporter.export({ a: 3 }, unixSeconds + 1)).status, 'ok')
    await exporter.stop()
    assert.equal(exporter.name, exporter.constructor.name)
  }
  assert.equal(
    readFileSync(csv.config.filename, 'utf8'),
    'timestamp,a,b\r\n2025-06-23T15:42:57.593887Z,2,1\r\n2025-06-23T15:42:58.593887Z,3,\r\n',
  )
  assert.deepEqual(JSON.parse(readFileSync(json.config.filename, 'utf8')), [
    { timestamp: unixSeconds, time: '2025-06-23T15:42:57.593887Z', metrics: { b: 1, a: 2 } },
    { timestamp: unixSeconds + 1, time: '2025-06-23T15:42:58.593887Z', metrics: { a: 3 } },
  ])
})

test('J6 the values count as they were when they were given', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const exporter = new JSONExporter({ filename })
  const metrics: Record<string, number> = { a: 1 }
  const exporting = exporter.export(metrics, 1)
  metrics.a = 2
  await exporting
  await exporter.export(metrics, 2)
  await exporter.stop()
  assert.deepEqual(
    JSON.parse(readFileSync(filename, 'utf8')).map(({ metrics }: { metrics: object }) => metrics),
    [{ a: 1 }, { a: 2 }],
  )
})

test('002-33 a file that cannot be written rejects the start and is in the result of an export', async (t) => {
  const filename = temporaryFolder(t)
  for (const exporter of [new CSVExporter({ filename }), new JSONExporter({ filename })]) {
    await assert.rejects(async () => exporter.start(), { code: 'DESTINATION_UNAVAILABLE', message: /is a folder/ })
    const result = await exporter.export({ a: 1 }, 1)
    assert.ok(result.status === 'retry' && /is a folder/.test(result.error.message))
    await exporter.stop()
  }
})
