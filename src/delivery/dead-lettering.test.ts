import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { partial, reject, retry, tooLarge } from '../core/result.ts'
import { atMost, exponential } from '../core/schedule.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { AccountedExporter } from './accounted.ts'
import { DeadLetteringExporter } from './dead-lettering.ts'
import { RetryingExporter } from './retrying.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const bad = new Error('bad record')
const down = new Error('down')
const full = retry(new Error('disk full'))

function setUp(answer: Answer, ...refusals: Answer[]) {
  const account = new Ledger({ strict: true }).account('out')
  const deadLetter = scripted(...refusals)
  const destination = scripted(answer)
  const exporter = new DeadLetteringExporter(destination.exporter, {
    deadLetter: { ...deadLetter.exporter, name: 'letters' },
    records: numbers,
  })
  const accounted = new AccountedExporter(exporter, { account, records: numbers })
  const send = (signal = new AbortController().signal) =>
    accounted.export(at, [10, 11, 12, 13], createContext({ clock: new ManualClock(5000), signal }))
  const figures = () => {
    const { delivered, deadLettered, refused } = account.figures()
    return { delivered, deadLettered, refused }
  }
  return { send, letters: deadLetter, figures }
}

test('F14 003-43 what is still not taken after all tries is a dead letter with its error, its attempts and when it came; the result says where', async () => {
  for (const answer of [retry(down), reject(down), tooLarge(down)]) {
    const { send, letters, figures } = setUp(answer)
    assert.deepEqual(await send(), { ...reject(down), via: 'letters' })
    assert.deepEqual(letters.seen, [[10, 11, 12, 13]])
    const reason = answer.status === 'retry' ? 'exhausted' : 'rejected'
    assert.deepEqual(letters.contexts[0]!.deadLetter, { exporter: 'scripted', reason, error: down, attempts: 1, firstAcceptedMs: 5000 })
    assert.equal(letters.contexts[0]!.receipt, undefined, 'the receipt is of the other account')
    assert.deepEqual(figures(), { delivered: 0, deadLettered: 4, refused: 0 })
  }
})

test('F14 003-43 the dead letter tells how often it was tried and why the last try failed, also of a part', async () => {
  const { exporter } = scripted(partial([{ index: 0, error: bad }], [1, 2]), retry(bad), retry(down))
  const retrying = new RetryingExporter(exporter, { schedule: atMost(2, exponential(0, 0)), records: numbers })
  const letters = scripted()
  const exporting = new DeadLetteringExporter(retrying, { deadLetter: letters.exporter, records: numbers })
  const clock = { now: () => 7, monotonic: () => 7, sleep: async () => {} }
  await exporting.export(at, [10, 11, 12], createContext({ clock }))
  assert.deepEqual(letters.seen, [[10], [11, 12]])
  const [rejected, exhausted] = letters.contexts.map(({ deadLetter }) => deadLetter!)
  assert.deepEqual([rejected!.reason, rejected!.error, rejected!.attempts], ['rejected', bad, 3])
  assert.deepEqual([exhausted!.reason, exhausted!.error, exhausted!.attempts], ['exhausted', down, 3])
})

test('of a partial result only what was not delivered is written, rejected and given back apart', async () => {
  const { send, letters, figures } = setUp(partial([{ index: 3, error: bad }], [0]))
  const result = await send()
  assert.deepEqual(letters.seen, [[13], [10]])
  assert.ok(result.status === 'partial')
  assert.deepEqual(
    result.rejected.map((rejection) => 'index' in rejection && rejection.index),
    [3, 0],
  )
  assert.deepEqual([result.retry, result.via], [[], 'letters'])
  assert.deepEqual(figures(), { delivered: 2, deadLettered: 2, refused: 0 })
})

test('rejections of which only the number is known send a copy of all, counted as that number', async () => {
  const { send, letters, figures } = setUp(partial([{ count: 2, error: bad }]))
  assert.deepEqual(await send(), { ...partial([{ count: 2, error: bad }]), via: 'letters' })
  assert.deepEqual(letters.seen, [[10, 11, 12, 13]])
  assert.equal(letters.contexts[0]!.deadLetter!.reason, 'unidentified')
  assert.deepEqual(figures(), { delivered: 2, deadLettered: 2, refused: 0 })
})

test('what the dead letters do not take is given back to be tried again, and nothing is lost', async () => {
  const rejected = setUp(reject(bad), full)
  const result = await rejected.send()
  assert.ok(result.status === 'retry')
  assert.equal(result.error.message, 'letters does not take the dead letters of scripted: disk full')
  assert.equal(result.error.cause, bad)
  assert.deepEqual(rejected.figures(), { delivered: 0, deadLettered: 0, refused: 4 })

  assert.deepEqual(await setUp(retry(down, { afterMs: 9 }), full).send(), retry(down, { afterMs: 9 }))
  assert.deepEqual(await setUp(partial([{ index: 2, error: bad }], [0]), full).send(), partial([], [0, 2]))
  const written = { ...partial([{ index: 2, error: bad }], [0]), via: 'letters' }
  const half = setUp(partial([{ index: 2, error: bad }], [0]), { status: 'ok' }, full)
  assert.deepEqual(await half.send(), written)
  assert.deepEqual(half.figures(), { delivered: 2, deadLettered: 1, refused: 1 })

  const unidentified = setUp(partial([{ count: 1, error: bad }], [0]), full)
  assert.deepEqual(await unidentified.send(), partial([{ count: 1, error: bad }], [0]))
  assert.deepEqual(unidentified.figures(), { delivered: 2, deadLettered: 0, refused: 2 })
})

test('of a call that the caller aborted nothing is written', async () => {
  const { send, letters } = setUp(retry(down))
  assert.deepEqual(await send(AbortSignal.abort()), retry(down))
  assert.deepEqual(letters.seen, [])
})

test('what those below have dead-lettered already is not written again', async () => {
  const { send, letters, figures } = setUp((_data, { receipt }) => {
    receipt!.deadLettered = 4
    return reject(bad)
  })
  assert.deepEqual(await send(), reject(bad))
  assert.deepEqual(letters.seen, [])
  assert.deepEqual(figures(), { delivered: 0, deadLettered: 4, refused: 0 })
})
