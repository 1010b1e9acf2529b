import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { createContext } from '../core/context.ts'
import { ok } from '../core/result.ts'
import { series } from '../core/series.ts'
import { FilteringExporter } from './filtering.ts'
import { metricFilters } from './metric-filters.ts'

const batch = metrics(['avg_latency_ms', 'p95_latency_ms', 'error_rate'].map((name) => ({ series: series(name), timeMs: 1, value: 1 })))

/** Names of the metrics that pass these filters. */
async function passing(filters: object, data: Batch = batch) {
  const batches: Batch[] = []
  const exporter = {
    name: 'a',
    async export(_time: Date, batch: Batch) {
      batches.push(batch)
      return ok
    },
  }
  const filtering = new FilteringExporter(exporter, { ...metricFilters({ ...filters }), records: batchRecords })
  await filtering.export(new Date(Date.UTC(2026, 0, 5, 12)), data, createContext({ random: () => 0.5 }))
  return batches.flatMap((given) => (given.signal === 'metrics' ? given.points.map((point) => point.series.name) : [given.signal]))
}

test('003-66 F18 metrics are included and excluded by name, in either spelling', async () => {
  assert.deepEqual(await passing({}), ['avg_latency_ms', 'p95_latency_ms', 'error_rate'])
  assert.deepEqual(await passing({ include_metrics: ['*_latency_ms'] }), ['avg_latency_ms', 'p95_latency_ms'])
  assert.deepEqual(await passing({ includeMetrics: ['*_latency_ms'], excludeMetrics: ['p95*'] }), ['avg_latency_ms'])
  assert.deepEqual(await passing({ exclude_metrics: ['*'] }), [])
})

test('003-66 F18 a share of the exports, and hours of the day', async () => {
  assert.equal((await passing({ export_sample_rate: 0.5 })).length, 0)
  assert.equal((await passing({ export_sample_rate: 0.6 })).length, 3)
  assert.equal((await passing({ time_filter: { from: '13:00' } })).length, 0)
})

test('003-66 other signals have no such names', async () => {
  assert.deepEqual(await passing({ include_metrics: ['a'] }, { signal: 'logs', records: [{ timeNs: 1n, body: '' }] }), ['logs'])
})

test('mistakes are told at once', () => {
  for (const wrong of [{ only: [] }, { include_metrics: 'a' }, { export_sample_rate: 2 }, { time_filter: { from: 'noon' } }])
    assert.throws(() => metricFilters(wrong), { code: 'INVALID_OPTION' })
})
