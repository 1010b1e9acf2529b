import { cut } from '../codecs/text/text-width.ts'
import type { Grid } from './grid.ts'
import type { Row } from './rows/row.ts'
import { labelOf, maximumOf } from './scale.ts'
import type { ChartCell } from './theme.ts'
import type { View } from './view-state.ts'

/** From one label of a ruler to the next, in columns. */
const rulerStep = 20

/** A border with a blank beside it. */
const border = 2

/** How many samples a chart with that indent has room for. */
export const chartWidth = (columns: number, indent: number): number => Math.max(0, columns - 2 * border - indent)

export interface Chart {
  readonly row: Row
  /** One for each column, the newest last; NaN where there is none. */
  readonly values: readonly number[]
  /** From nothing to full. */
  readonly cells: readonly ChartCell[]
  readonly view: View
}

/** Draws a series into two lines: its title before a ruler with values, and below them its samples, the newest at the right. */
export function drawChart(grid: Grid, top: number, { row, values, cells, view }: Chart): void {
  const maximum = maximumOf(row.scale, values)
  const title = cut(row.title, chartWidth(grid.columns, row.indent))
  const labels = view === 'off' ? [] : everyStep(view === 'one' ? 1 : grid.columns)
  drawRuler(grid, top, {
    left: `${' '.repeat(row.indent)}╔ ${title}`,
    right: '╗',
    labels: labels.flatMap((age) => {
      const value = values.at(-1 - age) ?? Number.NaN
      return Number.isNaN(value) ? [] : [[age, labelOf(row.scale, value, maximum)]]
    }),
  })

  grid.set(top + 1, grid.columns - 1, '╝')
  grid.set(top + 1, row.indent, '╚')
  const first = grid.columns - border - values.length
  const perUnit = cells.length / maximum
  values.forEach((value, index) => {
    const cell = Math.min(Math.floor(value * perUnit), cells.length - 1)
    if (cell > 0) grid.set(top + 1, first + index, ...cells[cell]!)
  })
}

/** Draws the line of times: `secondsAgo` tells how old a sample is that stands so many columns from the right. */
export function drawTimes(grid: Grid, top: number, secondsAgo: (age: number) => number): void {
  const labels = everyStep(grid.columns).map((age): Label => [age, `-${Math.max(0, secondsAgo(age)).toFixed(2)}s`])
  drawRuler(grid, top, { left: '╚ ', right: '╝', labels })
}

/** What is written of the sample that stands so many columns from the right. */
type Label = readonly [age: number, text: string]

/**
 * Dots between `left` and `right`. Each label ends in `|` in the column of its sample; one that would touch what is left of it is left
 * out.
 */
function drawRuler(grid: Grid, top: number, { left, right, labels }: { left: string; right: string; labels: readonly Label[] }): void {
  const end = grid.columns - border
  grid.set(top, grid.columns - 1, right)
  grid.write(top, 0, left.padEnd(end, '.'))
  for (const [age, text] of labels) {
    const start = end - age - text.length - 1
    if (start > left.length) grid.write(top, start, `${text}|`)
  }
}

const everyStep = (columns: number): readonly number[] =>
  Array.from({ length: Math.ceil(columns / rulerStep) }, (_, index) => index * rulerStep)
