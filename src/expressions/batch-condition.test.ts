import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Batch, metrics } from '../core/batch.ts'
import { series } from '../core/series.ts'
import { batchCondition } from './batch-condition.ts'

const batch = metrics(
  [0.2, 0.6, 0.4].map((value, core) => ({ series: series('system.cpu.utilization', { core: String(core) }), timeMs: 0, value })),
)

test('the figures of each metric by name', () => {
  for (const [text, expected] of [
    ['metrics["system.cpu.utilization"].max > 0.5', true],
    ['metrics["system.cpu.utilization"].min < 0.3 && metrics["system.cpu.utilization"].last == 0.4', true],
    ['metrics["system.cpu.utilization"].avg > 0.5', false],
    ['"other" in metrics && metrics["other"].max > 1', false],
    ['signal == "metrics" && count == 3', true],
    ['"2" in labels["core"]', true],
    ['true', true],
  ] as const) {
    assert.equal(batchCondition(text)(batch), expected, text)
  }
})

test('alerts by their severities, rows by their table', () => {
  const alerts: Batch = {
    signal: 'alerts',
    alerts: [{ id: '1', name: 'a', severity: 'critical', status: 'firing', startsAtMs: 0, labels: {} }],
  }
  assert.equal(batchCondition('"critical" in severities')(alerts), true)
  assert.equal(batchCondition('table == "costs"')({ signal: 'rows', table: { name: 'costs', columns: [] }, rows: [] }), true)
})

test('a metric that is not there throws, for whoever asks to say so', () => {
  assert.throws(() => batchCondition('metrics["nope"].max > 1')(batch), /nope/)
})

test('what is no condition is refused when it is made, with what may be used', () => {
  for (const text of ['metrics[', 'metric["x"].max > 1', 'count + 1', '"text"', 'process.exit(1)']) {
    assert.throws(() => batchCondition(text), { code: 'INVALID_EXPRESSION' }, text)
  }
  assert.throws(() => batchCondition('metric == 1'), { hint: /signal, count, metrics/ })
})
