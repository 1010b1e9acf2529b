import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Batch, errorOf, metrics, type RowsBatch, series } from '../../sdk.ts'
import { execute, exporterTo, rowsOf } from './database.fixture.ts'

const ok = { status: 'ok' }
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

const log = { signal: 'logs', records: [{ timeNs: 0n, body: 'a' }] } as const
const costs = (...pods: string[]): RowsBatch => ({
  signal: 'rows',
  table: { name: 'costs', columns: [{ name: 'pod', type: 'string' }] },
  rows: pods.map((pod) => [pod]),
})

test('logs and rows have no identity: sent again they are there again, unless their delivery tells that they are the same', async (t) => {
  const { path, send } = await exporterTo(t)
  for (const delivery of [undefined, undefined, 'one', 'one', 'two']) {
    assert.deepEqual(await send(log, delivery), ok)
    assert.deepEqual(await send(costs('a', 'b'), delivery), ok)
    // Another part of the same delivery.
    assert.deepEqual(await send(costs('b'), delivery), ok)
  }
  assert.deepEqual(rowsOf(path, 'SELECT (SELECT count(*) FROM logs) AS logs, (SELECT count(*) FROM costs) AS costs'), [
    { logs: 4, costs: 4 * 3 },
  ])
  const batch = costs('a')
  const taken = await send({ ...batch, table: { ...batch.table, name: 'waybill_deliveries' } })
  assert.match(String(errorOf(taken)), /waybill_deliveries is for deliveries/)
})

test('what was refused of a delivery is refused when it comes again; a batch that failed is not taken for one that came', async (t) => {
  const { path, send } = await exporterTo(t)
  await send(costs('first'))
  execute(path, "CREATE TRIGGER t BEFORE INSERT ON costs WHEN new.pod = 'bad' BEGIN SELECT raise(ABORT, 'unwanted'); END")
  for (let times = 0; times < 2; times++) {
    const result = await send(costs('a', 'bad', 'b'), 'one')
    assert.ok(result.status === 'partial')
    assert.deepEqual(
      result.rejected.map((rejection) => 'index' in rejection && [rejection.index, rejection.error.message]),
      [[1, 'unwanted']],
    )
  }
  execute(path, "CREATE TRIGGER r BEFORE INSERT ON costs WHEN new.pod = 'worse' BEGIN SELECT raise(ROLLBACK, 'not now'); END")
  assert.equal((await send(costs('c', 'worse'), 'two')).status, 'retry')
  execute(path, 'DROP TRIGGER r')
  assert.deepEqual(await send(costs('c', 'worse'), 'two'), ok)
  assert.deepEqual(
    rowsOf(path, 'SELECT pod FROM costs').map(({ pod }) => pod),
    ['first', 'a', 'b', 'c', 'worse'],
  )
})

test('deliveries are remembered for a week', async (t) => {
  const { path, send } = await exporterTo(t)
  await send(log, 'old')
  execute(path, "UPDATE waybill_deliveries SET time = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-8 days')")
  await send(log, 'new')
  assert.deepEqual(rowsOf(path, 'SELECT substr(id, 1, 4) AS id FROM waybill_deliveries'), [{ id: 'new-' }])
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
