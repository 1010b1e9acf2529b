import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter } from './buffered.ts'
import { MultiExporter, type MultiOptions } from './multi.ts'
import { RetryingExporter } from './retrying.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const no = new Error('no')
const down = retry(no)

function setUp(scripts: readonly (readonly Answer[])[], options: MultiOptions<readonly number[]> = {}) {
  const children = scripts.map((answers) => scripted(...answers))
  const exporters = children.map(({ exporter }, index) => ({ ...exporter, name: 'abcdef'[index]! }))
  const multi = new MultiExporter(exporters, { records: numbers, minSuccessCount: scripts.length, ...options })
  const seen = () => children.map((child) => child.seen)
  const delivery = (id: string) => createContext({ delivery: { id, attempt: 1, firstAcceptedMs: 0 } })
  return { multi, children, seen, delivery }
}

test('003-25 a child that failed is retried alone', async () => {
  const { multi, seen, delivery } = setUp([[], [down, down], [down]])
  const statuses: string[] = []
  for (let tries = 0; tries < 3; tries++) statuses.push((await multi.export(at, [1, 2], delivery('x'))).status)
  assert.deepEqual(statuses, ['retry', 'retry', 'ok'])
  assert.deepEqual(
    seen().map(({ length }) => length),
    [1, 3, 2],
  )
  await multi.export(at, [1, 2], delivery('x'))
  assert.equal(seen()[0]!.length, 2, 'a delivery that is through is forgotten')
})

test('003-25 a child that took a part is retried with the rest, and its rejections keep their indexes', async () => {
  const { multi, seen, delivery } = setUp([[partial([{ index: 0, error: no }], [1, 3]), partial([{ index: 1, error: no }])], []])
  const first = await multi.export(at, [1, 2, 3, 4], delivery('x'))
  assert.deepEqual(first.children!.a, partial([{ index: 0, error: no }], [1, 3]))
  const { children, ...second } = await multi.export(at, [1, 2, 3, 4], delivery('x'))
  assert.deepEqual(seen(), [
    [
      [1, 2, 3, 4],
      [2, 4],
    ],
    [[1, 2, 3, 4]],
  ])
  const rejected = [0, 3].map((index) => ({ index, error: no }))
  assert.deepEqual(second, partial(rejected))
  assert.deepEqual(children!.b, ok)
})

test('003-25 reject when every failure is one, retry while one is not', async () => {
  const { multi, seen, delivery } = setUp([[reject(no)], [down], [tooLarge(no)], []])
  assert.equal((await multi.export(at, [1], delivery('x'))).status, 'retry')
  const { children, ...second } = await multi.export(at, [1], delivery('x'))
  assert.deepEqual(second, reject(new Error('a: no; c: no')))
  assert.deepEqual(
    seen().map(({ length }) => length),
    [1, 2, 1, 1],
  )
  assert.deepEqual(Object.keys(children!), ['a', 'b', 'c', 'd'])
})

test('003-25 only the records that too few took are rejected', async () => {
  const refusing = (...indexes: number[]) => partial(indexes.map((index) => ({ index, error: no })))
  const { multi, delivery } = setUp([[refusing(0, 1)], [refusing(1, 2)], [refusing(1)]], { minSuccessCount: 2 })
  const { children, ...result } = await multi.export(at, [1, 2, 3], delivery('x'))
  assert.deepEqual(result, refusing(1))
})

test('003-25 a number of rejections without indexes is passed on where every child is needed, else it stands for all records', async () => {
  const unidentified = partial([{ count: 1, error: no }])
  const all = setUp([[unidentified], []])
  const { children, ...passedOn } = await all.multi.export(at, [1, 2], all.delivery('x'))
  assert.deepEqual(passedOn, unidentified)
  const most = setUp([[unidentified], [unidentified], []], { minSuccessCount: 2 })
  assert.equal((await most.multi.export(at, [1, 2], most.delivery('x'))).status, 'reject')
})

test('waits as long as the children asked, and is about destinations when all failures are', async () => {
  const busy = (afterMs: number): ExportResult => retry(no, { afterMs, scope: 'destination' })
  const { multi } = setUp([[busy(1000), busy(0)], [busy(5000)], []])
  const { children, ...both } = await multi.export(at, [1], createContext())
  assert.deepEqual(both, retry(new Error('a: no; b: no'), { afterMs: 5000, scope: 'destination' }))
})

test('003-25 under a buffer, and under retrying without one, nobody gets a batch twice', async () => {
  const script = () => setUp([[], [down, down, down], []])
  const clock = new ManualClock()
  const buffered = script()
  const buffer = new BufferedExporter(buffered.multi, { records: numbers, pace: () => 1000 })
  await buffer.export(at, [1, 2], createContext({ clock }))
  await clock.advance(3000)

  const retried = script()
  const retrying = new RetryingExporter(retried.multi, { schedule: () => 1000, records: numbers })
  const result = retrying.export(at, [1, 2], createContext({ clock }))
  await clock.advance(3000)
  assert.equal((await result).status, 'ok')

  for (const { seen } of [buffered, retried])
    assert.deepEqual(
      seen().map(({ length }) => length),
      [1, 4, 1],
    )
})

test('each child has a delivery id of its own, the same on every try', async () => {
  const { multi, children, delivery } = setUp([[down], []])
  await multi.export(at, [1], delivery('x'))
  await multi.export(at, [1], delivery('x'))
  const ids = children.map(({ contexts }) => contexts.map((context) => context.delivery!.id))
  assert.deepEqual(ids, [['x/a', 'x/a'], ['x/b']])
})

test('003-25 whatever the children answer, in any strategy, each takes every record once and none that it rejected', async () => {
  const outcome = fc.constantFrom('ok', 'retry', 'reject')
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('parallel', 'sequential'),
      fc.constantFrom('continue', 'fail_fast'),
      fc.array(fc.array(fc.array(outcome, { minLength: 1, maxLength: 5 }), { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      async (strategy, failurePolicy, plans) => {
        const settled = plans.map(() => new Map<number, string>())
        const child = (index: number): EventExporter<readonly number[]> => ({
          name: `${index}`,
          async export(_time, data) {
            const plan = plans[index]!.shift() ?? ['ok']
            const of = (record: number) => plan[record % plan.length]!
            for (const record of data) {
              assert.ok(!settled[index]!.has(record), 'given again')
              if (of(record) !== 'retry') settled[index]!.set(record, of(record))
            }
            const indexes = (outcome: string) => [...data.keys()].filter((at) => of(data[at]!) === outcome)
            return partial(
              indexes('reject').map((index) => ({ index, error: no })),
              indexes('retry'),
            )
          },
        })
        const minSuccessCount = plans.length
        const multi = new MultiExporter(
          plans.map((_, index) => child(index)),
          { records: numbers, strategy, failurePolicy, minSuccessCount, exportTimeout: false },
        )
        const data = [0, 1, 2, 3, 4, 5]
        const context = createContext({ delivery: { id: 'x', attempt: 1, firstAcceptedMs: 0 } })
        let result = await multi.export(at, data, context)
        for (let tries = 0; result.status === 'retry'; tries++) {
          assert.ok(tries < 20, 'does not end')
          result = await multi.export(at, data, context)
        }
        const rejectedBySome = data.filter((record) => settled.some((child) => child.get(record) === 'reject'))
        const told =
          result.status === 'reject' ? data : result.status === 'partial' ? result.rejected.map((r) => ('index' in r ? r.index : -1)) : []
        if (failurePolicy === 'continue') {
          for (const child of settled) assert.equal(child.size, data.length, 'something was never given')
          assert.deepEqual(told.toSorted(), rejectedBySome)
        }
        assert.equal(result.status === 'ok', rejectedBySome.length === 0)
      },
    ),
    { numRuns: 1000 },
  )
})
