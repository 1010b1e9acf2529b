import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startInfluxDB } from '../src/exporters/influxdb/influxdb.fixture.ts'
import { InfluxDBExporter } from '../src/exporters/influxdb/influxdb.ts'
import {
  Account,
  BufferedExporter,
  batchRecords,
  createContext,
  type EventExporter,
  type MetricsBatch,
  MultiExporter,
  metrics,
  ok,
  type RecordType,
  series,
} from '../src/index.ts'

test('002-35 I9: an InfluxDB that hangs delays neither a sample nor another output, and misses none', async (t) => {
  const influxdb = await startInfluxDB(t)
  const unanswered: (() => void)[] = []
  let hangs = true
  influxdb.answerInstead = (_request, response) => {
    if (hangs) unanswered.push(() => response.writeHead(503).end())
    return hangs
  }
  const account = new Account('influxdb', { strict: true })
  const records = batchRecords as RecordType<MetricsBatch>
  const slow = new BufferedExporter(new InfluxDBExporter({ url: influxdb.url, database: 'a' }), { account, records, pace: () => 1 })
  const other: MetricsBatch[] = []
  const quick: EventExporter<MetricsBatch> = {
    name: 'quick',
    async export(_time, batch) {
      other.push(batch)
      return ok
    },
  }
  const both = new MultiExporter([slow, quick], { strategy: 'sequential', minSuccessCount: 2, records })

  const context = createContext()
  for (let sample = 0; sample < 20; sample++) {
    const batch = metrics([{ series: series('load'), timeMs: sample * 100, value: sample }])
    assert.equal((await both.export(new Date(sample * 100), batch, context)).status, 'ok')
    assert.equal(other.length, sample + 1)
  }
  while (unanswered.length === 0) await new Promise(setImmediate)
  assert.equal(account.figures().pending, 20)

  hangs = false
  for (const answer of unanswered) answer()
  await both.stop(context)
  assert.deepEqual([...influxdb.stored.values()], Array.from(Array(20).keys()))
  assert.equal(account.figures().delivered, 20)
})
