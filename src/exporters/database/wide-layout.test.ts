import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, errorOf, metrics, type Point, Receipt, series } from '../../sdk.ts'
import { execute, exporterTo, rowsOf } from './database.fixture.ts'

const columnMapping = { timestamp: 'recorded_at', messages_per_second: 'throughput', avg_latency_ms: 'avg_latency' }
const at = (second: number) => `2026-01-01T00:00:0${second}.000000Z`
const point = (name: string, second: number, value: Point['value'], labels = {}): Point => ({
  series: series(name, labels),
  timeMs: Date.UTC(2026, 0, 1, 0, 0, second),
  value,
})

test('003-29: with a mapping, a row for each time has the mapped metrics as columns', async (t) => {
  const { path, send } = await exporterTo(t, { tableName: 'profiling_metrics', columnMapping })
  const first = [point('messages_per_second', 1, 10), point('avg_latency_ms', 1, 0.5), point('messages_per_second', 2, 20)]
  assert.deepEqual(await send(metrics(first)), { status: 'ok' })
  assert.deepEqual(await send(metrics([point('avg_latency_ms', 2, 0.7), point('messages_per_second', 3, Number.NaN)])), { status: 'ok' })
  assert.deepEqual(rowsOf(path, 'SELECT * FROM profiling_metrics ORDER BY recorded_at'), [
    { recorded_at: at(1), throughput: 10, avg_latency: 0.5 },
    { recorded_at: at(2), throughput: 20, avg_latency: 0.7 },
    { recorded_at: at(3), throughput: null, avg_latency: null },
  ])
})

test('a point that is sent again takes the place of the first, and one without a number does not empty the column', async (t) => {
  const { path, send } = await exporterTo(t, { columnMapping })
  for (const value of [1, 2, Number.NaN]) await send(metrics([point('avg_latency_ms', 1, value)]))
  assert.deepEqual(rowsOf(path, 'SELECT * FROM metrics'), [{ recorded_at: at(1), throughput: null, avg_latency: 2 }])
})

test('metrics that the mapping does not name are let go and counted as that', async (t) => {
  const { path, exporter } = await exporterTo(t, { columnMapping })
  const receipt = new Receipt()
  const points = [point('avg_latency_ms', 1, 1), point('other', 1, 1), point('another', 9, 1)]
  assert.deepEqual(await exporter.export(new Date(0), metrics(points), createContext({ receipt })), { status: 'ok' })
  assert.deepEqual([...receipt.dropped], [['unmapped', 2]])
  assert.equal(rowsOf(path, 'SELECT * FROM metrics').length, 1)
})

test('series that only a label tells apart collide, and the error says which column it lacks', async (t) => {
  const { path, send } = await exporterTo(t, { columnMapping: { load: 'load' } })
  const result = await send(metrics([point('load', 1, 1, { core: '0' }), point('load', 1, 2, { core: '1' }), point('load', 2, 3)]))
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [1],
  )
  assert.match(String(errorOf(result)), /another series of load stands at the same time in the same row; add core to label_columns/)
  assert.deepEqual(rowsOf(path, 'SELECT load FROM metrics'), [{ load: 1 }, { load: 3 }])
})

test('label columns tell the rows of one time apart', async (t) => {
  const { path, send } = await exporterTo(t, { columnMapping: { load: 'load', heat: 'heat' }, labelColumns: ['core'] })
  const points = [point('load', 1, 1, { core: '0' }), point('load', 1, 2, { core: '1' }), point('heat', 1, 60)]
  for (let times = 0; times < 2; times++) assert.deepEqual(await send(metrics(points)), { status: 'ok' })
  assert.deepEqual(rowsOf(path, 'SELECT * FROM metrics ORDER BY core'), [
    { timestamp: at(1), core: '', load: null, heat: 60 },
    { timestamp: at(1), core: '0', load: 1, heat: null },
    { timestamp: at(1), core: '1', load: 2, heat: null },
  ])
})

test('a distribution is JSON in its column; a row that the table refuses rejects every point in it', async (t) => {
  const { path, send } = await exporterTo(t, { columnMapping: { load: 'load', heat: 'heat' } })
  const summary = { count: 1, sum: 2, quantiles: [] }
  assert.deepEqual(await send(metrics([point('load', 1, summary)])), { status: 'ok' })
  assert.deepEqual(rowsOf(path, 'SELECT load FROM metrics'), [{ load: JSON.stringify(summary) }])
  execute(path, "CREATE TRIGGER cold BEFORE INSERT ON metrics WHEN new.heat > 99 BEGIN SELECT raise(ABORT, 'too hot'); END")
  const points = [point('load', 2, 1), point('load', 3, 1), point('heat', 2, 100), { ...point('heat', 4, 1), timeMs: Number.NaN }]
  const result = await send(metrics(points))
  assert.ok(result.status === 'partial')
  assert.deepEqual(result.rejected.map((rejection) => 'index' in rejection && rejection.index).toSorted(), [0, 2, 3])
  assert.equal(rowsOf(path, 'SELECT * FROM metrics').length, 2)
})
