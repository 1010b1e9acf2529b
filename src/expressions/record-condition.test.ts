import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resource } from '../core/attributes.ts'
import { type Batch, metrics } from '../core/batch.ts'
import { series } from '../core/series.ts'
import { recordCondition } from './record-condition.ts'

const batches: readonly [Batch, string][] = [
  [
    metrics([
      { series: series('disk.used', { device: 'sda' }, { unit: 'By', resource: resource({ 'host.name': 'h' }) }), timeMs: 0, value: 7 },
    ]),
    'name == "disk.used" && value > 5.0 && labels["device"] == "sda" && unit == "By" && kind == "gauge" && resource["host.name"] == "h"',
  ],
  [metrics([{ series: series('latency'), timeMs: 0, value: { count: 4, sum: 10, bounds: [1], counts: [1, 3] } }]), 'value == 2.5'],
  [
    {
      signal: 'traces',
      spans: [
        {
          traceId: 'a',
          spanId: 'b',
          name: 'GET',
          startTimeNs: 0n,
          endTimeNs: 2_500_000n,
          status: { code: 'error' },
          attributes: { route: '/' },
        },
      ],
    },
    'duration_ms > 2.0 && status == "error" && labels.route == "/"',
  ],
  [{ signal: 'logs', records: [{ timeNs: 0n, body: 'disk full', severityText: 'ERROR' }] }, 'severity == "ERROR" && body.contains("full")'],
  [
    { signal: 'alerts', alerts: [{ id: '1', name: 'down', severity: 'major', status: 'resolved', startsAtMs: 0, labels: { array: 'x' } }] },
    'severity in ["major", "critical"] && status == "resolved" && labels.array == "x"',
  ],
  [
    { signal: 'rows', table: { name: 'costs', columns: [{ name: 'cost', type: 'real' }] }, rows: [[1.5]] },
    'table == "costs" && row.cost > 1.0',
  ],
]

test('every signal has what its records have', () => {
  for (const [batch, text] of batches) assert.equal(recordCondition(text)(batch, 0), true, text)
})

test('what a record does not have is empty; a label that it does not have throws unless asked for', () => {
  const [batch] = batches[0]!
  assert.equal(recordCondition('severity == "" && table == ""')(batch, 0), true)
  assert.equal(recordCondition('"host" in labels && labels.host == "x"')(batch, 0), false)
  assert.throws(() => recordCondition('labels.host == "x"')(batch, 0), /host/)
})
