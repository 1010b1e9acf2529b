import { colours, plain, type Style } from './grid.ts'
import { type Group, groups } from './groups.ts'

/** `col`: a colour for each group; `mono`: greys; `inv`: greys towards white. */
export type Theme = 'col' | 'mono' | 'inv'

/** In the order in which the key changes them. */
export const themes: readonly Theme[] = ['mono', 'inv', 'col']

/** What the terminal can show: the 256 colours of xterm, or none that can be relied upon. */
export type Colours = 'ansi256' | 'none'

/** What one sample is drawn with. */
export type ChartCell = readonly [character: string, style: Style]

/**
 * The cells of a chart from nothing to full: 25 where there are colours, three times from low to high with each colour on the one
 * before; else 9.
 */
export function cellsOf(group: Group, theme: Theme, available: Colours): readonly ChartCell[] {
  if (available === 'none') return colourless
  return cells[theme === 'col' ? groups[group].palette : theme === 'mono' ? 'gray' : 'white']
}

const levels = [...'▁▂▃▄▅▆▇█']
const nothing: ChartCell = [' ', plain]
const colourless: readonly ChartCell[] = [nothing, ...levels.map((level): ChartCell => [level, plain])]

/** The terminal's background. */
const background = -1

const cells = {
  green: ramp(150, 107, 22),
  red: ramp(224, 181, 138),
  blue: ramp(189, 146, 103),
  pink: ramp(223, 180, 137),
  gray: ramp(7, 8, 0),
  white: ramp(8, 7, 15),
}

function ramp(...palette: readonly number[]): readonly ChartCell[] {
  const bands = palette.map((colour, band) => colours(colour, palette[band - 1] ?? background))
  return [nothing, ...bands.flatMap((style) => levels.map((level): ChartCell => [level, style]))]
}
