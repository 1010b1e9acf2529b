import { chartWidth, drawChart, drawTimes } from './chart.ts'
import { Grid, reverse, type Size } from './grid.ts'
import type { Modes } from './groups.ts'
import { drawHelp } from './help.ts'
import { rowsOf } from './rows/rows.ts'
import type { SeriesStore } from './series-store.ts'
import { type DashboardStatus, statusLine } from './status-line.ts'
import { type Colours, cellsOf } from './theme.ts'
import { type Limits, type View, type ViewState, within } from './view-state.ts'

/** All that is on the screen. */
export interface Scene {
  readonly store: SeriesStore
  readonly state: ViewState
  readonly status: DashboardStatus
  readonly refreshMs: number
  readonly colours: Colours
}

/** The screen for a scene: the same scene and size give the same cells, at any size, however far it is scrolled. */
export function draw(scene: Scene, size: Size): Grid {
  const grid = new Grid(size)
  const state = within(scene.state, limitsOf(scene, size))
  const { store, colours } = scene
  const rows = rowsOf(store.names, state.modes)
  const plan = planOf(size, state.view)
  const shown = rows.slice(state.down, state.down + plan.charts)

  shown.forEach((row, index) => {
    const values = store.slice(row.name, state.back, chartWidth(size.columns, row.indent))
    drawChart(grid, 2 * index, { row, values, cells: cellsOf(row.group, state.theme, colours), view: state.view })
  })
  const age = agesOf(scene)
  if (rows.length === 0)
    grid.write(0, 1, store.length === 0 ? 'Waiting for the first sample.' : 'Nothing to show yet, or all of it is hidden.')
  else if (plan.times) drawTimes(grid, 2 * shown.length, (column) => age(state.back + column))
  if (plan.status) {
    const line = statusLine(
      {
        status: scene.status,
        refreshMs: scene.refreshMs,
        ...(state.back > 0 && { secondsBack: age(state.back) }),
        above: state.down,
        below: rows.length - state.down - shown.length,
      },
      size.columns,
    )
    grid.write(size.rows - 1, 0, line, reverse)
  }
  if (state.help) drawHelp(grid, { state, present: presentGroups(store), colours })
  return grid
}

/** How far the scene can be scrolled: until the last series is at the bottom, and until the oldest sample is the newest on the screen. */
export function limitsOf({ store, state }: Scene, size: Size): Limits {
  const rows = rowsOf(store.names, state.modes).length
  return { down: Math.max(0, rows - planOf(size, state.view).charts), back: Math.max(0, store.length - 1) }
}

/** What there is room for. The line of times gives way first, then the status. */
function planOf({ rows }: Size, view: View): { charts: number; times: boolean; status: boolean } {
  const status = rows >= 3
  const times = view !== 'off' && rows >= 4
  return { charts: Math.max(1, (rows - Number(status) - Number(times)) >> 1), times, status }
}

/** How many seconds before the newest sample another was; before the oldest, how many it would have been. */
function agesOf({ store, refreshMs }: Scene): (samples: number) => number {
  const times = store.times(0, store.length)
  const newest = times.at(-1) ?? 0
  return (samples) => {
    const known = Math.min(samples, Math.max(0, times.length - 1))
    return (newest - (times.at(-1 - known) ?? newest) + (samples - known) * refreshMs) / 1000
  }
}

const presentGroups = (store: SeriesStore) => new Set(rowsOf(store.names, everything).map(({ group }) => group))

const everything: Modes = {
  cpu: 'all',
  network: 'show',
  gpu: 'load_and_vram',
  disk: 'show',
  swap: 'show',
  ram: 'all',
  power: 'all',
  ane: 'show',
}
