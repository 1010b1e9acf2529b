import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { ok } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { scripted } from './scripted.fixture.ts'
import { StartingExporter } from './starting.ts'

const at = new Date(0)

function setUp({ failures }: { failures: number }) {
  const clock = new ManualClock()
  let left = failures
  let starts = 0
  const { exporter, seen } = scripted()
  const start = async () => {
    starts++
    if (left-- > 0) throw new Error('port in use')
  }
  const starting = new StartingExporter({ ...exporter, start }, { schedule: () => 1000 })
  return { clock, seen, starting, context: createContext({ clock }), starts: () => starts }
}

test('a start that fails is told in the health and tried again until it works; meanwhile data gets retry', async () => {
  const { clock, seen, starting, context } = setUp({ failures: 2 })
  await starting.start(context)
  assert.deepEqual(starting.health(), { state: 'unhealthy', reason: 'port in use' })
  const refused = await starting.export(at, [1], context)
  assert.equal(refused.status === 'retry' && refused.scope, 'destination')
  await clock.advance(2000)
  assert.deepEqual(starting.health(), { state: 'healthy' })
  assert.deepEqual(await starting.export(at, [1], context), ok)
  assert.deepEqual(seen, [[1]])
})

test('the first export starts it, once', async () => {
  const { starting, context, starts } = setUp({ failures: 0 })
  await Promise.all([starting.export(at, [1], context), starting.export(at, [2], context)])
  await starting.start(context)
  assert.equal(starts(), 1)
})

test('a stop ends the trying and leaves no sleeper', async () => {
  const { clock, starting, context, starts } = setUp({ failures: 100 })
  await starting.start(context)
  await starting.stop(context)
  await clock.advance(10_000)
  assert.equal(starts(), 1)
  assert.equal((await starting.export(at, [1], context)).status, 'retry')
})

test('data that comes while the first try is under way waits for it, unless nobody waits for the answer', async () => {
  const { exporter, seen } = scripted()
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const starting = new StartingExporter({ ...exporter, start: () => begun })
  const context = createContext({ clock: new ManualClock() })
  void starting.start(context)
  const waiting = starting.export(at, [1], context)
  const aborted = await starting.export(at, [2], { ...context, signal: AbortSignal.abort() })
  assert.equal(aborted.status, 'retry')
  assert.deepEqual(seen, [])
  begin()
  assert.deepEqual(await waiting, ok)
  assert.deepEqual(seen, [[1]])
})
