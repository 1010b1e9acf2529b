import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Window } from '../core/window.ts'
import { PendingWindows, type Tried } from './pending-windows.ts'
import { hourMs, noon } from './windows.fixture.ts'

/** Windows from −1 to `last` in hours from noon, all pending. */
function setUp(last: number) {
  const pending = new PendingWindows({ resolutionMs: hourMs, maxPending: 48 })
  pending.close(noon)
  pending.close(noon + (last + 1) * hourMs)
  /** One tick, in which every window tried becomes of what `answer` says; gives those tried. */
  const tick = (answer: (hour: number) => Tried, ready: (hour: number) => boolean = () => true) => {
    const tried: number[] = []
    const hourOf = ({ start }: Window) => (start.getTime() - noon) / hourMs
    const windows = pending.tick((window) => ready(hourOf(window)))
    for (let step = windows.next(); !step.done; ) {
      const window = step.value
      const outcome = answer(hourOf(window))
      tried.push(hourOf(window))
      if (outcome === 'settled') pending.settle(window)
      step = windows.next(outcome)
    }
    return tried
  }
  return { pending, tick }
}

const always = (outcome: Tried) => () => outcome

test('what fails by itself is tried again after 1, 2, 4, 8, then every 12 ticks, also when nothing else is tried', () => {
  const { tick } = setUp(0)
  tick((hour) => (hour === -1 ? 'failed' : 'settled'))
  const ticks = Array.from({ length: 40 }, (_, n) => (tick(always('failed')).length > 0 ? n + 1 : 0)).filter((n) => n > 0)
  assert.deepEqual(ticks, [1, 3, 7, 15, 27, 39])
})

test('a window that fails by itself does not keep one waiting that can be computed since', () => {
  const { tick } = setUp(1)
  const notLast = (hour: number) => hour < 1
  tick((hour) => (hour === -1 ? 'failed' : 'settled'), notLast)
  assert.deepEqual(tick(always('failed'), notLast), [-1])
  assert.deepEqual(tick(always('settled')), [1])
})

test('a destination that is down ends the tick; nobody is to blame, and all go on in order', () => {
  const { tick } = setUp(3)
  assert.deepEqual(
    tick((hour) => (hour === -1 ? 'settled' : 'down')),
    [-1, 0],
  )
  assert.deepEqual(tick(always('settled')), [0, 1, 2, 3])
})

test('what failed by itself before is not blamed for a destination that is down', () => {
  const { tick } = setUp(0)
  tick((hour) => (hour === -1 ? 'failed' : 'settled'))
  assert.deepEqual(tick(always('down')), [-1])
  assert.deepEqual(tick(always('settled')), [-1])
})

test('a success ends the waiting that had grown', () => {
  const { pending, tick } = setUp(0)
  for (let n = 0; n < 8; n++) tick(always('down'))
  assert.deepEqual(tick(always('settled')), [], 'it waits')
  pending.close(noon + 2 * hourMs)
  assert.deepEqual(
    tick((hour) => (hour === -1 ? 'settled' : 'down')),
    [-1, 0],
  )
  assert.deepEqual(tick(always('settled')), [0, 1])
})

test('a state restored is the state saved', () => {
  const { pending } = setUp(3)
  pending.reject({ start: new Date(noon + hourMs), end: new Date(noon + 2 * hourMs) })
  pending.close(noon + 100 * hourMs)
  const restored = new PendingWindows({ resolutionMs: hourMs, maxPending: 48 })
  restored.restore(pending.state!)
  assert.deepEqual(restored.state, pending.state)
  assert.deepEqual([restored.count, restored.dropped, restored.rejected], [48, 52, 1])
})
