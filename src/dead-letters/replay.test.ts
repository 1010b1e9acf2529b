import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batch } from '../core/batch.ts'
import { recordsOf } from '../core/batch.ts'
import type { Point } from '../core/point.ts'
import { type ExportResult, ok, partial, reject, retry } from '../core/result.ts'
import { type Replayed, replay } from './replay.ts'
import { because, lettersIn, storeFor, valuesIn } from './store.fixture.ts'

/** An exporter that answers as it is told, in turn, and then with `ok`. */
function scripted(name = 'web', ...results: readonly ExportResult[]) {
  const rest = [...results]
  const batches: number[][] = []
  const exporter = {
    name,
    export: async (_time: Date, batch: Batch) => {
      batches.push((recordsOf(batch) as readonly Point[]).map(({ value }) => value as number))
      return rest.shift() ?? ok
    },
  }
  return { batches, exporter, exporterOf: (asked: string) => (asked === name ? exporter : undefined) }
}

test('what an exporter takes no longer waits', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await put(store, 3)
  await put(store, 2, 10)
  const { batches, exporterOf } = scripted()
  const told: Replayed[] = []
  const done = await replay(store, { exporterOf, batchSize: 4, onProgress: (progress) => told.push(progress) }, context)
  assert.deepEqual(done, { replayed: 5, failed: 0 })
  assert.deepEqual(batches, [[0, 1, 2, 10], [11]])
  assert.deepEqual(
    told.map(({ replayed }) => replayed),
    [4, 5],
  )
  assert.deepEqual(store.figures(), [{ exporter: 'web', written: 5, waiting: 0, replayed: 5, purged: 0 }])
})

test('only what the filter means is replayed, and what has no exporter waits on', async (t) => {
  const { open, put, clock, context } = storeFor(t)
  const store = await open()
  await put(store, 1, 0)
  await put(store, 1, 1, because({ exporter: 'gone' }))
  await put(store, 1, 2, because({ reason: 'expired' }))
  await clock.advance(1000)
  await put(store, 1, 3)
  const { batches, exporterOf } = scripted()
  await replay(store, { exporterOf, filter: { reason: 'expired' } }, context)
  await replay(store, { exporterOf, filter: { fromMs: clock.now() } }, context)
  assert.deepEqual(batches, [[2], [3]])
  const { error, ...done } = await replay(store, { exporterOf, filter: { toMs: clock.now() } }, context)
  assert.deepEqual(done, { replayed: 1, failed: 1 })
  assert.equal(error, 'there is no exporter gone')
  assert.deepEqual(await valuesIn(store), [1])
})

test('what is refused again waits on, each for itself where that is told', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await put(store, 4)
  const error = new Error('no')
  const some = scripted('web', partial([{ index: 1, error }], [2]))
  assert.deepEqual(await replay(store, some, context), { replayed: 2, failed: 2, error: 'no' })
  const none = scripted('web', partial([{ count: 1, error }]))
  assert.deepEqual(await replay(store, none, context), { replayed: 0, failed: 2, error: 'no' })
  const all = scripted('web', reject(error))
  assert.deepEqual(await replay(store, all, context), { replayed: 0, failed: 2, error: 'no' })
  assert.deepEqual(await valuesIn(store), [1, 2])
})

test('what may be taken later is offered again after the time that was asked for, and not for ever', async (t) => {
  const { open, put, clock, context } = storeFor(t)
  const store = await open()
  await put(store, 2)
  const busy = retry(new Error('busy'), { afterMs: 3000 })
  const later = scripted('web', busy)
  const replaying = replay(store, later, context)
  while (clock.sleeping === 0) await new Promise(setImmediate)
  assert.equal(later.batches.length, 1)
  await clock.advance(3000)
  assert.deepEqual(await replaying, { replayed: 2, failed: 0 })
  await put(store, 1)
  await put(store, 1, 9, because({ exporter: 'other' }))
  const never = scripted('web', busy, busy, busy, busy, busy)
  let ended: Replayed | undefined
  void replay(store, never, context).then((done) => {
    ended = done
  })
  while (!ended) await new Promise(setImmediate).then(() => clock.advance(3000))
  assert.deepEqual(ended, { replayed: 0, failed: 1, error: 'busy' })
  assert.equal(never.batches.length, 5)
})

test('no more records a second than was said', async (t) => {
  const { open, put, clock, context } = storeFor(t)
  const store = await open()
  await put(store, 25)
  const startMs = clock.now()
  let ended = false
  const { batches, exporterOf } = scripted()
  const replaying = replay(store, { exporterOf, recordsPerSecond: 10 }, context).then(() => {
    ended = true
  })
  while (!ended) await new Promise(setImmediate).then(() => clock.advance(100))
  await replaying
  assert.deepEqual(
    batches.map(({ length }) => length),
    [10, 10, 5],
  )
  assert.ok(clock.now() - startMs >= 2500)
})

test('an abort leaves the rest waiting', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await put(store, 4)
  const aborting = new AbortController()
  const { exporterOf } = scripted()
  const done = await replay(
    store,
    { exporterOf, batchSize: 1, onProgress: () => aborting.abort() },
    { ...context, signal: aborting.signal },
  )
  assert.deepEqual(done, { replayed: 1, failed: 0 })
  assert.equal((await lettersIn(store)).length, 3)
})

test('what becomes a dead letter meanwhile is a new one, not replayed in the same run', async (t) => {
  const { open, put, context } = storeFor(t)
  const store = await open()
  await put(store, 2000)
  const exporterOf = () => ({ name: 'web', export: () => put(store, 1, 7) })
  assert.deepEqual(await replay(store, { exporterOf, batchSize: 1000 }, context), { replayed: 2000, failed: 0 })
  assert.deepEqual(await valuesIn(store), [7, 7])
})
