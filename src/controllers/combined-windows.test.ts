import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createContext } from '../core/context.ts'
import { alignWindow } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { CombinedWindows } from './combined-windows.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const hourMs = 3_600_000
const hour = alignWindow(noon, hourMs)

function setUp(after?: { settledUntil: Date | undefined }) {
  const clock = new ManualClock(noon)
  const asked: number[] = []
  const windows = new CombinedWindows<readonly number[]>({
    name: 'hours',
    clock,
    ...(after && { after }),
    read: async ({ start }) => {
      const quarter = (start.getTime() - noon) / 900_000
      asked.push(quarter)
      return quarter === 2 ? undefined : [quarter]
    },
    combine: (_window, parts) => parts.flat(),
  })
  return { clock, asked, windows }
}

test('000-27 the shorter windows in a window are read in order; those that are missing are left out', async () => {
  const { asked, windows } = setUp()
  assert.deepEqual(await windows.compute(hour, 900_000, createContext()), [0, 1, 3])
  assert.deepEqual(asked, [0, 1, 2, 3])
})

test('nothing stored gives nothing', async () => {
  const { windows } = setUp()
  assert.equal(await windows.compute(alignWindow(noon + 1_800_000, 900_000), 900_000, createContext()), undefined)
})

test('a window that is not made of whole ones is refused', async () => {
  const { windows } = setUp()
  const refused = { message: 'hours: the window from 2026-01-05T12:00:00.000Z is not made of whole windows of 7h' }
  const sevenHours = { start: hour.start, end: new Date(noon + 7 * hourMs) }
  await assert.rejects(windows.compute(sevenHours, 7 * hourMs, createContext()), refused)
  await assert.rejects(windows.compute(hour, 40 * 60_000, createContext()), /not made of whole windows of 40m/)
})

test('a window that has ended waits until the shorter ones in it are settled; one that is open does not', async () => {
  const after: { settledUntil: Date | undefined } = { settledUntil: undefined }
  const { clock, windows } = setUp(after)
  assert.equal(windows.canCompute(hour), true)
  await clock.advance(hourMs)
  assert.equal(windows.canCompute(hour), false)
  after.settledUntil = new Date(noon + hourMs - 60_000)
  assert.equal(windows.canCompute(hour), false)
  after.settledUntil = hour.end
  assert.equal(windows.canCompute(hour), true)
})
