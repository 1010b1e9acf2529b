import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { ok, partial, reject, rejectedCount, retry, tooLarge } from '../core/result.ts'
import { BatchingExporter } from './batching.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

function setUp(batchSize: number, ...answers: Answer[]) {
  const { exporter, seen } = scripted(...answers)
  const batching = new BatchingExporter(exporter, { batchSize, records: numbers })
  return { seen, send: (data: readonly number[]) => batching.export(at, data, createContext()) }
}

test('003-56 F3 at most so many records an export, in order', async () => {
  const { seen, send } = setUp(2)
  assert.deepEqual(await send([1, 2, 3, 4, 5]), ok)
  assert.deepEqual(seen, [[1, 2], [3, 4], [5]])
  const small = [6, 7]
  await send(small)
  assert.equal(seen[3], small)
})

test('it ends at the first batch of which something is left, and gives back what comes after', async () => {
  const first = setUp(2, retry(down, { afterMs: 7, scope: 'destination' }))
  assert.deepEqual(await first.send([1, 2, 3]), retry(down, { afterMs: 7, scope: 'destination' }))
  assert.equal(first.seen.length, 1)

  const second = setUp(2, reject(down), partial([{ index: 0, error: down }], [1]))
  const rejected = [0, 1, 2].map((index) => ({ index, error: down }))
  assert.deepEqual(await second.send([1, 2, 3, 4, 5]), partial(rejected, [3, 4]))
  assert.equal(second.seen.length, 2)

  const third = setUp(2, ok, retry(down))
  assert.deepEqual(await third.send([1, 2, 3, 4, 5]), partial([], [2, 3, 4]))
})

test('a batch that is too large goes in halves', async () => {
  const { seen, send } = setUp(2, tooLarge(down))
  assert.deepEqual(await send([1, 2, 3]), ok)
  assert.deepEqual(seen, [[1, 2], [1], [2], [3]])
})

test('data that cannot be cut goes as it is, and a size that is none is refused', async () => {
  const { exporter, seen } = scripted()
  await new BatchingExporter(exporter, { batchSize: 1 }).export(at, [1, 2], createContext())
  assert.deepEqual(seen, [[1, 2]])
  assert.throws(() => setUp(0), { code: 'INVALID_OPTION', message: /batchSize/ })
})

test('every record has one fate: delivered, rejected or given back', async () => {
  const answer = fc.constantFrom<Answer>(ok, retry(down), reject(down), (data) =>
    partial([{ index: 0, error: down }], data.length > 1 ? [1] : []),
  )
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 6 }), fc.array(answer), async (count, size, answers) => {
      const delivered = new Set<number>()
      const noted = answers.map(
        (given): Answer =>
          async (data, context) => {
            const result = typeof given === 'function' ? await given(data, context) : given
            const back = result.status === 'partial' ? [0, ...result.retry] : result.status === 'ok' ? [] : [...data.keys()]
            for (const [index, n] of data.entries()) if (!back.includes(index)) delivered.add(n)
            return result
          },
      )
      const all: Answer = (data) => {
        for (const n of data) delivered.add(n)
        return ok
      }
      const { send } = setUp(size, ...noted, ...Array.from({ length: 20 }, () => all))
      const data = Array.from({ length: count }, (_, n) => n)
      const result = await send(data)
      const lost = result.status === 'ok' ? 0 : result.status === 'partial' ? rejectedCount(result.rejected) + result.retry.length : count
      assert.equal(delivered.size + lost, count)
      if (result.status === 'partial') for (const index of result.retry) assert.ok(!delivered.has(index))
    }),
  )
})
