import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createContext, ok } from '../sdk.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { RateLimit } from './rate-limit.ts'
import { destinationTo, now, post, startServer } from './server.fixture.ts'

/** When each of `count` requests made at once had its turn. */
async function turns(perSecond: number, count: number): Promise<readonly number[]> {
  const clock = new ManualClock(1000)
  const limit = new RateLimit(perSecond)
  const had: number[] = []
  const all = Array.from({ length: count }, () => limit.turn(createContext({ clock })).then(() => had.push(clock.now() - 1000)))
  await clock.advance(Math.ceil((count * 1000) / perSecond))
  await Promise.all(all)
  return had
}

test('a second’s worth passes at once, the rest evenly', async () => {
  assert.deepEqual(await turns(2, 5), [0, 0, 500, 1000, 1500])
  assert.deepEqual(await turns(0.5, 3), [0, 2000, 4000])
})

test('in no span of time do more pass than the rate allows', async () => {
  const rate = fc.double({ min: 0.1, max: 50, noNaN: true })
  await fc.assert(
    fc.asyncProperty(rate, fc.integer({ min: 1, max: 30 }), async (perSecond, count) => {
      const had = await turns(perSecond, count)
      assert.equal(had.length, count)
      for (const [first, from] of had.entries())
        for (const [last, to] of had.entries())
          if (last >= first) assert.ok(last - first + 1 <= Math.max(1, perSecond) + ((to - from) * perSecond) / 1000 + 1e-6)
    }),
    { numRuns: 50 },
  )
})

test('whoever gives up takes nobody’s turn', async () => {
  const clock = new ManualClock()
  const limit = new RateLimit(1)
  await limit.turn(createContext({ clock }))
  const impatient = new AbortController()
  const first = limit.turn(createContext({ clock, signal: impatient.signal }))
  let passed = false
  const second = limit.turn(createContext({ clock })).then(() => {
    passed = true
  })
  impatient.abort()
  await first
  await clock.advance(999)
  assert.equal(passed, false)
  await clock.advance(1)
  await second
})

test('003-59 rate_limit: further requests wait, and those who give up meanwhile are not sent', async (t) => {
  const { url, requests } = await startServer(t)
  const clock = new ManualClock(now.getTime())
  const context = createContext({ clock })
  const destination = destinationTo(t, { url, rateLimit: 1, timeout: '1h' })
  assert.deepEqual(await post(destination, context), ok)
  const impatient = new AbortController()
  const second = post(destination, { ...context, signal: impatient.signal })
  const third = post(destination, context)
  while (clock.sleeping < 2) await new Promise(setImmediate)
  impatient.abort()
  assert.equal((await second).status, 'retry')
  assert.equal(requests.length, 1)
  await clock.advance(1000)
  assert.deepEqual(await third, ok)
  assert.equal(requests.length, 2)
})
