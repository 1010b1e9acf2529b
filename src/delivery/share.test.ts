import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Receipt } from '../core/receipt.ts'
import { ok, partial, type Rejection, reject, retry } from '../core/result.ts'
import { branchContext, narrowed, rejections, retryAll, type Share, stillOwed, unasked } from './share.ts'

const no = new Error('no')
const other = new Error('other')
const rejecting = (...rejected: Rejection[]): Share => ({ owed: [], rejected, result: partial(rejected) })
const answering = (result: Share['result'], owed?: readonly number[]): Share => ({ owed, rejected: [], result })
const at = (index: number, error = no) => ({ index, error })

test('what is still owed is told in order, each record once, and all as undefined', () => {
  assert.deepEqual(stillOwed([unasked([10, 2]), unasked([1, 2])], 20), [1, 2, 10])
  assert.equal(stillOwed([unasked([1]), unasked([0])], 2), undefined)
  assert.equal(stillOwed([unasked([1]), unasked()], 2), undefined)
})

test('a record is rejected when more branches than can be spared rejected it, with the first error', () => {
  const shares = [rejecting(at(0), at(1)), rejecting(at(1, other), at(2))]
  assert.deepEqual(rejections(shares, 3), [at(0), at(1), at(2)])
  assert.deepEqual(rejections(shares, 3, { spare: 1 }), [at(1)])
  assert.deepEqual(rejections(shares, 3, { owed: [1] }), [at(0), at(2)])
})

test('numbers without indexes never tell more records than there are', () => {
  const shares = [rejecting({ count: 3, error: no }), rejecting({ count: 3, error: other }, at(0)), rejecting({ count: 1, error: no })]
  assert.deepEqual(rejections(shares, 6, { owed: [5] }), [at(0), { count: 3, error: no }, { count: 1, error: other }])
})

test('retry waits for the longest, and is about destinations when all that may still take it are', () => {
  const busy = retry(no, { afterMs: 5000, scope: 'destination' })
  const gone: Share = { owed: [], rejected: [at(0)], result: reject(other) }
  const both = retry(new Error('a: no; b: other'), { afterMs: 5000, scope: 'destination' })
  assert.deepEqual(
    retryAll([
      ['a', answering(busy)],
      ['b', gone],
    ]),
    both,
  )
  for (const result of [retry(other), partial([], [0])]) {
    const told = retryAll([
      ['a', answering(busy)],
      ['b', answering(result)],
    ])
    assert.deepEqual(told.status === 'retry' && [told.afterMs, told.scope], [5000, undefined])
  }
})

test('in data that comes back smaller, shares keep what is left in its own indexes', () => {
  const shares = [answering(retry(no), [2, 5]), rejecting(at(1), at(5)), rejecting(at(1)), unasked([])]
  assert.deepEqual(narrowed(shares, [2, 5]), [
    { owed: [0, 1], rejected: [], result: ok },
    { owed: [], rejected: [at(1)], result: partial([at(1)]) },
    { owed: [], rejected: [], result: ok },
    unasked([]),
  ])
})

test('a branch has a receipt and a delivery id of its own', () => {
  const context = createContext({ receipt: new Receipt(), delivery: { id: 'x', attempt: 2, firstAcceptedMs: 3 } })
  const branch = branchContext(context, 'High latency')
  assert.notEqual(branch.receipt, context.receipt)
  assert.deepEqual(branch.delivery, { id: 'x/High%20latency', attempt: 2, firstAcceptedMs: 3 })
  assert.equal(branchContext(createContext(), 'a').delivery, undefined)
})
