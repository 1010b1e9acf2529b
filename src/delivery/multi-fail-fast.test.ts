import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, partial, retry } from '../core/result.ts'
import { multiOf } from './multi.fixture.ts'
import type { Answer } from './scripted.fixture.ts'

const down = retry(new Error('down'))
const never: Answer = () => new Promise(() => {})

test('003-25 fail_fast, sequential: the first failure ends it', async () => {
  const { calls, run } = multiOf([[], [down], []], { strategy: 'sequential', failurePolicy: 'fail_fast', minSuccessCount: 3 })
  const result = await run()
  assert.deepEqual(result, { ...retry(new Error('b: down')), children: { a: ok, b: down } })
  assert.deepEqual(calls, ['a', 'b'])
  assert.deepEqual(Object.keys((await run()).children!), ['a', 'b', 'c'])
  assert.deepEqual(calls, ['a', 'b', 'b', 'c'])
})

test('003-25 fail_fast, parallel: the first failure aborts the others and does not wait for them', async () => {
  const { clock, children, calls, run } = multiOf([[], [() => clock.sleep(5).then(() => down)], [never], []], {
    failurePolicy: 'fail_fast',
    minSuccessCount: 2,
  })
  const result = run()
  await clock.advance(5)
  assert.equal((await result).status, 'ok')
  assert.equal(children[2]!.contexts[0]!.signal.aborted, true)
  assert.deepEqual(calls, ['a', 'b', 'c', 'd'])
})

test('003-25 fail_fast: what a child took late, after it was aborted, is not sent to it again', async () => {
  const { clock, calls, run } = multiOf([[() => clock.sleep(2).then(() => ok)], [down]], { failurePolicy: 'fail_fast', minSuccessCount: 2 })
  assert.equal((await run()).status, 'retry')
  await clock.advance(2)
  assert.equal((await run()).status, 'ok')
  assert.deepEqual(calls, ['a', 'b', 'b'])
})

test('003-25 fail_fast: what a child answers later than that changes nothing in the next try', async () => {
  const { clock, run } = multiOf([[() => clock.sleep(2).then(() => down)], [down, () => clock.sleep(5).then(() => ok)]], {
    failurePolicy: 'fail_fast',
    minSuccessCount: 2,
  })
  await run()
  const second = run()
  await clock.advance(5)
  assert.equal((await second).status, 'ok')
})

test('003-25 fail_fast: when too few were asked everything is rejected', async () => {
  const { run } = multiOf([[], [partial([{ index: 0, error: new Error('no') }])], []], {
    strategy: 'sequential',
    failurePolicy: 'fail_fast',
    minSuccessCount: 3,
  })
  assert.equal((await run()).status, 'reject')
})

test('a caller that no longer waits ends it: the rest is not asked', async () => {
  const caller = new AbortController()
  const giveUp = () => {
    caller.abort()
    return down
  }
  const { calls, run } = multiOf([[giveUp], []], { strategy: 'sequential' })
  assert.equal((await run(caller.signal)).status, 'retry')
  const again = await run(caller.signal)
  assert.deepEqual(calls, ['a'])
  assert.equal(again.status === 'retry' && again.error.message, 'a: down')
  const { run: aborted } = multiOf([[]])
  assert.deepEqual(await aborted(AbortSignal.abort()), { ...retry(new Error('a was aborted before it began')), children: {} })
})
