import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Batch, createContext, type Log, metrics, type Point, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { execute, rowsOf, temporaryPath } from './database.fixture.ts'
import { DatabaseExporter, type DatabaseExporterOptions } from './database.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const now = Date.UTC(2026, 5, 10)
const week = { retention: { maxAge: '7d' } } as const

async function exporting(t: TestContext, options: DatabaseExporterOptions = week) {
  const path = await temporaryPath(t)
  const clock = new ManualClock(now)
  const warnings: string[] = []
  const log: Log = { ...createContext().log, warn: (message) => void warnings.push(message) }
  const exporter = new DatabaseExporter({ connectionString: `sqlite:${path}`, ...options })
  t.after(() => exporter.stop())
  /** Resolves when what is too old is gone as well. */
  const send = async (batch: Batch) => {
    assert.deepEqual(await exporter.export(new Date(0), batch, createContext({ clock, log })), { status: 'ok' })
    await pause(50)
  }
  return { path, clock, warnings, exporter, send }
}

const point = (timeMs: number, name = 'load'): Point => ({ series: series(name), timeMs, value: timeMs })
const times = (path: string, table = 'metrics') => rowsOf(path, `SELECT time FROM ${table} ORDER BY time`).map(({ time }) => time)

test('points older than asked for are gone, within an hour', async (t) => {
  const { path, clock, send, warnings } = await exporting(t)
  await send(metrics([point(now - 8 * dayMs), point(now - 7 * dayMs), point(now)]))
  assert.deepEqual(times(path), ['2026-06-03T00:00:00.000000Z', '2026-06-10T00:00:00.000000Z'])
  await clock.advance(hourMs - 1)
  await send(metrics([point(now + 1)]))
  assert.equal(times(path).length, 3)
  await clock.advance(1)
  await send(metrics([point(now + 2)]))
  assert.deepEqual(times(path).slice(0, 1), ['2026-06-10T00:00:00.000000Z'])
  assert.deepEqual(warnings, [])
})

test('so are spans, logs and alerts, of each the rows that are old; tables that the data names keep theirs', async (t) => {
  const { path, send } = await exporting(t)
  const [old, young] = [now - 8 * dayMs, now - dayMs]
  const ns = (ms: number) => BigInt(ms) * 1_000_000n
  await send({
    signal: 'traces',
    spans: [old, young].map((ms, n) => ({
      traceId: 'a'.repeat(32),
      spanId: String(n).repeat(16),
      name: 'x',
      kind: 'internal',
      startTimeNs: ns(ms),
      endTimeNs: ns(ms),
    })),
  })
  await send({ signal: 'logs', records: [young, old].map((ms) => ({ timeNs: ns(ms), body: 'x' })) })
  await send({
    signal: 'alerts',
    alerts: [old, young].map((startsAtMs) => ({ id: 'a', name: 'a', severity: 'major', status: 'firing', startsAtMs, labels: {} })),
  })
  await send({
    signal: 'rows',
    table: { name: 'costs', columns: [{ name: 'time', type: 'datetime' }] },
    rows: [[old]],
  } as unknown as Batch)
  assert.deepEqual(rowsOf(path, 'SELECT start_time AS t FROM spans'), [{ t: '2026-06-09T00:00:00.000000000Z' }])
  assert.deepEqual(rowsOf(path, 'SELECT time AS t FROM logs'), [{ t: '2026-06-09T00:00:00.000000000Z' }])
  assert.deepEqual(rowsOf(path, 'SELECT starts_at AS t FROM alerts'), [{ t: '2026-06-09T00:00:00.000000Z' }])
  assert.equal(rowsOf(path, 'SELECT * FROM costs').length, 1)
})

test('in a row for each time as well, by the column of the time', async (t) => {
  const { path, send } = await exporting(t, {
    ...week,
    tableName: 'wide',
    columnMapping: { timestamp: 'at', load: 'load' },
    labelColumns: ['core'],
  })
  await send(metrics([point(now - 8 * dayMs), point(now)]))
  assert.deepEqual(rowsOf(path, 'SELECT "at" FROM wide'), [{ at: '2026-06-10T00:00:00.000000Z' }])
})

test('what has piled up goes piece by piece, and the rest a second later', async (t) => {
  const { path, clock, send } = await exporting(t)
  const count = () => rowsOf(path, 'SELECT count(*) AS n FROM metrics_points')[0]!.n
  const until = async (left: number) => {
    for (let tries = 0; count() !== left; tries++) {
      assert.ok(tries < 500, `${count()} are left, not ${left}`)
      await pause(10)
    }
    await pause(50)
  }
  await send(metrics(Array.from({ length: 120_000 }, (_, n) => point(now - 9 * dayMs + n))))
  await until(20_000)
  await clock.advance(999)
  await send(metrics([point(now)]))
  assert.equal(count(), 20_001)
  await clock.advance(1)
  await send(metrics([point(now + 1)]))
  await until(2)
})

test('no time at all is refused, since everything would go', () => {
  assert.throws(() => new DatabaseExporter({ retention: { maxAge: '0s' } }), { code: 'INVALID_OPTION', message: /must be longer than 0/ })
})

test('nothing is removed without it', async (t) => {
  const { path, send } = await exporting(t, {})
  await send(metrics([point(0), point(now)]))
  assert.equal(times(path).length, 2)
})

test('a table from which nothing can be removed takes rows all the same, and the log says why it grows', async (t) => {
  const { path, send, warnings } = await exporting(t)
  await send(metrics([point(now)]))
  execute(path, `CREATE TRIGGER keep BEFORE DELETE ON metrics_points BEGIN SELECT RAISE(ABORT, 'kept'); END`)
  const other = new DatabaseExporter({ connectionString: `sqlite:${path}`, ...week })
  t.after(() => other.stop())
  const log: Log = { ...createContext().log, warn: (message) => void warnings.push(message) }
  const context = createContext({ clock: new ManualClock(now), log })
  assert.deepEqual(await other.export(new Date(0), metrics([point(now - 8 * dayMs)]), context), { status: 'ok' })
  await pause(50)
  assert.deepEqual(warnings, ['rows that are too old could not be removed'])
  assert.deepEqual(await other.export(new Date(0), metrics([point(now + 1)]), context), { status: 'ok' })
  assert.equal(times(path).length, 3)
})

test('a stop waits for what is being removed', async (t) => {
  const { path, exporter, clock } = await exporting(t)
  const points = Array.from({ length: 20_000 }, (_, n) => point(now - 9 * dayMs + n))
  await exporter.export(new Date(0), metrics(points), createContext({ clock }))
  await exporter.stop()
  const left = times(path).length
  assert.ok(left > 0 && left % 5000 === 0, `${left} are left`)
})
