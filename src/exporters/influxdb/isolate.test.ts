import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ExportResult, ok, reject, retry, tooLarge } from '../../sdk.ts'
import { type IsolateOptions, isolate, type Written } from './isolate.ts'

const error = new Error('refused')
const indexes = (count: number) => Array.from({ length: count }, (_, index) => index)

/** A destination that refuses the records in `bad`, and tells as much of them as `tells` has it. */
function destination(bad: ReadonlySet<number>, tells: 'nothing' | 'each' | 'first' = 'nothing') {
  const requests: (readonly number[])[] = []
  const stored = new Set<number>()
  const write = async (asked: readonly number[]): Promise<Written> => {
    requests.push(asked)
    const refused = asked.filter((index) => bad.has(index))
    if (refused.length === 0 || tells !== 'nothing') for (const index of asked) if (!bad.has(index)) stored.add(index)
    if (refused.length === 0) return { result: ok }
    const told = refused.slice(0, tells === 'first' ? 1 : undefined).map((index) => ({ index, error }))
    return { result: reject(error), refused: tells === 'nothing' ? 'some' : told }
  }
  return { write, requests, stored }
}

const options = (given: Pick<IsolateOptions, 'write'> & Partial<IsolateOptions>): IsolateOptions => ({
  refused: [],
  compare: (a, b) => a - b,
  mostRequests: Number.POSITIVE_INFINITY,
  ...given,
})

const rejectedOf = (result: ExportResult) =>
  result.status === 'partial' ? result.rejected.map((r) => ('index' in r ? r.index : -1)).sort((a, b) => a - b) : []

test('whichever are refused, they are the ones that are found, and all others are stored', async () => {
  const cases = fc.integer({ min: 2, max: 60 }).chain((count) => fc.tuple(fc.constant(count), fc.uniqueArray(fc.nat(count - 1))))
  await fc.assert(
    fc.asyncProperty(cases, fc.constantFrom('nothing', 'each', 'first'), async ([count, bad], tells) => {
      const { write, stored } = destination(new Set(bad), tells)
      const result = await isolate(indexes(count), options({ write }))
      assert.equal(result.status, bad.length === 0 ? 'ok' : 'partial')
      assert.deepEqual(
        rejectedOf(result),
        bad.toSorted((a, b) => a - b),
      )
      assert.equal(stored.size, count - bad.length)
    }),
  )
})

test('one among a thousand takes about twenty requests, and two where the destination tells which', async () => {
  const blind = destination(new Set([617]))
  await isolate(indexes(1000), options({ write: blind.write }))
  assert.ok(blind.requests.length <= 21, `${blind.requests.length}`)
  const told = destination(new Set([617]), 'each')
  await isolate(indexes(1000), options({ write: told.write }))
  assert.equal(told.requests.length, 2)
})

test('those that are likely to be refused together are asked together', async () => {
  const bad = new Set(indexes(1000).filter((index) => index % 10 === 3))
  const write = async (asked: readonly number[]): Promise<Written> => {
    requests++
    if (asked.every((index) => bad.has(index))) return { result: reject(error), refused: asked.map((index) => ({ index, error })) }
    return asked.some((index) => bad.has(index)) ? { result: reject(error), refused: 'some' } : { result: ok }
  }
  let requests = 0
  const result = await isolate(indexes(1000), options({ write, compare: (a, b) => (a % 10) - (b % 10) }))
  assert.deepEqual(rejectedOf(result), [...bad])
  assert.ok(requests < 30, `${requests}`)
})

test('after the most requests the rest is to be tried again, and is less each time', async () => {
  const bad = new Set(indexes(100))
  let left = indexes(100)
  let rejected = 0
  for (let round = 0; left.length > 0; round++) {
    assert.ok(round < 30)
    const { write, requests } = destination(bad)
    const result = await isolate(left, options({ write, mostRequests: 12 }))
    assert.equal(result.status, 'partial')
    if (result.status !== 'partial') return
    assert.ok(requests.length <= 12)
    assert.equal(new Set([...rejectedOf(result), ...result.retry]).size, left.length)
    rejected += rejectedOf(result).length
    left = [...result.retry]
  }
  assert.equal(rejected, 100)
})

test('the first answer stands for all where it is not about some of them', async () => {
  for (const result of [ok, retry(error, { scope: 'destination', afterMs: 7 }), tooLarge(error), reject(error)])
    assert.equal(await isolate(indexes(3), options({ write: async () => ({ result }) })), result)
})

test('a destination that fails half way has the rest tried again', async () => {
  const { write, requests } = destination(new Set([0]))
  const failing = async (asked: readonly number[]): Promise<Written> => (requests.length < 5 ? write(asked) : { result: retry(error) })
  const result = await isolate(indexes(8), options({ write: failing }))
  assert.deepEqual(result, { status: 'partial', rejected: [{ index: 0, error }], retry: [2, 3, 4, 5, 6, 7] })
})

test('records that are refused already are told with the others, unless all are to be tried again', async () => {
  const refused = [{ index: 9, error }]
  const run = (result: ExportResult) => isolate(indexes(2), options({ refused, write: async () => ({ result }) }))
  assert.deepEqual(await isolate([], options({ refused, write: async () => assert.fail('nothing to write') })), {
    status: 'partial',
    rejected: refused,
    retry: [],
  })
  assert.deepEqual(await run(ok), { status: 'partial', rejected: refused, retry: [] })
  assert.deepEqual(rejectedOf(await run(reject(error))), [0, 1, 9])
  const later = retry(error, { scope: 'destination' })
  assert.equal(await run(later), later)
})
