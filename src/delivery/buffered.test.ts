import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ledger } from '../core/ledger.ts'
import { ok, partial, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { BufferedExporter, type MemoryBufferOptions } from './buffered.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

function setUp(answers: Answer[], options: Partial<MemoryBufferOptions<Date, readonly number[]>> = {}) {
  const clock = new ManualClock()
  const account = new Ledger({ strict: true }).account('out')
  const destination = scripted(...answers)
  const letters = scripted()
  const pace = () => 1000
  const buffer = new BufferedExporter(destination.exporter, { records: numbers, account, deadLetter: letters.exporter, pace, ...options })
  const context = createContext({ clock })
  const figures = () => {
    const { accepted, delivered, deadLettered, pending, refused, dropped } = account.figures()
    return { accepted, delivered, deadLettered, pending, refused, dropped }
  }
  return { clock, account, buffer, context, destination, letters, figures }
}

const nothing = { accepted: 0, delivered: 0, deadLettered: 0, pending: 0, refused: 0, dropped: {} }

test('answers ok at once and delivers in order in the background', async () => {
  const { buffer, context, destination, figures } = setUp([])
  for (const n of [1, 2, 3]) assert.deepEqual(await buffer.export(at, [n], context), ok)
  await buffer.flush(context)
  assert.deepEqual(destination.seen, [[1], [2], [3]])
  assert.deepEqual(figures(), { ...nothing, accepted: 3, delivered: 3 })
})

test('what gets retry stays pending, is counted so, and is tried again at the pace', async () => {
  const { buffer, clock, context, destination, figures } = setUp([retry(down), retry(down)])
  await buffer.export(at, [1, 2], context)
  await clock.advance(0)
  assert.deepEqual(figures(), { ...nothing, accepted: 2, pending: 2 })
  await clock.advance(1999)
  assert.equal(destination.seen.length, 2)
  await clock.advance(1)
  assert.deepEqual(figures(), { ...nothing, accepted: 2, delivered: 2 })
  assert.deepEqual(
    destination.contexts.map(({ delivery }) => delivery!.attempt),
    [1, 2, 3],
  )
  assert.equal(new Set(destination.contexts.map(({ delivery }) => delivery!.id)).size, 1)
})

test('never comes back sooner than the destination asked', async () => {
  const { buffer, clock, context, destination } = setUp([retry(down, { afterMs: 5000 })])
  await buffer.export(at, [1], context)
  await clock.advance(4999)
  assert.equal(destination.seen.length, 1)
  await clock.advance(1)
  assert.equal(destination.seen.length, 2)
})

test('of a partial result the rejected go to the dead letters and only the rest is sent again', async () => {
  const { buffer, clock, context, destination, letters, figures } = setUp([partial([{ index: 0, error: down }], [2])])
  await buffer.export(at, [1, 2, 3], context)
  await clock.advance(1000)
  assert.deepEqual(destination.seen, [[1, 2, 3], [3]])
  assert.deepEqual(letters.seen, [[1]])
  const { exporter, reason, error, attempts } = letters.contexts[0]!.deadLetter!
  assert.deepEqual({ exporter, reason, error, attempts }, { exporter: 'scripted', reason: 'rejected', error: down, attempts: 1 })
  assert.deepEqual(figures(), { ...nothing, accepted: 3, delivered: 2, deadLettered: 1 })
})

test('a number of rejections without indexes sends a copy of the batch, counted as that number', async () => {
  const { buffer, clock, context, letters, figures } = setUp([partial([{ count: 2, error: down }])])
  await buffer.export(at, [1, 2, 3], context)
  await clock.advance(0)
  assert.deepEqual(letters.seen, [[1, 2, 3]])
  assert.equal(letters.contexts[0]!.deadLetter!.reason, 'unidentified')
  assert.deepEqual(figures(), { ...nothing, accepted: 3, delivered: 1, deadLettered: 2 })
})

test('rejected data that the dead letters do not take stays pending until they do, and is not sent to the destination again', async () => {
  const { buffer, clock, context, destination, letters, figures } = setUp([reject(down)])
  letters.answers.push(retry(new Error('disk full')))
  await buffer.export(at, [1], context)
  await clock.advance(0)
  assert.deepEqual(figures(), { ...nothing, accepted: 1, pending: 1 })
  await clock.advance(1000)
  assert.deepEqual(figures(), { ...nothing, accepted: 1, deadLettered: 1 })
  assert.equal(destination.seen.length, 1)
})

test('a letter that was not taken is written in the end, though the rest of its batch was delivered meanwhile', async () => {
  const { buffer, clock, context, letters, figures } = setUp([partial([{ index: 0, error: down }], [2])])
  letters.answers.push(retry(new Error('disk full')))
  await buffer.export(at, [1, 2, 3], context)
  await clock.advance(1000)
  assert.deepEqual(letters.seen, [[1], [1]])
  assert.deepEqual(figures(), { ...nothing, accepted: 3, delivered: 2, deadLettered: 1 })
})

test('without dead letters a rejection is counted as dropped, with its reason', async () => {
  const { buffer, context, figures } = setUp([reject(down)], { deadLetter: undefined as never })
  await buffer.export(at, [1], context)
  await buffer.flush(context)
  assert.deepEqual(figures(), { ...nothing, accepted: 1, dropped: { rejected: 1 } })
})

test('when it is full the newest is refused and nothing is dropped', async () => {
  for (const limit of [{ maxRecords: 3 }, { maxBytes: 24 }]) {
    const { buffer, context, figures } = setUp([retry(down)], limit)
    assert.equal((await buffer.export(at, [1, 2], context)).status, 'ok')
    assert.equal((await buffer.export(at, [3, 4], context)).status, 'retry')
    assert.deepEqual(figures(), { ...nothing, accepted: 2, pending: 2, refused: 2 })
  }
})

test('a batch larger than the whole buffer is taken when the buffer is empty', async () => {
  const { buffer, context, destination } = setUp([], { maxRecords: 1 })
  assert.deepEqual(await buffer.export(at, [1, 2, 3], context), ok)
  await buffer.flush(context)
  assert.deepEqual(destination.seen, [[1, 2, 3]])
})

test('health tells the reason while it fails and recovers', async () => {
  const { buffer, clock, context } = setUp([retry(down), retry(down, { scope: 'destination' })])
  await buffer.export(at, [1], context)
  await clock.advance(0)
  assert.deepEqual(buffer.health(), { state: 'degraded', reason: 'down' })
  await clock.advance(1000)
  assert.deepEqual(buffer.health(), { state: 'unhealthy', reason: 'down' })
  await clock.advance(1000)
  assert.deepEqual(buffer.health(), { state: 'healthy' })
})

test('stopping delivers what is queued', async () => {
  const { buffer, clock, context, destination, figures } = setUp([retry(down)])
  await buffer.export(at, [1], context)
  await clock.advance(0)
  const stopped = buffer.stop(context)
  await clock.advance(1000)
  await stopped
  assert.deepEqual(destination.seen, [[1], [1]])
  assert.deepEqual(figures(), { ...nothing, accepted: 1, delivered: 1 })
  assert.equal((await buffer.export(at, [2], context)).status, 'retry')
})

test('what a stop cannot deliver by its deadline goes to the dead letters with the reason', async () => {
  const { buffer, clock, context, letters, figures } = setUp(Array(100).fill(retry(down)))
  await buffer.export(at, [1, 2], context)
  await buffer.export(at, [3], context)
  const deadline = new AbortController()
  const stopped = buffer.stop({ ...context, signal: deadline.signal })
  await clock.advance(5000)
  deadline.abort()
  await clock.advance(1000)
  await stopped
  assert.deepEqual(letters.seen, [[1, 2], [3]])
  assert.equal(letters.contexts[0]!.deadLetter!.reason, 'stopped')
  assert.equal(letters.contexts[0]!.deadLetter!.error, down)
  assert.deepEqual(figures(), { ...nothing, accepted: 3, deadLettered: 3 })
})

test('a stop does not wait for a destination that is found to be unavailable', async () => {
  const { buffer, clock, context, destination, letters } = setUp(Array(100).fill(retry(down, { scope: 'destination' })))
  for (const n of [1, 2, 3]) await buffer.export(at, [n], context)
  await clock.advance(0)
  await buffer.stop(context)
  assert.equal(destination.seen.length, 2)
  assert.deepEqual(letters.seen, [[1], [2], [3]])
})

test('an export that ignores the abort is not waited for longer than a second, and its data is in the dead letters', async () => {
  const { buffer, clock, context, letters, figures } = setUp([() => new Promise(() => {})])
  await buffer.export(at, [1], context)
  const deadline = AbortSignal.abort()
  const stopped = buffer.stop({ ...context, signal: deadline })
  await clock.advance(1000)
  await stopped
  assert.deepEqual(letters.seen, [[1]])
  assert.deepEqual(figures(), { ...nothing, accepted: 1, deadLettered: 1 })
})

test('what neither the destination nor the dead letters take stays pending in the books', async () => {
  const { buffer, clock, context, letters, figures } = setUp(Array(100).fill(retry(down, { scope: 'destination' })))
  letters.answers.push(...Array(9).fill(retry(new Error('disk full'))))
  await buffer.export(at, [1], context)
  await clock.advance(0)
  await buffer.stop(context)
  assert.deepEqual(figures(), { ...nothing, accepted: 1, pending: 1 })
})

test('an empty batch is ok and reaches nobody', async () => {
  const { buffer, context, destination } = setUp([])
  assert.deepEqual(await buffer.export(at, [], context), ok)
  await buffer.flush(context)
  assert.equal(destination.seen.length, 0)
})

test('a dead letter that is still being written when a stop runs out of time is written once', async () => {
  const { buffer, clock, context, letters, figures } = setUp([reject(down)])
  letters.answers.push(async (_data, { clock }) => {
    await clock.sleep(2500)
    return ok
  })
  await buffer.export(at, [1], context)
  await clock.advance(0)
  const stopped = buffer.stop({ ...context, signal: AbortSignal.abort() })
  await clock.advance(5000)
  await stopped
  assert.deepEqual(letters.seen, [[1]])
  assert.deepEqual(figures(), { ...nothing, accepted: 1, deadLettered: 1 })
})
