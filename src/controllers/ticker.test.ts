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

test('a tick that takes a little longer than the interval costs none: the next one is late, and those after it are in time', async () => {
  const clock = new SettableClock(0)
  const ticks: (readonly [number, number])[] = []
  const ticker = new Ticker(
    async (at) => {
      ticks.push([at.getTime(), clock.now()])
      if (ticks.length === 2) await clock.sleep(1100)
    },
    { context: createContext({ clock }), immediate: true },
  )
  ticker.start('1s')
  for (let n = 0; n < 45; n++) await clock.advance(100)
  assert.deepEqual(ticks, [
    [0, 0],
    [1000, 1000],
    [2000, 2100],
    [3000, 3000],
    [4000, 4000],
  ])
  assert.equal(ticker.missed, 0)
  await ticker.stop()
})

test('a first tick at once that is under way at the next multiple costs none either', async () => {
  const clock = new SettableClock(970)
  const ticks: (readonly [number, number])[] = []
  const ticker = new Ticker(
    async (at) => {
      ticks.push([at.getTime(), clock.now()])
      if (ticks.length === 1) await clock.sleep(40)
    },
    { context: createContext({ clock }), immediate: true },
  )
  ticker.start('100ms')
  for (let n = 0; n < 24; n++) await clock.advance(10)
  assert.deepEqual(ticks, [
    [970, 970],
    [1000, 1010],
    [1100, 1100],
    [1200, 1200],
  ])
  assert.equal(ticker.missed, 0)
  await ticker.stop()
})

test('a tick that ends as the next is due costs none, whichever clock is ahead', async () => {
  const clock = new SettableClock(0)
  const ticks: (readonly [number, number])[] = []
  const ticker = new Ticker(
    async (at) => {
      ticks.push([at.getTime(), clock.now()])
      if (ticks.length !== 2) return
      await clock.sleep(99)
      clock.offsetMs = 1
    },
    { context: createContext({ clock }), immediate: true },
  )
  ticker.start('100ms')
  for (let n = 0; n < 310; n++) await clock.advance(1)
  assert.deepEqual(ticks, [
    [0, 0],
    [100, 100],
    [200, 200],
    [300, 300],
  ])
  await ticker.stop()
})

test('a process that was halted for long makes up for one tick', async () => {
  const clock = new SettableClock(0)
  const ticks: number[] = []
  const ticker = new Ticker(
    async (at) => {
      ticks.push(at.getTime())
      if (ticks.length === 2) await clock.sleep(5500)
    },
    { context: createContext({ clock }), immediate: true },
  )
  ticker.start('1s')
  for (let n = 0; n < 80; n++) await clock.advance(100)
  assert.deepEqual(ticks, [0, 1000, 6000, 7000, 8000])
  assert.equal(ticker.missed, 4)
  await ticker.stop()
})

test('a wrong interval changes nothing', () => {
  const { ticker } = setUp()
  assert.throws(() => ticker.start('soon'), { code: 'INVALID_DURATION' })
  assert.equal(ticker.running, false)
})
