import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext, type MetricsBatch, metrics } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import { pointsOf } from './metric-data.ts'
import { plainNames } from './plain-names.ts'

test('004-22 what goes to Kafka has the names and labels that its readers know', async () => {
  const processor = plainNames.create({ name: 'x', config: undefined as never, host: createTestHost() })
  const labels = { resource_type: 'disk', resource_id: 'disk_1', unit: 'IOPS' }
  const points = pointsOf(
    { name: 'iops', labels, values: { 60000: 1, 120000: 2 } },
    { storage_id: 'a', storage_name: 'n', serial_number: 's' },
  )
  const named = (await processor.process(metrics(points), createContext())) as MetricsBatch
  assert.deepEqual(
    named.points.map(({ series: { name }, timeMs, value }) => [name, timeMs, value]),
    [
      ['iops', 60000, 1],
      ['iops', 120000, 2],
    ],
  )
  assert.deepEqual(Object.fromEntries(named.points[0]!.series.labels), {
    ...labels,
    type: 'RAW',
    storage_id: 'a',
    storage_name: 'n',
    serial_number: 's',
    name: 'n',
  })
})
