import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metrics, type RowsBatch } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import { ok } from '../core/result.ts'
import { series } from '../core/series.ts'
import type { Window } from '../core/window.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { CombinedWindows } from './combined-windows.ts'
import { ComputeExportController } from './compute.ts'
import { EventExportController } from './event.ts'
import { ComputeExportControllerGroup } from './group.ts'
import { combineRows } from './window-rows.ts'
import type { StateStore, WindowState } from './window-state.ts'
import { WindowedAggregation } from './windowed-aggregation.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const minuteMs = 60_000

/** What outlives the process: what was exported, by length and start of the window, and the states. */
class Disk {
  readonly windows = new Map<string, RowsBatch>()
  readonly states = new Map<string, string>()

  at = (folder: string) => ({
    name: folder,
    replaces: true,
    export: async (window: Window, rows: RowsBatch) => {
      this.windows.set(`${folder}/${window.start.toISOString()}`, rows)
      return ok
    },
    read: async ({ start }: Window) => this.windows.get(`${folder}/${start.toISOString()}`),
  })

  state = (name: string): StateStore<WindowState> => ({
    load: async () => JSON.parse(this.states.get(name) ?? 'null') ?? undefined,
    save: async (state) => void this.states.set(name, JSON.stringify(state)),
  })

  /** Number of points and coverage of the window of the first series. */
  told(path: string): readonly unknown[] {
    const row = this.windows.get(path)?.rows[0]
    return [row?.[7], row?.[14]]
  }
}

/** A process that measures every ten seconds and stores minutes, hours and days. */
function boot(clock: ManualClock, disk: Disk) {
  const context = createContext({ clock })
  const aggregation = new WindowedAggregation({ resolution: '1m', clock })
  const host = { name: 'host', make: (at: Date) => metrics([{ series: series('load'), timeMs: at.getTime(), value: 1 }]) }
  const measuring = new EventExportController({ source: host, exporter: aggregation, context })
  const controller = (resolution: string, sourceResolution: string, source: CombinedWindows<RowsBatch> | WindowedAggregation) =>
    new ComputeExportController<RowsBatch>({
      source,
      exporter: disk.at(resolution),
      resolution,
      sourceResolution,
      state: disk.state(resolution),
      context,
      immediate: true,
    })
  const combined = (name: string, finer: string, after: ComputeExportController<RowsBatch>) =>
    new CombinedWindows<RowsBatch>({ name, clock, read: disk.at(finer).read, combine: combineRows, after })
  const minutes = controller('1m', '10s', aggregation)
  const hours = controller('1h', '1m', combined('hours', '1m', minutes))
  const days = controller('1d', '1h', combined('days', '1h', hours))
  const group = new ComputeExportControllerGroup([minutes, hours, days])
  measuring.start('10s')
  group.start('10s')
  return async () => {
    await measuring.stop()
    await group.stop()
  }
}

test('000-38 after a pause of ten minutes over the hour, hours and days are filled from the minutes that are stored', async () => {
  const clock = new ManualClock(noon)
  const disk = new Disk()
  const stop = boot(clock, disk)
  await clock.advance(55 * minuteMs + 30_000)
  assert.deepEqual(disk.told('1m/2026-01-05T12:54:00.000Z'), [6, 1])
  assert.deepEqual(disk.told('1m/2026-01-05T12:55:00.000Z'), [4, 0.5], 'the minute under way')
  assert.deepEqual(disk.told('1h/2026-01-05T12:00:00.000Z'), [334, 55.5 / 60], 'the hour under way')
  await stop()
  await clock.advance(10 * minuteMs)
  const stopAgain = boot(clock, disk)
  await clock.advance(5 * minuteMs)
  assert.deepEqual(disk.told('1m/2026-01-05T12:55:00.000Z'), [4, 0.5], 'not written over by less')
  assert.deepEqual(disk.told('1h/2026-01-05T12:00:00.000Z'), [334, 55.5 / 60], 'the hour that ended in the pause')
  await clock.advance(50 * minuteMs)
  assert.equal(disk.told('1h/2026-01-05T13:00:00.000Z')[1], 54.5 / 60)
  assert.equal(Math.floor(Number(disk.told('1d/2026-01-05T00:00:00.000Z')[1]) * 24 * 60), 55.5 + 54.5)
  await stopAgain()
})
