import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SeriesTable } from '../../core/index.ts'
import { Lines } from './lines.ts'

test('lines are made once, and again when most of many are no longer used', () => {
  const table = new SeriesTable()
  const lines = new Lines({ openMetrics: false, prefix: '', resourceAttributes: [] })
  const one = table.intern('a')
  const line = lines.of(one)
  lines.tidy(0)
  assert.equal(lines.of(one), line)
  for (let n = 0; n < 100_000; n++) lines.of(table.intern('b', { n: String(n) }))
  lines.tidy(60_000)
  assert.equal(lines.of(one), line)
  lines.tidy(50_000)
  assert.notEqual(lines.of(one), line)
  assert.deepEqual(lines.of(one), line)
})
