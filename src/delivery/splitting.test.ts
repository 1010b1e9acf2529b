import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { type ExportResult, ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { numbers, scripted } from './scripted.fixture.ts'
import { SplittingExporter } from './splitting.ts'

const at = new Date(0)
const error = new Error('too large')

test('halves go until they fit, in order', async () => {
  const { exporter, seen } = scripted(...Array(20).fill((data: readonly number[]) => (data.length > 2 ? tooLarge(error) : ok)))
  const result = await new SplittingExporter(exporter, { records: numbers }).export(at, [1, 2, 3, 4, 5], createContext())
  assert.deepEqual(result, ok)
  assert.deepEqual(
    seen.filter((data) => data.length <= 2),
    [[1, 2], [3], [4, 5]],
  )
})

test('a single record that is too large is rejected, the others are delivered', async () => {
  const { exporter } = scripted(...Array(20).fill((data: readonly number[]) => (data.includes(3) ? tooLarge(error) : ok)))
  const result = await new SplittingExporter(exporter, { records: numbers }).export(at, [1, 2, 3, 4], createContext())
  assert.deepEqual(result, partial([{ index: 2, error }]))
})

test('whatever the pieces are answered, each record has the outcome of its own piece', async () => {
  const outcome = (record: number): 'ok' | 'retry' | 'reject' => (['ok', 'retry', 'reject'] as const)[record % 3]!
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(100), { minLength: 2, maxLength: 40 }), async (data) => {
      const answer = (part: readonly number[]): ExportResult => {
        if (part.length > 1) return tooLarge(error)
        const it = outcome(part[0]!)
        return it === 'ok' ? ok : it === 'retry' ? retry(error) : reject(error)
      }
      const { exporter } = scripted(...Array(200).fill(answer))
      const result = await new SplittingExporter(exporter, { records: numbers }).export(at, data, createContext())
      const rejected = result.status === 'partial' ? result.rejected.map((r) => ('index' in r ? r.index : -1)) : []
      const again = result.status === 'partial' ? result.retry : []
      for (const [index, record] of data.entries()) {
        assert.equal(rejected.includes(index) ? 'reject' : again.includes(index) ? 'retry' : 'ok', outcome(record))
      }
    }),
  )
})
