import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { WaybillError } from '../core/errors.ts'
import { type ExportResult, ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BreakingExporter, type BreakingOptions } from './breaking.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

function setUp(answers: Answer[] = [], options: BreakingOptions<readonly number[]> = {}) {
  const clock = new ManualClock()
  const destination = scripted(...answers)
  const breaker = new BreakingExporter(destination.exporter, { records: numbers, ...options })
  const send = (signal = new AbortController().signal) => breaker.export(at, [1, 2, 3], createContext({ clock, signal }))
  const sendAll = async (count: number) => {
    for (let i = 0; i < count; i++) await send()
  }
  return { clock, breaker, send, sendAll, destination }
}

const codeOf = (result: ExportResult) => result.status === 'retry' && (result.error as WaybillError).code

/** An answer that is given later. */
function later() {
  const { promise, resolve } = Promise.withResolvers<ExportResult>()
  return { answer: () => promise, resolve }
}

test('F14 003-39 closed, it opens after 5 failures in a row; a success in between begins the count anew', async () => {
  const { breaker, sendAll } = setUp([...Array(4).fill(retry(down)), ok, ...Array(5).fill(retry(down))])
  await sendAll(9)
  assert.equal(breaker.state, 'closed')
  await sendAll(1)
  assert.equal(breaker.state, 'open')
  assert.deepEqual(breaker.health(), { state: 'unhealthy', reason: 'the circuit breaker is open: down' })
})

test('F14 003-39 open, the destination is not called, and the answer says why and for how long', async () => {
  const { clock, send, sendAll, destination } = setUp(Array(5).fill(retry(down)))
  await sendAll(5)
  await clock.advance(20_000)
  const result = await send()
  assert.equal(destination.seen.length, 5)
  assert.ok(result.status === 'retry')
  assert.equal(codeOf(result), 'CIRCUIT_OPEN')
  assert.equal(result.error.message, 'the circuit breaker of scripted is open for 40s more: down')
  assert.deepEqual({ scope: result.scope, afterMs: result.afterMs }, { scope: 'destination', afterMs: 40_000 })
})

test('F14 003-39 after 60 s it is half open: 3 trials at most, also at once, and when all succeed it closes', async () => {
  const { clock, breaker, send, sendAll, destination } = setUp(Array(5).fill(retry(down)))
  await sendAll(5)
  await clock.advance(59_999)
  assert.equal(breaker.state, 'open')
  await clock.advance(1)
  assert.equal(breaker.state, 'half-open')
  assert.equal(breaker.health().state, 'degraded')
  const trials = [later(), later(), later()]
  destination.answers.push(...trials.map(({ answer }) => answer))
  const sent = trials.map(() => send())
  const refused = await send()
  assert.equal(codeOf(refused), 'CIRCUIT_OPEN')
  assert.equal(destination.seen.length, 8)
  for (const { resolve } of trials) {
    assert.equal(breaker.state, 'half-open')
    resolve(ok)
    await clock.advance(0)
  }
  await Promise.all(sent)
  assert.equal(breaker.state, 'closed')
  assert.deepEqual(breaker.health(), { state: 'healthy' })
})

test('F14 003-39 any failure while half open opens it again, and the time begins anew', async () => {
  const { clock, breaker, sendAll } = setUp([...Array(5).fill(retry(down)), ok, ok, retry(down)])
  await sendAll(5)
  await clock.advance(60_000)
  await sendAll(2)
  await clock.advance(5000)
  await sendAll(1)
  assert.equal(breaker.state, 'open')
  await clock.advance(59_999)
  assert.equal(breaker.state, 'open')
  await clock.advance(1)
  assert.equal(breaker.state, 'half-open')
})

test('what is rejected, too large or partly delivered was answered: no failure', async () => {
  const answered = [reject(down), tooLarge(down), partial([], [0, 1]), partial([{ count: 2, error: down }])]
  const { breaker, sendAll } = setUp(answered.flatMap((answer) => [...Array(4).fill(retry(down)), answer]))
  await sendAll(20)
  assert.equal(breaker.state, 'closed')
})

test('a partial result of which nothing was delivered and something is to be retried is a failure, and so is a throw', async () => {
  const thrown = () => {
    throw down
  }
  const { breaker, sendAll } = setUp([partial([], [0, 1, 2]), partial([{ index: 0, error: down }], [1, 2]), thrown], {
    failureThreshold: 3,
  })
  await sendAll(3)
  assert.equal(breaker.state, 'open')
})

test('an aborted call is neither and gives its trial back', async () => {
  const { clock, breaker, send, sendAll, destination } = setUp([retry(down)], { failureThreshold: 1, halfOpenMaxCalls: 1 })
  await sendAll(1)
  await clock.advance(60_000)
  destination.answers.push(retry(down))
  await send(AbortSignal.abort())
  assert.equal(breaker.state, 'half-open')
  await sendAll(1)
  assert.equal(breaker.state, 'closed')
})

test('what a call of an earlier state comes to changes nothing', async () => {
  for (const outcome of [ok, retry(down)]) {
    const { clock, breaker, send, sendAll, destination } = setUp([], { failureThreshold: 1, halfOpenMaxCalls: 2 })
    const slow = later()
    destination.answers.push(slow.answer, retry(down))
    const sent = send()
    await sendAll(1)
    await clock.advance(60_000)
    await sendAll(1)
    slow.resolve(outcome)
    assert.equal(await sent, outcome)
    assert.equal(breaker.state, 'half-open')
    await sendAll(1)
    assert.equal(breaker.state, 'closed')
  }
})

test('options that would never open or never close it are refused', () => {
  for (const options of [{ failureThreshold: 0 }, { halfOpenMaxCalls: 0 }, { failureThreshold: 1.5 }])
    assert.throws(() => setUp([], options), { code: 'INVALID_OPTION' })
})
