import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { silent } from '../core/log.ts'
import { ok, partial, reject, retry, tooLarge } from '../core/result.ts'
import { AccountedExporter } from './accounted.ts'
import { FallbackExporter } from './fallback.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const bad = new Error('bad record')
const down = new Error('down')

function setUp({ first, second = ok }: { first: Answer; second?: Answer }) {
  const ledger = new Ledger({ strict: true })
  const other = scripted(second)
  const exporter = { ...other.exporter, name: 'other' }
  const fallback = new AccountedExporter(exporter, { account: ledger.account('other'), records: numbers })
  const both = new FallbackExporter(scripted(first).exporter, { fallback, records: numbers })
  const accounted = new AccountedExporter(both, { account: ledger.account('out'), records: numbers })
  const send = (signals: { signal?: AbortSignal; hurry?: AbortSignal } = {}) => accounted.export(at, [10, 11, 12], createContext(signals))
  const booked = (name: string) => {
    const { delivered, diverted, refused } = ledger.account(name).figures()
    return { delivered, diverted, refused }
  }
  return { send, other, booked }
}

test('F14 003-41 what the first gives back the fallback takes, booked as diverted and named in the result', async () => {
  const { send, other, booked } = setUp({ first: retry(down) })
  assert.deepEqual(await send(), { status: 'ok', via: 'other' })
  assert.deepEqual(other.seen, [[10, 11, 12]])
  assert.deepEqual(booked('out'), { delivered: 0, diverted: { other: 3 }, refused: 0 })
  assert.deepEqual(booked('other'), { delivered: 3, diverted: {}, refused: 0 })
})

test('of a partial result only the part to be tried later is diverted; rejections stay', async () => {
  const { send, other, booked } = setUp({ first: partial([{ index: 0, error: bad }], [2]) })
  assert.deepEqual(await send(), { ...partial([{ index: 0, error: bad }]), via: 'other' })
  assert.deepEqual(other.seen, [[12]])
  assert.deepEqual(booked('out'), { delivered: 1, diverted: { other: 1 }, refused: 1 })
  assert.deepEqual(await setUp({ first: partial([], [1, 2]) }).send(), { status: 'ok', via: 'other' })
})

test('what needs no fallback never comes to it: delivered, rejected, too large, or no longer waited for', async () => {
  for (const first of [ok, reject(bad), tooLarge(bad), partial([{ index: 0, error: bad }])]) {
    const { send, other } = setUp({ first })
    assert.equal(await send(), first)
    assert.deepEqual(other.seen, [])
  }
  const { send, other } = setUp({ first: retry(down) })
  assert.deepEqual(await send({ signal: AbortSignal.abort() }), retry(down))
  assert.deepEqual(other.seen, [])
})

test('a stop that has begun still uses the fallback', async () => {
  assert.equal((await setUp({ first: retry(down) }).send({ hurry: AbortSignal.abort() })).via, 'other')
})

test('what the fallback does not take either has the result of the first', async () => {
  for (const first of [retry(down, { afterMs: 9 }), partial([{ index: 0, error: bad }], [2])])
    for (const second of [retry(bad), reject(bad), partial([{ count: 1, error: bad }])]) {
      const { send, booked } = setUp({ first, second })
      assert.equal(await send(), first)
      assert.deepEqual(booked('out').diverted, {})
    }
})

test('what the fallback takes in part is told in the indexes of the whole', async () => {
  const whole = setUp({ first: retry(down), second: partial([{ index: 0, error: bad }], [2]) })
  assert.deepEqual(await whole.send(), { ...partial([], [0, 2]), via: 'other' })
  assert.deepEqual(whole.booked('out'), { delivered: 0, diverted: { other: 1 }, refused: 2 })
  const part = setUp({ first: partial([], [1, 2]), second: partial([{ index: 0, error: bad }]) })
  assert.deepEqual(await part.send(), { ...partial([], [1]), via: 'other' })
})

test('a fallback of the fallback is the business of the fallback', async () => {
  const ledger = new Ledger({ strict: true })
  const named = (name: string, answer: Answer) => ({ ...scripted(answer).exporter, name })
  const second = new FallbackExporter(named('second', retry(down)), { fallback: named('third', ok) })
  const first = new FallbackExporter(named('first', retry(down)), { fallback: second })
  const accounted = new AccountedExporter(first, { account: ledger.account('first') })
  assert.equal((await accounted.export(at, [1], createContext())).via, 'second')
  assert.deepEqual(ledger.account('first').figures().diverted, { second: 1 })
})

test('it starts, flushes and stops both, also when one fails to', async () => {
  const calls: string[] = []
  const living = (name: string, fails = false) => {
    const note = (what: string) => async () => {
      calls.push(`${name} ${what}`)
      if (fails) throw down
    }
    return { ...scripted().exporter, name, start: note('start'), flush: note('flush'), stop: note('stop') }
  }
  const both = new FallbackExporter(living('first', true), { fallback: living('other') })
  const context = createContext()
  await assert.rejects(both.start(context), down)
  await assert.rejects(both.flush(context), down)
  await assert.rejects(both.stop(context), down)
  assert.deepEqual(calls, ['first start', 'other start', 'first flush', 'other flush', 'first stop', 'other stop'])
})

test('says once that the fallback is asked and once that it refuses, is degraded meanwhile, and says when that is over', async () => {
  const first = scripted(retry(down), retry(down), retry(down), reject(bad))
  const other = scripted(ok, retry(bad), retry(bad))
  const both = new FallbackExporter(first.exporter, { fallback: { ...other.exporter, name: 'other' }, records: numbers })
  const said: string[] = []
  const say = (message: string) => void said.push(message)
  const log = { ...silent, info: say, warn: say }
  const send = () => both.export(at, [1], createContext({ log }))
  await send()
  assert.deepEqual(both.health(), { state: 'degraded', reason: 'other is asked instead: down' })
  await send()
  await send()
  assert.deepEqual(said, ['the fallback is asked', 'the fallback did not take everything'])
  await send()
  assert.deepEqual(both.health(), { state: 'healthy' })
  assert.deepEqual(said.slice(2), ['takes everything itself again'])
})
