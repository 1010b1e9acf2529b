import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Batch } from '../../sdk.ts'
import { character } from '../../testing/character.fixture.ts'
import { PayloadEncoder } from './payload.ts'

const plain = { compression: 'none', transform: undefined } as const
const table = {
  name: 'notes',
  columns: [
    { name: 'text', type: 'string' },
    { name: 'any', type: 'json' },
  ],
} as const

test('the array and the lines hold the same records, whatever is in them', async () => {
  const [json, jsonl] = [new PayloadEncoder({ ...plain, format: 'json' }), new PayloadEncoder({ ...plain, format: 'jsonl' })]
  const row = fc.tuple(fc.string({ unit: character }), fc.jsonValue() as fc.Arbitrary<object | string | null>)
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1 }), async (rows) => {
      const batch: Batch = { signal: 'rows', table, rows }
      const array = JSON.parse(Buffer.from((await json.encode(batch)).body).toString())
      const lines = Buffer.from((await jsonl.encode(batch)).body)
        .toString()
        .split('\n')
      assert.equal(lines.pop(), '')
      assert.deepEqual(
        array,
        lines.map((line) => JSON.parse(line)),
      )
      assert.equal(array.length, rows.length)
    }),
  )
})

test('each signal goes', async () => {
  const json = new PayloadEncoder({ ...plain, format: 'json' })
  const batches: [batch: Batch, field: string, value: unknown][] = [
    [{ signal: 'traces', spans: [{ traceId: '0a', spanId: '0b', name: 'get', startTimeNs: 1n, endTimeNs: 2n }] }, 'name', 'get'],
    [{ signal: 'logs', records: [{ timeNs: 1n, body: 'hello' }] }, 'body', 'hello'],
    [
      { signal: 'alerts', alerts: [{ id: 'a', name: 'hot', severity: 'major', status: 'firing', startsAtMs: 0, labels: {} }] },
      'name',
      'hot',
    ],
    [{ signal: 'rows', table, rows: [['x', null]] }, 'text', 'x'],
  ]
  for (const [batch, field, value] of batches) {
    const [record] = JSON.parse(Buffer.from((await json.encode(batch)).body).toString())
    assert.equal(record[field], value)
  }
})
