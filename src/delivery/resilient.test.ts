import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { WaybillError } from '../core/errors.ts'
import type { Exporter } from '../core/exporter.ts'
import { Ledger } from '../core/ledger.ts'
import { type ExportResult, ok, reject, retry, tooLarge } from '../core/result.ts'
import type { Window } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { AccountedExporter } from './accounted.ts'
import { ResilientExporter, type ResilientOptions } from './resilient.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')
const always = (answer: Answer) => Array<Answer>(1000).fill(answer)

function setUp(answers: Answer[], options: ResilientOptions<Date, readonly number[]> = {}) {
  const clock = new ManualClock()
  const destination = scripted(...answers)
  const other = scripted()
  const letters = scripted()
  const fallback = { ...other.exporter, name: 'other' }
  const deadLetter = { ...letters.exporter, name: 'letters' }
  const resilient = new ResilientExporter(destination.exporter, { fallback, deadLetter, records: numbers, ...options })
  const account = new Ledger({ strict: true }).account('out')
  const accounted = new AccountedExporter(resilient, { account, records: numbers })
  /** Exports, and lets `ms` go by until there is an answer. Waits between tries are over at once unless `random` says otherwise. */
  const send = async (ms = 0, random = 0): Promise<ExportResult> => {
    const result = accounted.export(at, [1, 2], createContext({ clock, random: () => random }))
    await clock.advance(ms)
    return result
  }
  return { clock, destination, other, letters, account, resilient, send }
}

test('F14 003-40 a failure is tried again up to 3 times, and what then works is delivered', async () => {
  const { destination, send, account } = setUp(Array(3).fill(retry(down)))
  assert.deepEqual(await send(), ok)
  assert.equal(destination.seen.length, 4)
  assert.equal(account.figures().delivered, 2)
})

test('F14 003-40 waits double from 1 s, and never exceed the cap, jittered or not', async () => {
  for (const jitter of [true, false]) {
    const { clock, destination, send } = setUp([], { retry: { maxRetries: 5, maxDelay: '5s', jitter }, circuitBreaker: false })
    const timesMs: number[] = []
    destination.answers.push(
      ...always(() => {
        timesMs.push(clock.now())
        return retry(down)
      }),
    )
    await send(60_000, 0.999)
    const factor = jitter ? 0.999 : 1
    const waits = timesMs.slice(1).map((timeMs, index) => timeMs - timesMs[index]!)
    assert.deepEqual(
      waits.map(Math.round),
      [1000, 2000, 4000, 5000, 5000].map((ms) => Math.round(ms * factor)),
    )
  }
})

test('F14 003-41 the fallback is used when the retries are spent, and the result tells so', async () => {
  const { destination, other, letters, account, send } = setUp(always(retry(down)))
  assert.deepEqual(await send(), { status: 'ok', via: 'other' })
  assert.deepEqual([destination.seen.length, other.seen.length, letters.seen.length], [4, 1, 0])
  assert.deepEqual(account.figures().diverted, { other: 2 })
})

test('F14 003-39 003-41 after 5 failures in a row the circuit is open: the base is not called, it goes straight to the fallback', async () => {
  const { clock, destination, other, send } = setUp(always(retry(down)))
  await send()
  assert.equal((await send()).via, 'other')
  assert.equal(destination.seen.length, 5)
  assert.deepEqual(await send(), { status: 'ok', via: 'other' })
  assert.deepEqual([destination.seen.length, other.seen.length], [5, 3])
  assert.equal(clock.sleeping, 0)
})

test('F14 003-39 after 60 s a trial that fails opens it again, and three that succeed close it', async () => {
  const { clock, destination, resilient, send } = setUp(Array(6).fill(retry(down)))
  await send()
  await send()
  await clock.advance(60_000)
  assert.equal((await send()).via, 'other')
  assert.equal(destination.seen.length, 6)
  await clock.advance(60_000)
  assert.equal(resilient.health().state, 'degraded')
  for (let i = 0; i < 3; i++) assert.deepEqual(await send(), ok)
  assert.deepEqual(resilient.health(), { state: 'healthy' })
})

test('F14 003-43 if the fallback fails too, the dead letters get the data with the error and the attempts; the result tells so', async () => {
  const { other, letters, account, send } = setUp(always(retry(down)))
  other.answers.push(retry(new Error('full')))
  assert.deepEqual(await send(), { ...reject(down), via: 'letters' })
  assert.deepEqual(letters.seen, [[1, 2]])
  const { exporter, reason, error, attempts } = letters.contexts[0]!.deadLetter!
  assert.deepEqual({ exporter, reason, error, attempts }, { exporter: 'scripted', reason: 'exhausted', error: down, attempts: 4 })
  assert.equal(account.figures().deadLettered, 2)
})

test('F14 003-43 a rejection goes to the dead letters alone: it is not tried again, trips nothing and is not for the fallback', async () => {
  const { destination, other, letters, send } = setUp(always(reject(down)))
  for (let i = 0; i < 10; i++) assert.deepEqual(await send(), { ...reject(down), via: 'letters' })
  assert.deepEqual([destination.seen.length, other.seen.length, letters.seen.length], [10, 0, 10])
  assert.equal(letters.contexts[0]!.deadLetter!.reason, 'rejected')
})

test('each try has its time, and a destination that never answers costs no more', async () => {
  const { clock, other, send } = setUp(
    always(() => new Promise(() => {})),
    { retry: { maxRetries: 1 }, timeout: '10s' },
  )
  const began = send(20_000)
  assert.equal((await began).via, 'other')
  assert.equal(other.seen.length, 1)
  assert.equal(clock.sleeping, 0)
})

test('what is too large goes in pieces', async () => {
  const { destination, send } = setUp([tooLarge(down)])
  assert.deepEqual(await send(), ok)
  assert.deepEqual(destination.seen, [[1, 2], [1], [2]])
})

test('what is not wanted is left out', async () => {
  const bare = { retry: false, circuitBreaker: false, timeout: false } as const
  const { clock, destination, send } = setUp(always(retry(down)), bare)
  for (let i = 0; i < 20; i++) assert.equal((await send()).via, 'other')
  assert.equal(destination.seen.length, 20)
  assert.equal(clock.sleeping, 0)
  const resilient = new ResilientExporter(scripted(retry(down), reject(down)).exporter, bare)
  assert.deepEqual(await resilient.export(at, [1], createContext()), retry(down))
  assert.deepEqual(await resilient.export(at, [1], createContext()), reject(down))
})

test('without fallback and dead letters an open circuit is told to the caller', async () => {
  const resilient = new ResilientExporter(scripted(...always(retry(down))).exporter, { retry: false })
  for (let i = 0; i < 5; i++) assert.deepEqual(await resilient.export(at, [1], createContext()), retry(down))
  const result = await resilient.export(at, [1], createContext())
  assert.equal(result.status === 'retry' && (result.error as WaybillError).code, 'CIRCUIT_OPEN')
})

test('it works for any data and for windows', async () => {
  const seen: unknown[] = []
  const base: Exporter<Window, string> = {
    name: 'texts',
    async export(window, text) {
      seen.push([window, text])
      return ok
    },
  }
  const window = { start: new Date(0), end: new Date(60_000) }
  assert.deepEqual(await new ResilientExporter(base).export(window, 'text', createContext()), ok)
  assert.deepEqual(seen, [[window, 'text']])
})

test('options that cannot be used are refused', () => {
  for (const options of [{ retry: { maxRetries: -1 } }, { unhealthyThresholdFailures: 0 }, { circuitBreaker: { halfOpenMaxCalls: 0 } }])
    assert.throws(() => setUp([], options), { code: 'INVALID_OPTION' })
  assert.throws(() => setUp([], { timeout: 'soon' }), { code: 'INVALID_DURATION' })
})
