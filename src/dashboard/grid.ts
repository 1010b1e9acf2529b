import { printable, widthOf } from '../codecs/text/text-width.ts'

/**
 * How a cell looks: foreground (bits 0 to 8) and background (9 to 17), each 0 for the terminal's own or 1 + the number among xterm's
 * 256, then `reverse`.
 */
export type Style = number

export const plain: Style = 0
export const reverse: Style = 1 << 18

/** Colours by number; -1 is the terminal's own. */
export const colours = (foreground: number, background: number): Style => (foreground + 1) | ((background + 1) << 9)

export const foregroundOf = (style: Style): number => (style & 0x1ff) - 1
export const backgroundOf = (style: Style): number => ((style >> 9) & 0x1ff) - 1

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** Characters of which each takes one column: ASCII, box drawing and block elements. */
const single = /^[\x20-\x7e\u2500-\u259f]*$/
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** A screen's worth of cells, blank at first. What is written beyond its edges is lost. */
export class Grid implements Size {
  readonly columns: number
  readonly rows: number
  /** Row by row; empty in the second cell of a character that takes two. */
  readonly characters: string[]
  readonly styles: Uint32Array

  constructor({ columns, rows }: Size) {
    this.columns = columns
    this.rows = rows
    this.characters = new Array<string>(columns * rows).fill(' ')
    this.styles = new Uint32Array(columns * rows)
  }

  /** A character that takes one column. */
  set(row: number, column: number, character: string, style: Style = plain): void {
    if (row < 0 || row >= this.rows || column < 0 || column >= this.columns) return
    const index = row * this.columns + column
    this.characters[index] = character
    this.styles[index] = style
  }

  /**
   * Text from `column` on. A character of two columns of which one is beyond the edge is left out; what a terminal would obey is made
   * harmless.
   */
  write(row: number, column: number, text: string, style: Style = plain): void {
    if (single.test(text)) {
      for (let index = 0; index < text.length; index++) this.set(row, column + index, text[index]!, style)
      return
    }
    for (const { segment } of graphemes.segment(printable(text))) {
      const width = widthOf(segment)
      const fits = width === 1 || (column >= 0 && column + 1 < this.columns)
      if (width > 0) this.set(row, column, fits ? segment : ' ', style)
      if (width === 2) this.set(row, column + 1, fits ? '' : ' ', style)
      column += width
    }
  }

  /** The row as text. */
  line(row: number): string {
    return this.characters.slice(row * this.columns, (row + 1) * this.columns).join('')
  }
}
