import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../core/clock.ts'
import { createContext } from '../core/context.ts'
import { WaybillError } from '../core/errors.ts'
import { Receipt } from '../core/receipt.ts'
import { partial, reject, retry } from '../core/result.ts'
import { atMost, exponential } from '../core/schedule.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { RetryingExporter } from './retrying.ts'
import { type Answer, numbers, scripted } from './scripted.fixture.ts'

const at = new Date(0)
const down = new Error('down')

/** A clock on which every wait is over at once, and remembered. */
function instantClock() {
  const waits: number[] = []
  const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async (ms) => void waits.push(ms) }
  return { clock, waits }
}

function retrying(answers: Answer[], schedule = exponential(1000, 60_000)) {
  const { exporter, seen } = scripted(...answers)
  return { exporter: new RetryingExporter(exporter, { schedule, records: numbers }), seen }
}

test('the retryable part alone is sent again, and rejections keep the indexes of the whole', async () => {
  const bad = new Error('bad record')
  const { exporter, seen } = retrying([partial([{ index: 1, error: bad }], [2, 3]), partial([{ index: 0, error: bad }], [1])])
  const result = await exporter.export(at, [10, 11, 12, 13], createContext(instantClock()))
  assert.deepEqual(seen, [[10, 11, 12, 13], [12, 13], [13]])
  assert.deepEqual(
    result,
    partial([
      { index: 1, error: bad },
      { index: 2, error: bad },
    ]),
  )
})

test('waits are jittered below the cap and never shorter than the destination asked for', async () => {
  const { clock, waits } = instantClock()
  const { exporter } = retrying([retry(new Error('busy'), { afterMs: 5000 }), retry(new Error('busy'))], exponential(1000, 1500))
  await exporter.export(at, [1], createContext({ clock, random: () => 0.5 }))
  assert.deepEqual(waits, [5000, 750])
})

test('what the schedule gives up on is the caller’s again', async () => {
  const { exporter } = retrying([retry(down), retry(down)], atMost(1, exponential(1, 1)))
  assert.deepEqual(await exporter.export(at, [1, 2], createContext(instantClock())), retry(down))
})

test('a part that is given up on is told in the indexes of the whole', async () => {
  const { exporter } = retrying([partial([], [1, 2]), retry(down)], atMost(1, exponential(1, 1)))
  assert.deepEqual(await exporter.export(at, [1, 2, 3], createContext(instantClock())), partial([], [1, 2]))
  const rejected = retrying([partial([], [0, 2]), reject(down)]).exporter
  assert.deepEqual(
    await rejected.export(at, [1, 2, 3], createContext(instantClock())),
    partial([
      { index: 0, error: down },
      { index: 2, error: down },
    ]),
  )
})

test('a reject is not tried again', async () => {
  const { exporter, seen } = retrying([reject(down)])
  assert.deepEqual(await exporter.export(at, [1], createContext(instantClock())), reject(down))
  assert.equal(seen.length, 1)
})

test('a throw is tried again like a retry', async () => {
  const { exporter, seen } = retrying([
    () => {
      throw down
    },
  ])
  assert.equal((await exporter.export(at, [1], createContext(instantClock()))).status, 'ok')
  assert.equal(seen.length, 2)
})

test('an abort and a stop that has begun end the waiting', async () => {
  for (const key of ['signal', 'hurry'] as const) {
    const ending = new AbortController()
    const { exporter, seen } = retrying([
      () => {
        ending.abort()
        return retry(down)
      },
    ])
    assert.deepEqual(await exporter.export(at, [1], createContext({ ...instantClock(), [key]: ending.signal })), retry(down))
    assert.equal(seen.length, 1)
  }
})

test('an abort or a stop while it waits ends it without another try', async () => {
  for (const key of ['signal', 'hurry'] as const) {
    const clock = new ManualClock()
    const ending = new AbortController()
    const { exporter, seen } = retrying([retry(down)])
    const result = exporter.export(at, [1], createContext({ clock, random: () => 1, [key]: ending.signal }))
    await clock.advance(500)
    ending.abort()
    assert.deepEqual(await result, retry(down))
    assert.equal(seen.length, 1)
    assert.equal(clock.sleeping, 0)
  }
})

test('what an open circuit breaker refuses is the caller’s again at once', async () => {
  const open = retry(new WaybillError('CIRCUIT_OPEN', 'open'), { scope: 'destination', afterMs: 60_000 })
  const { clock, waits } = instantClock()
  const { exporter, seen } = retrying([retry(down), open])
  assert.deepEqual(await exporter.export(at, [1], createContext({ clock })), open)
  assert.equal(seen.length, 2)
  assert.equal(waits.length, 1)
})

test('the receipt tells how often it tried, and why the last whole try failed', async () => {
  const receipt = new Receipt()
  const { exporter } = retrying([retry(down), partial([], [1])])
  await exporter.export(at, [1, 2], createContext({ ...instantClock(), receipt }))
  assert.equal(receipt.attempts, 3)
  assert.equal(receipt.lastError, down)
})
