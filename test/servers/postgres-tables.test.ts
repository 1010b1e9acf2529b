/** Tables and what is in them, as PostgreSQL itself tells. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DatabaseExporter } from '../../src/exporters/database/database.ts'
import { createContext, errorOf, metrics, type Point, type RowsBatch, series } from '../../src/sdk.ts'
import { character } from '../../src/testing/character.fixture.ts'
import { TestPostgres } from './postgres.fixture.ts'

const ok = { status: 'ok' }
const postgres = new TestPostgres()

const columnMapping = {
  timestamp: 'recorded_at',
  messages_per_second: 'throughput',
  avg_latency_ms: 'avg_latency',
  total_messages: 'message_count',
}
const point = (name: string, second: number, value: Point['value'], labels = {}): Point => ({
  series: series(name, labels),
  timeMs: Date.UTC(2026, 0, 1, 0, 0, second),
  value,
})

test('003-29: the mapping of a table that is there already, with types of its own', async (t) => {
  const { send, rows, sql } = await postgres.exporting(t, { tableName: 'profiling_metrics', columnMapping })
  await sql('CREATE TABLE profiling_metrics (id serial, recorded_at timestamp PRIMARY KEY, Throughput real, message_count integer)')
  const first = [point('messages_per_second', 1, 10.5), point('total_messages', 1, 7), point('total_messages', 2, 8)]
  assert.deepEqual(await send(metrics(first)), ok)
  assert.deepEqual(await send(metrics([point('avg_latency_ms', 2, 0.5), point('messages_per_second', 2, Number.NaN)])), ok)
  assert.deepEqual(await rows('SELECT * FROM profiling_metrics ORDER BY recorded_at'), [
    { id: 1, recorded_at: '2026-01-01T00:00:01', throughput: 10.5, message_count: 7, avg_latency: null },
    { id: 2, recorded_at: '2026-01-01T00:00:02', throughput: null, message_count: 8, avg_latency: 0.5 },
  ])
  const histogram = { count: 1, bounds: [1], counts: [1, 0] }
  const result = await send(
    metrics([point('total_messages', 3, 0.5), point('total_messages', 4, histogram), point('total_messages', 5, 9)]),
  )
  assert.ok(result.status === 'partial')
  const reasons = result.rejected.map((rejection) => 'index' in rejection && [rejection.index, rejection.error.message.split(':')[0]])
  assert.deepEqual(reasons, [
    [1, 'total_messages is a distribution, which a column of numbers cannot hold; without column_mapping it has a place'],
    [0, 'invalid input syntax for type integer'],
  ])
  assert.deepEqual((await rows('SELECT message_count FROM profiling_metrics ORDER BY recorded_at')).at(-1), { message_count: 9 })
})

const log = {
  signal: 'logs',
  records: [
    { timeNs: 1n, body: 'a' },
    { timeNs: 1n, body: 'a' },
  ],
} as const
const table = {
  name: 'costs',
  columns: [
    { name: 'pod', type: 'string' },
    { name: 'cost', type: 'real' },
  ],
} as const
const costs = (...rows: RowsBatch['rows']): RowsBatch => ({ signal: 'rows', table, rows })

test('a batch that comes twice is there once: by its key, or by the delivery that it belongs to', async (t) => {
  const { send, sql } = await postgres.exporting(t)
  const span = { traceId: 'a', spanId: 'b', name: 'c', startTimeNs: 0n, endTimeNs: 1n }
  for (let times = 0; times < 2; times++) {
    assert.deepEqual(await send(log, 'first'), ok)
    assert.deepEqual(await send(costs(['a', 1]), 'first'), ok)
    assert.deepEqual(await send({ signal: 'traces', spans: [span, span] }), ok)
    assert.deepEqual(await send(metrics([point('load', 1, 1), point('load', 1, 2)])), ok)
  }
  assert.deepEqual(await send(log, 'second'), ok)
  const counts = await sql(
    'SELECT (SELECT count(*) FROM logs), (SELECT count(*) FROM costs), (SELECT count(*) FROM spans), (SELECT max(value) FROM metrics)',
  )
  assert.deepEqual(counts, ['4\t1\t1\t2'])
})

test('what was refused of a delivery is refused when it comes again', async (t) => {
  const { send, sql } = await postgres.exporting(t)
  assert.deepEqual(await send(costs(['a', 1])), ok)
  await sql('ALTER TABLE costs ADD CONSTRAINT dear CHECK (cost < 100)')
  for (let times = 0; times < 2; times++) {
    const result = await send(costs(['b', 2], ['c', 200], ['d', 3], ['e', 300]), 'x')
    assert.ok(result.status === 'partial')
    assert.deepEqual(
      result.rejected.map((rejection) => 'index' in rejection && rejection.index),
      [1, 3],
    )
    assert.match(String(errorOf(result)), /violates check constraint "dear"/)
  }
  assert.deepEqual(await sql('SELECT pod FROM costs ORDER BY pod'), ['a', 'b', 'd'])
})

test('a table and its view are extended, and nothing is taken away', async (t) => {
  const { exporter, connectionString, send, rows } = await postgres.exporting(t)
  assert.deepEqual(await send(costs(['a', 1])), ok)
  const wider = {
    name: 'costs',
    columns: [
      { name: 'POD', type: 'string' },
      { name: 'team', type: 'string' },
    ],
  } as const
  assert.deepEqual(await send({ signal: 'rows', table: wider, rows: [['b', 'red']] }), ok)
  assert.deepEqual(await rows('SELECT * FROM costs ORDER BY pod'), [
    { pod: 'a', cost: 1, team: null },
    { pod: 'b', cost: null, team: 'red' },
  ])
  assert.deepEqual(await send(metrics([point('load', 1, 1, { core: '0' })])), ok)
  await exporter.stop()
  const labelled = new DatabaseExporter({ connectionString, labelColumns: ['core', "it's"] })
  t.after(() => labelled.stop())
  assert.deepEqual(await labelled.export(new Date(0), metrics([point('load', 2, 2)]), createContext()), ok)
  assert.deepEqual(await rows(`SELECT value, core, "it's" FROM metrics ORDER BY time`), [
    { value: 1, core: '0', "it's": null },
    { value: 2, core: null, "it's": null },
  ])
})

test('what is too old goes, in tables of points and in those of others', async (t) => {
  const { exporter, send, sql } = await postgres.exporting(t, { retention: { maxAge: '7d' } })
  const nowMs = Date.now()
  const [old, young] = [nowMs - 8 * 86_400_000, nowMs - 60_000]
  await sql('CREATE TABLE logs ("TIME" text, body text)')
  assert.deepEqual(await send(metrics([old, young].map((timeMs, n) => ({ series: series('load'), timeMs, value: n + 1 })))), ok)
  const records = [old, young].map((ms) => ({ timeNs: BigInt(ms) * 1_000_000n, body: `of ${ms}` }))
  assert.deepEqual(await send({ signal: 'logs', records }), ok)
  for (let tries = 0; (await sql('SELECT (SELECT count(*) FROM metrics) + (SELECT count(*) FROM logs)'))[0] !== '2'; tries++) {
    assert.ok(tries < 100, 'nothing is removed')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  assert.deepEqual(await sql('SELECT value FROM metrics'), ['2'])
  assert.deepEqual(await sql('SELECT body FROM logs'), [`of ${young}`])
  await exporter.stop()
})

test('tables that somebody removed meanwhile are made again', async (t) => {
  const { send, sql } = await postgres.exporting(t)
  for (const drop of [
    'DROP VIEW metrics; DROP TABLE metrics_points, metrics_series',
    'DELETE FROM metrics_points; DELETE FROM metrics_series',
  ]) {
    assert.deepEqual(await send(metrics([point('load', 1, 1)])), ok)
    await sql(drop)
    const result = await send(metrics([point('load', 1, 1)]))
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.deepEqual(await send(metrics([point('load', 1, 1)])), ok)
    assert.deepEqual(await sql('SELECT count(*) FROM metrics'), ['1'])
  }
})

test('whatever stands in names, labels and texts comes back as it was, but for what PostgreSQL has no room for', async (t) => {
  const { send, rows } = await postgres.exporting(t)
  const text = fc.oneof(
    fc.string({ unit: character, maxLength: 20 }),
    fc.string({ maxLength: 20 }),
    fc.constantFrom('\\u0000', '\\\0', '\ud800', "';--", '\\N', '\\.'),
  )
  const texts = fc.sample(text, 500)
  const kept = (text: string) => text.toWellFormed().replaceAll('\0', '\ufffd')
  const result = await send({
    signal: 'logs',
    records: texts.map((text, index) => ({ timeNs: BigInt(index) * 1000n, body: text, attributes: { text, [`k${text}`]: text } })),
  })
  assert.deepEqual(result, ok)
  const found = await rows('SELECT body, attributes FROM logs ORDER BY time')
  assert.deepEqual(
    found,
    texts.map(kept).map((text) => ({ body: text, attributes: { text, [`k${text}`]: text } })),
  )
})

test('names are only ever names, also where backslashes in literals would be escapes', async (t) => {
  const { send, sql, rows } = await postgres.exporting(t)
  await sql('ALTER DATABASE CURRENT SET standard_conforming_strings = off'.replace('CURRENT', (await sql('SELECT current_database()'))[0]!))
  for (const name of ["\\'; DROP TABLE other; --", "it's", 'a"b', 'a\\']) {
    const hostile = { name, columns: [{ name, type: 'string' }] } as const
    for (let times = 0; times < 2; times++) assert.deepEqual(await send({ signal: 'rows', table: hostile, rows: [[name]] }, name), ok)
    const quoted = `"${name.replaceAll('"', '""')}"`
    assert.deepEqual(await rows(`SELECT * FROM ${quoted}`), [{ [name]: name }])
  }
})

test('with TimescaleDB, tables of points are made hypertables', async (t) => {
  const { send, sql } = await postgres.exporting(t, { columnMapping: { load: 'load' }, tableName: 'wide' })
  // As far as the exporter can see, it is there.
  await sql(`INSERT INTO pg_extension VALUES (99999, 'timescaledb', 10, 2200, false, '2.17', NULL, NULL);
    CREATE TABLE made (name text, time name);
    CREATE FUNCTION create_hypertable(regclass, name) RETURNS void LANGUAGE sql AS 'INSERT INTO made VALUES ($1, $2)'`)
  for (let times = 0; times < 2; times++) assert.deepEqual(await send(metrics([point('load', 1, 1)])), ok)
  assert.deepEqual(await sql('SELECT * FROM made'), ['wide\ttimestamp'])
})
