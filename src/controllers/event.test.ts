import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type Log, silent } from '../core/log.ts'
import { ok, retry } from '../core/result.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { EventExportController } from './event.ts'

function setUp({ startMs = 0, make = (at: Date): number | undefined => at.getTime() } = {}) {
  const clock = new ManualClock(startMs)
  const seen: number[] = []
  const exporter: EventExporter<number> = {
    name: 'out',
    async export(_time, data) {
      seen.push(data)
      return ok
    },
  }
  const controller = new EventExportController({ source: { name: 'in', make }, exporter, context: createContext({ clock }) })
  return { clock, seen, controller }
}

test('000-25 a first tick at once, then at multiples of the interval, without drift, in whole seconds', async () => {
  const { clock, seen, controller } = setUp({ startMs: 1500 })
  assert.equal(controller.name, 'in')
  assert.equal(controller.start('1s'), true)
  await clock.advance(3000)
  assert.deepEqual(seen, [1000, 2000, 3000, 4000])
  await controller.stop()
  assert.equal(clock.sleeping, 0)
})

test('000-23 000-24 start twice is false; after a stop it can be started again', async () => {
  const { clock, seen, controller } = setUp()
  assert.equal(controller.start(1000), true)
  assert.equal(controller.start(1000), false)
  await controller.stop()
  await controller.stop()
  assert.equal(controller.start(1000), true)
  await clock.advance(0)
  assert.deepEqual(seen, [0, 0])
  await controller.stop()
})

test('000-20 undefined skips the export, a throw is no end', async () => {
  let tick = 0
  const { clock, seen, controller } = setUp({
    make: (at) => {
      if (tick++ === 1) throw new Error('broken')
      return tick === 1 ? undefined : at.getTime()
    },
  })
  controller.start(1000)
  await clock.advance(2000)
  assert.deepEqual(seen, [2000])
  await controller.stop()
})

test('what is amiss at many ticks is told once, and again when it changes or is over', async () => {
  const clock = new ManualClock()
  const told: string[] = []
  const note = (message: string, fields: { error?: Error } = {}) => void told.push(`${message}: ${fields.error?.message}`)
  const log: Log = { ...silent, info: note, warn: note, error: note }
  const ticks = ['taken', 'full', 'full', 'away', 'source', 'source', 'away', 'taken', 'taken', 'full']
  const controller = new EventExportController({
    source: {
      name: 'in',
      make: () => {
        if (ticks[0] !== 'source') return ticks.shift()
        throw new Error(ticks.shift())
      },
    },
    exporter: { name: 'out', export: async (_time, tick: string) => (tick === 'taken' ? ok : retry(new Error(tick))) },
    context: createContext({ clock, log }),
  })
  controller.start(1000)
  await clock.advance(9000)
  await controller.stop()
  assert.deepEqual(ticks, [])
  const refused = (why: string) => `not everything was taken: ${why}`
  const again = 'everything was taken again: undefined'
  assert.deepEqual(told, [refused('full'), refused('away'), 'the source failed: source', refused('away'), again, refused('full')])
})

test('of the ticks that come while one is under way the last is late, and those before it are missed and counted', async () => {
  const { clock, seen, controller } = setUp()
  const slow = new EventExportController({
    source: { name: 'slow', make: (at, context) => context.clock.sleep(3500).then(() => at.getTime()) },
    exporter: {
      name: 'out',
      export: async (_time, data: number) => {
        seen.push(data)
        return ok
      },
    },
    context: createContext({ clock }),
  })
  slow.start(1000)
  await clock.advance(3500)
  assert.equal(slow.missed, 2)
  await clock.advance(500)
  assert.deepEqual(seen, [0])
  const stopped = slow.stop()
  await clock.advance(3500)
  await stopped
  assert.deepEqual(seen, [0, 3000])
  assert.equal(controller.missed, 0)
})

test('a stop finishes the tick that is under way', async () => {
  const clock = new ManualClock()
  const seen: number[] = []
  const controller = new EventExportController({
    source: { name: 'in', make: () => 1 },
    exporter: {
      name: 'out',
      async export(_time, data: number, context) {
        await context.clock.sleep(100, context.signal)
        seen.push(data)
        return ok
      },
    },
    context: createContext({ clock }),
  })
  controller.start(1000)
  await clock.advance(50)
  const stopped = controller.stop()
  await clock.advance(50)
  await stopped
  assert.deepEqual(seen, [1])
})
