import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type HealthStatus, healthy, unhealthy } from '../core/component.ts'
import { createContext } from '../core/context.ts'
import { ok, reject, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { ResilientExporter } from './resilient.ts'
import { type Answer, scripted } from './scripted.fixture.ts'

const down = new Error('down')

/** Health checks as a `ResilientExporter` has them by default, over a base that is as healthy as `base.health` says. */
function setUp(...answers: Answer[]) {
  const clock = new ManualClock()
  const base = { health: healthy as HealthStatus, asked: 0 }
  const destination = scripted(...answers)
  const health = () => {
    base.asked++
    return base.health
  }
  const resilient = new ResilientExporter({ ...destination.exporter, health }, { retry: false, circuitBreaker: false })
  const context = createContext({ clock })
  const send = (signal = context.signal) => resilient.export(new Date(0), [1], { ...context, signal })
  return { clock, base, destination, resilient, context, send }
}

test('F14 003-42 the health is asked every 30 s; unhealthy after 3 failed checks in a row, healthy again after one that passes', async () => {
  const { clock, base, resilient, context, send } = setUp()
  await resilient.start(context)
  await send()
  base.health = unhealthy('no route')
  await clock.advance(89_999)
  assert.equal(base.asked, 2)
  assert.deepEqual(resilient.health(), { state: 'degraded', reason: 'no route' })
  await clock.advance(1)
  assert.deepEqual(resilient.health(), { state: 'unhealthy', reason: 'no route' })
  base.health = healthy
  assert.equal(resilient.health().state, 'unhealthy')
  await clock.advance(30_000)
  assert.deepEqual(resilient.health(), { state: 'healthy' })
})

test('F14 003-42 failed checks that are not in a row make nothing unhealthy', async () => {
  const { clock, base, resilient, context, send } = setUp()
  await resilient.start(context)
  await send()
  for (let i = 0; i < 9; i++) {
    base.health = i % 3 === 2 ? healthy : unhealthy('no route')
    await clock.advance(30_000)
    assert.notEqual(resilient.health().state, 'unhealthy')
  }
})

test('F14 003-42 a check fails too when exports were tried since the one before and none succeeded; a rejection is an answer', async () => {
  const { clock, destination, resilient, context, send } = setUp()
  await resilient.start(context)
  const sendBefore = async (...answers: Answer[]) => {
    destination.answers.push(...answers)
    for (const _ of answers) await send()
    await clock.advance(30_000)
  }
  await sendBefore(retry(down), ok)
  for (let i = 0; i < 3; i++) await sendBefore(retry(down), retry(down))
  assert.deepEqual(resilient.health(), { state: 'unhealthy', reason: 'down' })
  await sendBefore(retry(down), reject(down))
  assert.deepEqual(resilient.health(), { state: 'healthy' })
})

test('a time without exports, and one of calls that the caller aborted, fail no check', async () => {
  const { clock, destination, resilient, context, send } = setUp()
  await resilient.start(context)
  for (let i = 0; i < 6; i++) {
    destination.answers.push(retry(down))
    if (i < 3) await send(i === 0 ? undefined : AbortSignal.abort())
    await clock.advance(30_000)
  }
  assert.deepEqual(resilient.health(), { state: 'healthy' })
})

test('the checks end with the stop, leave no timer, and begin anew with a start', async () => {
  const { clock, base, resilient, context, send } = setUp()
  await resilient.stop(context)
  await resilient.start(context)
  await resilient.start(context)
  await send()
  assert.equal(clock.sleeping, 1)
  base.health = unhealthy('no route')
  await clock.advance(90_000)
  await resilient.stop(context)
  await resilient.stop(context)
  assert.equal(clock.sleeping, 0)
  const { asked } = base
  await clock.advance(90_000)
  assert.equal(base.asked, asked)
  await resilient.start(context)
  assert.equal(resilient.health().state, 'degraded')
  await resilient.stop(context)
})

test('without a start the health is the one of the base', () => {
  const { base, resilient } = setUp(ok)
  base.health = unhealthy('no route')
  assert.deepEqual(resilient.health(), { state: 'unhealthy', reason: 'no route' })
})

test('what has never worked is unhealthy at once, and healthy when it works', async () => {
  const { clock, base, resilient, context } = setUp()
  base.health = unhealthy('port in use')
  await resilient.start(context)
  assert.deepEqual(resilient.health(), { state: 'unhealthy', reason: 'port in use' })
  base.health = healthy
  assert.deepEqual(resilient.health(), { state: 'healthy' })
  await clock.advance(30_000)
  base.health = unhealthy('no route')
  assert.deepEqual(resilient.health(), { state: 'degraded', reason: 'no route' })
  await resilient.stop(context)
})
