import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import type { Exporter } from '../core/exporter.ts'
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

test('a destination that is away for the first half is asked no more, and heard', async () => {
  const away = retry(error, { afterMs: 5000, scope: 'destination' })
  const { exporter, seen } = scripted(tooLarge(error), away, ok)
  assert.deepEqual(await new SplittingExporter(exporter, { records: numbers }).export(at, [1, 2, 3, 4], createContext()), away)
  assert.deepEqual(seen, [
    [1, 2, 3, 4],
    [1, 2],
  ])
})

test('a destination that drops what comes again by id and content drops no record that is only the same as another', async () => {
  const plan = fc.record({
    data: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: 1, maxLength: 12 }),
    most: fc.integer({ min: 1, max: 3 }),
  })
  const fates = fc.infiniteStream(fc.constantFrom('taken', 'taken', 'answer lost', 'not reached'))
  await fc.assert(
    fc.asyncProperty(plan, fates, async ({ data, most }, fates) => {
      const stored = new Map<string, readonly number[]>()
      const destination: Exporter<Date, readonly number[]> = {
        name: 'destination',
        export: async (_time, part, { delivery }) => {
          if (part.length > most) return tooLarge(error)
          const fate = fates.next().value
          if (fate !== 'not reached') stored.set(`${delivery!.id} ${part}`, part)
          return fate === 'taken' ? ok : retry(error)
        },
      }
      const splitting = new SplittingExporter(destination, { records: numbers })
      let left: readonly number[] = data
      for (let attempt = 1; left.length > 0; attempt++) {
        const context = createContext({ delivery: { id: 'one', attempt, firstAcceptedMs: 0 } })
        const result = await splitting.export(at, left, context)
        if (result.status === 'partial') left = result.retry.map((index) => left[index]!)
        else if (result.status === 'ok') left = []
      }
      for (const value of [0, 1]) {
        const count = (of: readonly number[]) => of.filter((it) => it === value).length
        assert.ok(count([...stored.values()].flat()) >= count(data))
      }
    }),
    { numRuns: 1000 },
  )
})

test('whatever the pieces are answered, each record has the outcome of its own piece; none is sent after one that is to be tried again', async () => {
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
      const again = result.status === 'partial' ? result.retry : result.status === 'retry' ? [...data.keys()] : []
      const first = data.findIndex((record) => outcome(record) === 'retry')
      const waiting = first < 0 ? data.length : first
      for (const [index, record] of data.entries()) {
        const expected = index > waiting ? 'retry' : outcome(record)
        assert.equal(rejected.includes(index) ? 'reject' : again.includes(index) ? 'retry' : 'ok', expected)
      }
    }),
  )
})
