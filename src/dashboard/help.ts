import { cut, widthOf } from '../codecs/text/text-width.ts'
import { type Grid, reverse } from './grid.ts'
import { type Group, groupNames, groups } from './groups.ts'
import type { Colours } from './theme.ts'
import type { ViewState } from './view-state.ts'

export interface Help {
  readonly state: ViewState
  /** The groups that have anything to show; the keys of others do nothing. */
  readonly present: ReadonlySet<Group>
  readonly colours: Colours
}

/** Draws the keys with what each is set to over the middle of the screen. Where it has no room the last of them are missing. */
export function drawHelp(grid: Grid, { state, present, colours }: Help): void {
  const lines: readonly Line[] = [
    ['q', 'quit'],
    ['v', 'values and times', state.view],
    ['t', 'theme', colours === 'none' ? 'no colours' : state.theme],
    ...groupNames.filter((group) => present.has(group)).map((group): Line => [groups[group].key, groups[group].title, state.modes[group]]),
    ['←→↑↓', 'scroll', '0: back to now'],
    ['?', 'close; upper case: the other way'],
    ...(colours === 'none' ? [['', 'export TERM=xterm-256color for colours'] as const] : []),
  ]
  const width = Math.min(42, grid.columns)
  const height = Math.min(lines.length + 2, grid.rows)
  const left = (grid.columns - width) >> 1
  const top = (grid.rows - height) >> 1
  const write = (row: number, text: string) => grid.write(top + row, left, text, reverse)

  write(0, frame('╔═ Keys ', '═', '╗', width))
  lines.slice(0, height - 2).forEach((line, index) => {
    write(index + 1, frame(`║ ${wordsOf(line)}`, ' ', '║', width))
  })
  write(height - 1, frame('╚', '═', '╝', width))
}

type Line = readonly [key: string, meaning: string, setting?: string]

const wordsOf = ([key, meaning, setting = '']: Line): string => `${key.padEnd(5)}${meaning.padEnd(18)}${setting}`

/** `text` between the corner that it begins with and `end`, `width` wide. */
const frame = (text: string, fill: string, end: string, width: number): string => {
  const shown = cut(text, width - 1)
  return shown + fill.repeat(Math.max(0, width - 1 - widthOf(shown))) + end
}
