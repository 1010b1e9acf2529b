import { backgroundOf, foregroundOf, Grid, plain, reverse, type Style } from './grid.ts'

/** Control sequences of ECMA-48 and, for the 256 colours, of xterm. */
const introducer = '\u001b['
const clear = `${introducer}0m${introducer}2J`

/** A gap of so many unchanged cells is written over: to move the cursor takes as many bytes. */
const worthMoving = 6

/**
 * What a terminal that shows `before` is to be sent to show `after`: only the runs of cells that differ. All of them where nothing is
 * known of it, or its size is another.
 */
export function paint(after: Grid, before?: Grid): string {
  const known = before?.columns === after.columns && before.rows === after.rows ? before : undefined
  const base = known ?? new Grid(after)
  let out = known ? '' : clear
  let style: Style | undefined
  for (let row = 0; row < after.rows; row++) {
    for (const [from, to] of runsOf(row, after, base)) {
      out += `${introducer}${row + 1};${from + 1}H`
      for (let index = row * after.columns + from; index < row * after.columns + to; index++) {
        if (after.styles[index] !== style) {
          style = after.styles[index]!
          out += selectStyle(style)
        }
        out += after.characters[index]
      }
    }
  }
  return style === undefined || style === plain ? out : `${out}${introducer}0m`
}

/** The runs of cells in a row that differ, as columns `[from, to)`. */
function runsOf(row: number, after: Grid, before: Grid): readonly (readonly [from: number, to: number])[] {
  const runs: [number, number][] = []
  for (let column = 0; column < after.columns; column++) {
    const index = row * after.columns + column
    if (after.characters[index] === before.characters[index] && after.styles[index] === before.styles[index]) continue
    const last = runs.at(-1)
    if (last && column - last[1] <= worthMoving) last[1] = column + 1
    else runs.push([column, column + 1])
  }
  return runs
}

function selectStyle(style: Style): string {
  const foreground = foregroundOf(style)
  const background = backgroundOf(style)
  const parts = [
    '0',
    ...(style & reverse ? ['7'] : []),
    ...(foreground >= 0 ? [`38;5;${foreground}`] : []),
    ...(background >= 0 ? [`48;5;${background}`] : []),
  ]
  return `${introducer}${parts.join(';')}m`
}
