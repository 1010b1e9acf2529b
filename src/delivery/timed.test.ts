import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Receipt } from '../core/receipt.ts'
import { ok, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { type Answer, scripted } from './scripted.fixture.ts'
import { TimedExporter } from './timed.ts'

const at = new Date(0)

function setUp(answer: Answer) {
  const clock = new ManualClock()
  const destination = scripted(answer)
  const receipt = new Receipt()
  const caller = new AbortController()
  const context = createContext({ clock, receipt, signal: caller.signal })
  const timed = new TimedExporter(destination.exporter, { timeout: '30s' })
  return { clock, destination, receipt, caller, answered: () => timed.export(at, [1], context) }
}

test('an answer in time is passed on, with what was written on the receipt, and leaves no timer', async () => {
  const { clock, receipt, caller, destination, answered } = setUp((_data, context) => {
    context.receipt!.divert('other', 1)
    return ok
  })
  assert.deepEqual(await answered(), ok)
  assert.equal(receipt.diverted.get('other'), 1)
  assert.equal(clock.sleeping, 0)
  caller.abort()
  assert.equal(destination.contexts[0]!.signal.aborted, false, 'the call is over')
})

test('without an answer in time it answers retry at that moment, aborts the call and leaves no timer', async () => {
  const { clock, destination, answered } = setUp(() => new Promise(() => {}))
  let doneMs = 0
  const result = answered().finally(() => (doneMs = clock.now()))
  await clock.advance(60_000)
  assert.deepEqual(await result, retry(new Error('scripted did not answer within 30s')))
  assert.equal(doneMs, 30_000)
  assert.equal(destination.contexts[0]!.signal.aborted, true)
  assert.equal(clock.sleeping, 0)
})

test('what comes late is ignored: the answer, a throw, and what is written on the receipt', async () => {
  for (const late of [() => ok, () => Promise.reject(new Error('late'))]) {
    const { clock, receipt, answered } = setUp(async (_data, context) => {
      await clock.sleep(31_000)
      context.receipt!.divert('other', 1)
      return late()
    })
    const result = answered()
    await clock.advance(60_000)
    assert.equal((await result).status, 'retry')
    assert.equal(receipt.diverted.size, 0)
  }
})

test('a caller that no longer waits aborts the call, whose answer counts', async () => {
  const gone = new Error('gone')
  const { clock, caller, answered } = setUp(
    (_data, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(reject(signal.reason)))),
  )
  const result = answered()
  caller.abort(gone)
  assert.deepEqual(await result, reject(gone))
  assert.equal(clock.sleeping, 0)
})

test('a call that the caller has aborted before it began is told so', async () => {
  const { caller, answered, destination } = setUp(ok)
  caller.abort()
  await answered()
  assert.equal(destination.contexts[0]!.signal.aborted, true)
})
