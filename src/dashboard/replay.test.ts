import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from '../testing/index.ts'
import type { Sample } from './recording/recording.ts'
import { type ReplayOptions, replay } from './replay.ts'

async function* samplesAt(...times: number[]): AsyncGenerator<Sample> {
  for (const timeMs of times) yield { timeMs, values: new Map() }
}

/** When each sample came, by a clock that is moved second by second for 20 seconds. */
async function arrivals(
  times: readonly number[],
  options: ReplayOptions = {},
  takesMs = 0,
): Promise<readonly (readonly [number, number])[]> {
  const clock = new ManualClock(5000)
  const seen: [number, number][] = []
  const done = (async () => {
    for await (const { timeMs } of replay(samplesAt(...times), { clock, ...options })) {
      seen.push([timeMs, clock.now() - 5000])
      if (takesMs > 0) await clock.sleep(takesMs)
    }
  })()
  for (let second = 0; second < 20; second++) await clock.advance(1000)
  await done
  return seen
}

test('each sample comes as long after the one before as it was recorded, the first at once', async () => {
  assert.deepEqual(await arrivals([1000, 2000, 2500, 5500]), [
    [1000, 0],
    [2000, 1000],
    [2500, 1500],
    [5500, 4500],
  ])
})

test('faster, and without any wait', async () => {
  assert.deepEqual(await arrivals([1000, 2000, 5000], { speed: 10 }), [
    [1000, 0],
    [2000, 100],
    [5000, 400],
  ])
  assert.deepEqual(await arrivals([0, 1e12], { speed: Number.POSITIVE_INFINITY }), [
    [0, 0],
    [1e12, 0],
  ])
})

test('the pace holds when samples take their time to be shown', async () => {
  assert.deepEqual(
    (await arrivals([0, 1000, 2000, 3000], {}, 600)).map(([, at]) => at),
    [0, 1000, 2000, 3000],
  )
})

test('a gap is shortened, and time that goes back is no wait', async () => {
  assert.deepEqual(
    (await arrivals([0, 86_400_000, 86_401_000, 5000, 6000], { longestPauseMs: 3000 })).map(([, at]) => at),
    [0, 3000, 4000, 4000, 5000],
  )
})

test('it ends when its signal aborts, also while it waits', async () => {
  const clock = new ManualClock()
  const over = new AbortController()
  const samples = replay(samplesAt(0, 1000, 2000), { clock, signal: over.signal })
  assert.equal((await samples.next()).value?.timeMs, 0)
  const next = samples.next()
  over.abort()
  assert.equal((await next).done, true)
})

test('what is wrong with a recording comes after the samples before it', async () => {
  const samples = replay(
    (async function* () {
      yield* samplesAt(0, 1000)
      throw new Error('line 4')
    })(),
    { speed: Number.POSITIVE_INFINITY },
  )
  assert.equal((await samples.next()).value?.timeMs, 0)
  assert.equal((await samples.next()).value?.timeMs, 1000)
  await assert.rejects(samples.next(), { message: 'line 4' })
})
