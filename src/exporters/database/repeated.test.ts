import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, metrics, series } from '../../sdk.ts'
import { exporterTo, rowsOf } from './database.fixture.ts'

const point = (core: number, timeMs: number, value: number) => ({ series: series('load', { core: String(core) }), timeMs, value })
const alert = { id: 'a', name: 'Full', severity: 'major', status: 'firing', startsAtMs: 0, labels: {} } as const
const span = { traceId: 'a', spanId: 'b', name: 'c', startTimeNs: 0n, endTimeNs: 1n }

const identified: Readonly<Record<string, Batch>> = {
  metrics: metrics([point(0, 0, 1), point(1, 0, 2), point(0, 1, 3)]),
  spans: { signal: 'traces', spans: [span, { ...span, spanId: 'd' }, { ...span, traceId: 'e' }] },
  alerts: { signal: 'alerts', alerts: [alert, { ...alert, status: 'resolved', endsAtMs: 1 }, { ...alert, startsAtMs: 2 }] },
}
for (const [table, batch] of Object.entries(identified))
  test(`${table}: a batch sent again, also after a restart, is no second row`, async (t) => {
    const first = await exporterTo(t)
    for (let times = 0; times < 2; times++) assert.deepEqual(await first.send(batch), { status: 'ok' })
    await first.exporter.stop()
    const second = await exporterTo(t, {}, first.path)
    assert.deepEqual(await second.send(batch), { status: 'ok' })
    assert.equal(rowsOf(first.path, `SELECT * FROM ${table}`).length, 3)
  })

test('logs and rows have no identity: sent again they are there again', async (t) => {
  const { path, send } = await exporterTo(t)
  for (let times = 0; times < 2; times++) {
    await send({ signal: 'logs', records: [{ timeNs: 0n, body: 'a' }] })
    await send({ signal: 'rows', table: { name: 'costs', columns: [{ name: 'pod', type: 'string' }] }, rows: [['a']] })
  }
  assert.deepEqual(rowsOf(path, 'SELECT (SELECT count(*) FROM logs) AS logs, (SELECT count(*) FROM costs) AS costs'), [
    { logs: 2, costs: 2 },
  ])
})

test('whatever order batches come in, the table has the last value of each series at each time', async (t) => {
  const { path, send } = await exporterTo(t)
  const batches = fc.array(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.integer()), { maxLength: 8 }), { maxLength: 5 })
  let round = 0
  await fc.assert(
    fc.asyncProperty(batches, async (batches) => {
      const name = `load ${++round}`
      const expected = new Map<string, number>()
      for (const batch of batches) {
        for (const [core, timeMs, value] of batch) expected.set(`${core} 1970-01-01T00:00:00.00${timeMs}000Z`, value)
        const points = batch.map(([core, timeMs, value]) => ({ series: series(name, { core: `${core}` }), timeMs, value }))
        assert.deepEqual(await send(metrics(points)), { status: 'ok' })
      }
      // Before the first batch there is no view.
      const found =
        expected.size > 0 ? rowsOf(path, `SELECT labels ->> 'core' AS core, time, value FROM metrics WHERE name = '${name}'`) : []
      assert.deepEqual(new Map(found.map(({ core, time, value }) => [`${core} ${time}`, value])), expected)
      assert.equal(found.length, expected.size)
    }),
    { numRuns: 50 },
  )
})
