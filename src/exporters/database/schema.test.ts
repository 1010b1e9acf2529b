import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorOf, metrics, type RowsBatch, series } from '../../sdk.ts'
import { execute, exporterTo, rowsOf, temporaryPath } from './database.fixture.ts'

const ok = { status: 'ok' }
const points = metrics([{ series: series('load', { core: '0', 'host.name': "o'k" }), timeMs: 0, value: 1 }])
const log = { signal: 'logs', records: [{ timeNs: 0n, body: 'a' }] } as const
const rows = (columns: RowsBatch['table']['columns'], ...rows: RowsBatch['rows']): RowsBatch => ({
  signal: 'rows',
  table: { name: 'costs', columns },
  rows,
})

test('a table is extended with the columns that it lacks, and keeps those that nobody writes any more', async (t) => {
  const { path, send } = await exporterTo(t)
  assert.deepEqual(
    await send(
      rows(
        [
          { name: 'pod', type: 'string' },
          { name: 'cost', type: 'real' },
        ],
        ['a', 1],
      ),
    ),
    ok,
  )
  assert.deepEqual(
    await send(
      rows(
        [
          { name: 'team', type: 'string' },
          { name: 'POD', type: 'string' },
        ],
        ['red', 'b'],
      ),
    ),
    ok,
  )
  assert.deepEqual(rowsOf(path, 'SELECT * FROM costs'), [
    { pod: 'a', cost: 1, team: null },
    { pod: 'b', cost: null, team: 'red' },
  ])
})

test('a mapping that grows extends its table', async (t) => {
  const first = await exporterTo(t, { columnMapping: { load: 'load' } })
  assert.deepEqual(await first.send(points), ok)
  await first.exporter.stop()
  const second = await exporterTo(t, { columnMapping: { heat: 'heat', load: 'load' } }, first.path)
  assert.deepEqual(await second.send(metrics([{ series: series('heat'), timeMs: 1, value: 60 }])), ok)
  assert.deepEqual(rowsOf(first.path, 'SELECT heat, load FROM metrics'), [
    { heat: null, load: 1 },
    { heat: 60, load: null },
  ])
})

test('label columns come into the view, for points that are there already too, and go without anything being lost', async (t) => {
  const first = await exporterTo(t)
  assert.deepEqual(await first.send(points), ok)
  await first.exporter.stop()
  const second = await exporterTo(t, { labelColumns: ['core', 'host.name', "it's"] }, first.path)
  assert.deepEqual(await second.send(metrics([{ series: series('load', { "it's": '1' }), timeMs: 1, value: 2 }])), ok)
  assert.deepEqual(rowsOf(first.path, `SELECT value, core, "host.name", "it's" FROM metrics`), [
    { value: 1, core: '0', 'host.name': "o'k", "it's": null },
    { value: 2, core: null, 'host.name': null, "it's": '1' },
  ])
  await second.exporter.stop()
  const third = await exporterTo(t, {}, first.path)
  assert.deepEqual(await third.send(points), ok)
  assert.equal('core' in rowsOf(first.path, 'SELECT * FROM metrics')[0]!, false)
})

test('a table made by others is used when it can hold the rows', async (t) => {
  const path = await temporaryPath(t)
  execute(path, 'CREATE TABLE seen (ts DATETIME, load NUMERIC, note TEXT DEFAULT 1 NOT NULL, id INTEGER PRIMARY KEY NOT NULL, UNIQUE (ts))')
  const { send } = await exporterTo(t, { tableName: 'seen', columnMapping: { timestamp: 'ts', load: 'Load' } }, path)
  for (let times = 0; times < 2; times++) assert.deepEqual(await send(points), ok)
  assert.deepEqual(rowsOf(path, 'SELECT * FROM seen'), [{ ts: '1970-01-01T00:00:00.000000Z', load: 1, note: '1', id: 1 }])
})

const unfit = {
  'CREATE TABLE logs (time TEXT, body INTEGER)': /its column "body" is INTEGER and would not keep what is TEXT/,
  'CREATE TABLE logs (time TEXT, body TEXT, owner TEXT NOT NULL)': /its column "owner" must have a value and none is written to it/,
  'CREATE TABLE logs (time TEXT, body TEXT, id TEXT NOT NULL PRIMARY KEY)': /its column "id" must have a value/,
  'CREATE TABLE logs (time TEXT, body TEXT AS (time))': /its column "body" is generated/,
  'CREATE VIEW logs AS SELECT 1 AS time': /its type is view/,
}
for (const [sql, reason] of Object.entries(unfit))
  test(`a table that cannot hold the rows is left alone and told: ${sql}`, async (t) => {
    const path = await temporaryPath(t)
    execute(path, sql)
    const before = rowsOf(path, 'SELECT * FROM sqlite_schema')
    const { exporter, send } = await exporterTo(t, {}, path)
    const result = await send(log)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.match(result.error.message, reason)
    assert.ok(result.error.message.includes(`the table "logs" in ${path} cannot be used`))
    assert.equal(exporter.health().state, 'unhealthy')
    assert.deepEqual(rowsOf(path, 'SELECT * FROM sqlite_schema'), before)
    execute(path, sql.includes('VIEW') ? 'DROP VIEW logs' : 'DROP TABLE logs')
    assert.deepEqual(await send(log), ok)
    assert.deepEqual(exporter.health(), { state: 'healthy' })
  })

test('a table in place of the view of metrics, and one without the key, are told', async (t) => {
  const path = await temporaryPath(t)
  execute(path, 'CREATE TABLE metrics (a); CREATE TABLE spans (trace_id TEXT, span_id TEXT)')
  const { send } = await exporterTo(t, {}, path)
  assert.match(String(errorOf(await send(points))), /the table "metrics" .* its type is table, where a view of all points should be/)
  const span = { traceId: 'a', spanId: 'b', name: 'c', startTimeNs: 0n, endTimeNs: 1n }
  const result = await send({ signal: 'traces', spans: [span] })
  assert.match(String(errorOf(result)), /the table "spans" .* it has no primary key or unique index on \("trace_id", "span_id"\)/)
  const others = rowsOf(path, "SELECT name FROM sqlite_schema WHERE name LIKE 'metrics%'")
  assert.deepEqual(others, [{ name: 'metrics' }], 'what was made of the schema is taken back with the batch')
})
