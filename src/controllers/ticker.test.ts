import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { Ticker } from './ticker.ts'
import { SettableClock } from './windows.fixture.ts'

function setUp({ startMs = 0, immediate = false } = {}) {
  const clock = new SettableClock(startMs)
  const ticks: number[] = []
  const tick = async (at: Date) => void ticks.push(at.getTime())
  return { clock, ticks, ticker: new Ticker(tick, { context: createContext({ clock }), immediate }) }
}

test('without a first tick at once the first is at the next multiple of the interval', async () => {
  const { clock, ticks, ticker } = setUp({ startMs: 1500 })
  ticker.start('1s')
  await clock.advance(2000)
  assert.deepEqual(ticks, [2000, 3000])
  await ticker.stop()
})

test('a clock set back by more than an interval is followed, by less waited for', async () => {
  const { clock, ticks, ticker } = setUp()
  ticker.start('1s')
  await clock.advance(5000)
  clock.offsetMs = -500
  await clock.advance(1500)
  assert.deepEqual(ticks.splice(0), [1000, 2000, 3000, 4000, 5000, 6000])
  clock.offsetMs = -5000
  await clock.advance(3000)
  assert.deepEqual(ticks, [3000, 4000])
  assert.equal(ticker.missed, 0)
  await ticker.stop()
})

test('a clock set forward goes on from there, and what it passed over is not missed', async () => {
  const { clock, ticks, ticker } = setUp()
  ticker.start('1s')
  await clock.advance(1000)
  clock.offsetMs = 50 * 365 * 86_400_000
  await clock.advance(2000)
  assert.deepEqual(ticks, [1000, 2000, clock.offsetMs + 3000])
  assert.equal(ticker.missed, 0)
  await ticker.stop()
})

/** When each tick was due and came, where the nth takes as long as `taking` says, with a first one at once. */
async function ticksOf({
  startMs,
  interval,
  taking,
  forMs,
}: {
  startMs: number
  interval: string
  taking: Record<number, number>
  forMs: number
}) {
  const clock = new SettableClock(startMs)
  const ticks: (readonly [number, number])[] = []
  const tick = async (at: Date) => {
    ticks.push([at.getTime(), clock.now()])
    await clock.sleep(taking[ticks.length] ?? 0)
  }
  const ticker = new Ticker(tick, { context: createContext({ clock }), immediate: true })
  ticker.start(interval)
  for (let ms = 0; ms < forMs; ms += 10) await clock.advance(10)
  await ticker.stop()
  return { ticks, missed: ticker.missed }
}

test('a tick that takes a little longer than the interval costs none: the next one is late, and those after it are in time', async () => {
  const { ticks, missed } = await ticksOf({ startMs: 0, interval: '1s', taking: { 2: 1100 }, forMs: 4500 })
  assert.deepEqual(ticks, [
    [0, 0],
    [1000, 1000],
    [2000, 2100],
    [3000, 3000],
    [4000, 4000],
  ])
  assert.equal(missed, 0)
})

test('a first tick at once that is under way at the next multiple costs none either', async () => {
  const { ticks, missed } = await ticksOf({ startMs: 970, interval: '100ms', taking: { 1: 40 }, forMs: 240 })
  assert.deepEqual(ticks, [
    [970, 970],
    [1000, 1010],
    [1100, 1100],
    [1200, 1200],
  ])
  assert.equal(missed, 0)
})

test('a process that was halted for long makes up for one tick', async () => {
  const { ticks, missed } = await ticksOf({ startMs: 0, interval: '1s', taking: { 2: 5500 }, forMs: 8500 })
  assert.deepEqual(ticks, [
    [0, 0],
    [1000, 1000],
    [6000, 6500],
    [7000, 7000],
    [8000, 8000],
  ])
  assert.equal(missed, 4)
})

test('a tick that ends as the next is due costs none, whichever clock is ahead', async () => {
  const clock = new SettableClock(0)
  const ticks: number[] = []
  const tick = async (at: Date) => {
    ticks.push(at.getTime())
    if (ticks.length !== 2) return
    await clock.sleep(99)
    clock.offsetMs = 1
  }
  const ticker = new Ticker(tick, { context: createContext({ clock }), immediate: true })
  ticker.start('100ms')
  for (let ms = 0; ms < 310; ms++) await clock.advance(1)
  assert.deepEqual(ticks, [0, 100, 200, 300])
  await ticker.stop()
})

test('a wrong interval changes nothing', () => {
  const { ticker } = setUp()
  assert.throws(() => ticker.start('soon'), { code: 'INVALID_DURATION' })
  assert.equal(ticker.running, false)
})
