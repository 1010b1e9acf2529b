import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch } from '../core/batch.ts'
import { batchProblem } from './batch-problem.ts'

const series = { name: 'load' }
const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'work', startTimeNs: 1n, endTimeNs: 2n }
const alert = { id: '1', name: 'hot', status: 'firing', startsAtMs: 1, labels: {} }
const table = { name: 't', columns: [{ name: 'a', type: 'int' }] }

const problem = (batch: object) => batchProblem(batch as Batch)

test('003-65 F17 records as their signals demand have no problem', () => {
  const values = [1, Number.NaN, { count: 1, bounds: [], counts: [1] }, { count: 0, scale: 1 }, { count: 0, quantiles: [] }]
  for (const value of values) assert.equal(problem({ signal: 'metrics', points: [{ series, timeMs: 1, value }] }), undefined)
  assert.equal(problem({ signal: 'traces', spans: [span, span] }), undefined)
  assert.equal(problem({ signal: 'logs', records: [{ timeNs: 1n, body: '' }] }), undefined)
  assert.equal(problem({ signal: 'alerts', alerts: [alert] }), undefined)
  assert.equal(problem({ signal: 'rows', table, rows: [[1], [null]] }), undefined)
})

test('003-58 003-65 F17 the first record that is not so is told, with what it lacks', () => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ signal: 'metrics', points: undefined }, /no list/],
    [{ signal: 'metrics', points: [null] }, /record 0 .*no object/],
    [{ signal: 'metrics', points: [{ series: {}, timeMs: 1, value: 1 }] }, /no name/],
    [{ signal: 'metrics', points: [{ series, timeMs: Number.NaN, value: 1 }] }, /timeMs of load/],
    [
      {
        signal: 'metrics',
        points: [
          { series, timeMs: 1, value: 1 },
          { series, timeMs: 1, value: '1' },
        ],
      },
      /record 1 .*load is 1, not a number/,
    ],
    [{ signal: 'metrics', points: [{ series, timeMs: 1, value: {} }] }, /count of load/],
    [{ signal: 'metrics', points: [{ series, timeMs: 1, value: { count: 1, bounds: [], counts: [] } }] }, /one count more/],
    [{ signal: 'metrics', points: [{ series, timeMs: 1, value: { count: 1 } }] }, /neither/],
    [{ signal: 'traces', spans: [{ ...span, traceId: 'A'.repeat(32) }] }, /traceId/],
    [{ signal: 'traces', spans: [{ ...span, spanId: '' }] }, /spanId/],
    [{ signal: 'traces', spans: [{ ...span, name: '' }] }, /no name/],
    [{ signal: 'traces', spans: [{ ...span, endTimeNs: 2 }] }, /bigint/],
    [{ signal: 'traces', spans: [{ ...span, endTimeNs: 0n }] }, /ends before/],
    [{ signal: 'logs', records: [{ timeNs: 1, body: '' }] }, /timeNs/],
    [{ signal: 'logs', records: [{ timeNs: 1n }] }, /no body/],
    [{ signal: 'alerts', alerts: [{ ...alert, id: '' }] }, /no id/],
    [{ signal: 'alerts', alerts: [{ ...alert, status: 'on' }] }, /status is on/],
    [{ signal: 'alerts', alerts: [{ ...alert, startsAtMs: '1' }] }, /startsAtMs/],
    [{ signal: 'alerts', alerts: [{ ...alert, labels: null }] }, /no labels/],
    [{ signal: 'rows', table, rows: [[1, 2]] }, /2 cells for 1 columns/],
  ]
  for (const [batch, expected] of cases) assert.match(problem(batch) ?? 'no problem', expected)
})
