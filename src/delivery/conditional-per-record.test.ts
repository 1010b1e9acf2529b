import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import { type LogFields, silent } from '../core/log.ts'
import { type ExportResult, partial, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { ConditionalExporter } from './conditional.ts'
import { MultiExporter } from './multi.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const no = new Error('no')

/** Branches that take the multiples of some numbers, each with its answers. */
function setUp(branches: readonly (readonly [multiplesOf: number, ...Answer[]])[]) {
  const made = branches.map(([of, ...answers]) => ({
    condition: ([record]: readonly number[]) => record! % of === 0,
    description: `×${of}`,
    ...scripted(...answers),
  }))
  const conditional = new ConditionalExporter(made, { records: numbers, perRecord: true })
  return { conditional, seen: () => made.map(({ seen }) => seen) }
}

test('003-26 per record each branch receives the records that match it, the unmatched are counted', async () => {
  const { conditional, seen } = setUp([[2], [3]])
  assert.equal((await conditional.export(at, [1, 2, 3, 4, 5, 6], createContext())).status, 'ok')
  assert.deepEqual(seen(), [[[2, 4, 6]], [[3, 6]]])
  assert.deepEqual(conditional.stats(), {
    unmatched: 2,
    branches: { '×2': { matched: 3, conditionErrors: 0 }, '×3': { matched: 2, conditionErrors: 0 } },
  })
})

test('003-26 per record results are told in the indexes of the whole', async () => {
  const { conditional } = setUp([
    [2, partial([{ index: 0, error: no }], [1])],
    [5, retry(no)],
    [3, partial([{ count: 1, error: no }])],
  ])
  const { children, ...result } = await conditional.export(at, [2, 3, 4, 5], createContext())
  assert.deepEqual(
    result,
    partial(
      [
        { index: 0, error: no },
        { count: 1, error: no },
      ],
      [2, 3],
    ),
  )
  assert.deepEqual(children!['×2'], partial([{ index: 0, error: no }], [2]))
})

test('003-26 per record a condition that throws for some records is logged once for the batch', async () => {
  const warnings: (LogFields | undefined)[] = []
  const condition = ([record]: readonly number[]) => {
    if (record! % 2) throw no
    return true
  }
  const { exporter, seen } = scripted()
  const conditional = new ConditionalExporter([{ condition, exporter }], { records: numbers, perRecord: true })
  await conditional.export(at, [1, 2, 3, 4], createContext({ log: { ...silent, warn: (_message, fields) => warnings.push(fields) } }))
  assert.deepEqual(seen, [[2, 4]])
  assert.equal(warnings.length, 1)
  assert.equal(conditional.stats().branches.scripted!.conditionErrors, 2)
})

test('an exporter in two branches does not take their parts of one delivery for tries of the same', async () => {
  const [a, b] = [scripted(retry(no), retry(no)), scripted()]
  const shared = new MultiExporter([a.exporter, b.exporter], { records: numbers, minSuccessCount: 2 })
  const odd = ([record]: readonly number[]) => record! % 2 === 1
  const conditional = new ConditionalExporter(
    [
      { condition: odd, exporter: shared },
      { condition: (record) => !odd(record), exporter: shared },
    ],
    { records: numbers, perRecord: true },
  )
  const context = createContext({ delivery: { id: 'x', attempt: 1, firstAcceptedMs: 0 } })
  for (const status of ['retry', 'ok']) assert.equal((await conditional.export(at, [1, 2], context)).status, status)
  assert.deepEqual(a.seen, [[1], [2], [1], [2]])
  assert.deepEqual(b.seen, [[1], [2]])
})

test('003-26 whatever the branches answer, under a buffer each takes every record that matches once, and no other', async () => {
  const outcome = fc.constantFrom('ok', 'retry', 'reject')
  const branch = fc.record({
    of: fc.constantFrom(1, 2, 3),
    plan: fc.array(fc.array(outcome, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(branch, { minLength: 1, maxLength: 4 }), fc.boolean(), async (branches, perRecord) => {
      const data = [1, 2, 3, 4, 5, 6, 7]
      const settled = branches.map(() => [] as number[])
      const rejected = new Set<number>()
      const made = branches.map(({ of, plan }, index) => {
        const answer = (part: readonly number[]): ExportResult => {
          const outcomes = plan.shift() ?? ['ok']
          const indexes = (outcome: string) => [...part.keys()].filter((at) => outcomes[part[at]! % outcomes.length] === outcome)
          settled[index]!.push(...part.filter((_, at) => !indexes('retry').includes(at)))
          for (const at of indexes('reject')) rejected.add(part[at]!)
          return partial(
            indexes('reject').map((index) => ({ index, error: no })),
            indexes('retry'),
          )
        }
        const condition = (part: readonly number[]) => part.some((record) => record % of === 0)
        return { condition, exporter: scripted(...Array<Answer>(20).fill(answer)).exporter }
      })
      const clock = new ManualClock()
      const letters = scripted()
      const conditional = new ConditionalExporter(made, { records: numbers, perRecord })
      const buffer = new BufferedExporter(conditional, { records: numbers, pace: () => 1, deadLetter: letters.exporter })
      await buffer.export(at, data, createContext({ clock }))
      await clock.advance(20)
      assert.equal(buffer.pending(), 0)
      for (const [index, { of }] of branches.entries())
        assert.deepEqual(settled[index]!.toSorted(), perRecord ? data.filter((record) => record % of === 0) : data)
      assert.deepEqual(letters.seen.flat().toSorted(), [...rejected].sort())
    }),
    { numRuns: 1000 },
  )
})
