import { styleText } from 'node:util'
import { cut, printable, widthOf } from '../../codecs/text/text-width.ts'
import type { Grid, GridColumn } from './grid.ts'

export interface LayoutOptions {
  /** Columns of the terminal; Infinity for no limit. */
  readonly width: number
  readonly color: boolean
}

const gap = '  '
const narrowest = 8

/** The grid as text: columns aligned under their titles, no line wider than the terminal, a line end after each. */
export function layout({ caption, columns, lines }: Grid, { width, color }: LayoutOptions): string {
  const cells = [columns.map(({ title }) => title), ...lines].map((line) => line.map(printable))
  const natural = columns.map((_, at) => cells.reduce((widest, line) => Math.max(widest, widthOf(line[at]!)), 0))
  const widths = fit(natural, columns, width)
  const [titles, ...body] = cells.map((line) => {
    const fitted = line.map((text, at) => pad(cut(text, widths[at]!), widths[at]!, columns[at]!.align))
    return cut(fitted.join(gap).trimEnd(), width)
  })
  const head = caption === undefined ? [titles!] : [cut(printable(caption), width), titles!]
  const shown = color ? head.map((line) => styleText('dim', line, { validateStream: false })) : head
  return [...shown, ...body, ''].join('\n')
}

/** The widths with what is too much taken from the flexible columns, always from the widest. */
function fit(natural: readonly number[], columns: readonly GridColumn[], width: number): readonly number[] {
  const widths = [...natural]
  const flexible = [...columns.keys()].filter((at) => columns[at]!.flexible)
  const total = widths.reduce((sum, each) => sum + each, 0) + gap.length * (columns.length - 1)
  for (let over = total - width; over > 0; over--) {
    const widest = flexible.reduce<number | undefined>((a, b) => (a === undefined || widths[b]! > widths[a]! ? b : a), undefined)
    if (widest === undefined || widths[widest]! <= narrowest) break
    widths[widest]!--
  }
  return widths
}

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}
