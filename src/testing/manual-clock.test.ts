import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ManualClock } from './manual-clock.ts'

test('sleepers wake in the order of their times, each at its own', async () => {
  const clock = new ManualClock(1000)
  const woken: [string, number][] = []
  for (const [name, ms] of [
    ['late', 30],
    ['early', 10],
    ['next', 20],
    ['never', 31],
  ] as const)
    void clock.sleep(ms).then(() => woken.push([name, clock.now()]))
  await clock.advance(30)
  assert.deepEqual(woken, [
    ['early', 1010],
    ['next', 1020],
    ['late', 1030],
  ])
  assert.equal(clock.sleeping, 1)
  assert.equal(clock.monotonic(), 1030)
})

test('who sleeps again, through any number of promises, is woken in the same advance', async () => {
  const clock = new ManualClock()
  const woken: number[] = []
  void (async () => {
    for (;;) {
      await clock.sleep(10)
      for (let n = 0; n < 5; n++) await Promise.resolve()
      woken.push(clock.now())
    }
  })()
  await clock.advance(35)
  assert.deepEqual(woken, [10, 20, 30])
  await clock.advance(5)
  assert.deepEqual(woken, [10, 20, 30, 40])
})

test('a sleeper that is aborted is up at once, and one that was aborted before never sleeps', async () => {
  const clock = new ManualClock()
  const controller = new AbortController()
  const sleeping = clock.sleep(1000, controller.signal)
  assert.equal(clock.sleeping, 1)
  controller.abort()
  await sleeping
  assert.equal(clock.sleeping, 0)
  await clock.sleep(1000, controller.signal)
  assert.equal(clock.now(), 0)
})

test('no time and less than none pass with the next advance', async () => {
  const clock = new ManualClock()
  let woken = 0
  void clock.sleep(0).then(() => woken++)
  void clock.sleep(-5).then(() => woken++)
  await clock.advance(0)
  assert.equal(woken, 2)
  assert.equal(clock.now(), 0)
})
