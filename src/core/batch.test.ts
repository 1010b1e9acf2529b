import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics, recordsOf, withRecords } from './batch.ts'
import { batchRecords } from './batch-records.ts'
import { series } from './series.ts'

const batches: Batch[] = [
  metrics([1, 2, 3].map((value) => ({ series: series('m'), timeMs: 0, value }))),
  {
    signal: 'traces',
    spans: ['a', 'b', 'c'].map((name) => ({ traceId: '0'.repeat(32), spanId: '0'.repeat(16), name, startTimeNs: 0n, endTimeNs: 1n })),
  },
  { signal: 'logs', records: ['a', 'b', 'c'].map((body) => ({ timeNs: 0n, body })) },
  {
    signal: 'alerts',
    alerts: ['a', 'b', 'c'].map((id) => ({ id, name: id, severity: 'info', status: 'firing', startsAtMs: 0, labels: {} })),
  },
  { signal: 'rows', table: { name: 't', columns: [{ name: 'x', type: 'int' }] }, rows: [[1], [2], [3]] },
]

test('every signal is counted, sliced in the order asked for, and weighed', () => {
  for (const batch of batches) {
    assert.equal(batchRecords.count(batch), 3)
    const part = batchRecords.slice(batch, [2, 0])
    assert.equal(part.signal, batch.signal)
    assert.deepEqual(recordsOf(part), [recordsOf(batch)[2], recordsOf(batch)[0]])
    assert.ok(batchRecords.bytes(batch) > batchRecords.bytes(part))
  }
})

test('a slice of rows keeps its table', () => {
  const rows = withRecords(batches[4]!, [[9]])
  assert.deepEqual(rows, { signal: 'rows', table: { name: 't', columns: [{ name: 'x', type: 'int' }] }, rows: [[9]] })
})
