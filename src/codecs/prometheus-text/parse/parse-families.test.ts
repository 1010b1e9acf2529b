import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseFamilies } from './parse-families.ts'

const families = (text: string, format?: 'text' | 'openmetrics') => parseFamilies(Buffer.from(text), format)

test('samples stand with what was said of their family, a histogram as its buckets', () => {
  const { families: found, skipped } = families(`# HELP h Times.
# TYPE h histogram
h_bucket{le="1"} 1
h_count 2 1700000000000
h 3
alone{a="b"} NaN
# TYPE empty gauge
`)
  assert.equal(skipped, 0)
  assert.deepEqual(found, [
    {
      name: 'h',
      type: 'histogram',
      help: 'Times.',
      unit: '',
      samples: [
        { name: 'h_bucket', labels: { le: '1' }, value: 1 },
        { name: 'h_count', labels: {}, value: 2, timeMs: 1_700_000_000_000 },
        { name: 'h', labels: {}, value: 3 },
      ],
    },
    { name: 'empty', type: 'gauge', help: '', unit: '', samples: [] },
    { name: 'alone', type: 'untyped', help: '', unit: '', samples: [{ name: 'alone', labels: { a: 'b' }, value: Number.NaN }] },
  ])
})

test('OpenMetrics: unit, exemplar, and an end', () => {
  const text = '# TYPE a_bytes counter\n# UNIT a_bytes bytes\na_bytes_total 1 2 # {k="v"} 0.5\n'
  const { families: found, problems } = families(`${text}# EOF\n`, 'openmetrics')
  assert.deepEqual(problems, [])
  assert.deepEqual(found[0]!.unit, 'bytes')
  assert.deepEqual(found[0]!.samples, [
    { name: 'a_bytes_total', labels: {}, value: 1, timeMs: 2000, exemplar: { value: 0.5, labels: { k: 'v' } } },
  ])
  assert.match(families(text, 'openmetrics').problems[0]!.message, /there is no # EOF/)
  assert.match(families(`# EOF\n${text}`, 'openmetrics').problems[0]!.message, /stands behind # EOF/)
})
