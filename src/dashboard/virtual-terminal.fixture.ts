import { widthOf } from '../codecs/text/text-width.ts'
import { colours, Grid, plain, reverse, type Size, type Style } from './grid.ts'

/**
 * Obeys what `paint` and `Terminal` send, as a terminal does, on a grid that can be looked at. Throws at a sequence that it does not
 * know.
 */
export class VirtualTerminal {
  grid: Grid
  /** Private modes that are set, by number. */
  readonly modes = new Set<number>()
  #row = 0
  #column = 0
  #look: { readonly foreground: number; readonly background: number; readonly inverse: Style } = nothing

  constructor(size: Size) {
    this.grid = new Grid(size)
  }

  /** What was on the screen is lost, which terminals do not promise to keep. */
  resize(size: Size): void {
    this.grid = new Grid(size)
  }

  write(text: string): void {
    const sequence = /\u001b\[(\??)([\d;]*)([A-Za-z])|([^\u001b]+)|(\u001b)/g
    for (const [whole, isPrivate, parameters, command, plainText] of text.matchAll(sequence)) {
      if (plainText !== undefined) this.#print(plainText)
      else if (isPrivate && command === 'h') this.modes.add(Number(parameters))
      else if (isPrivate && command === 'l') this.modes.delete(Number(parameters))
      else if (command === 'H') [this.#row, this.#column] = parameters!.split(';').map((at) => Number(at) - 1) as [number, number]
      else if (command === 'J' && parameters === '2') this.grid = new Grid(this.grid)
      else if (command === 'm') this.#select(parameters!)
      else throw new Error(`unknown sequence ${JSON.stringify(whole)}`)
    }
  }

  #print(text: string): void {
    const style = colours(this.#look.foreground, this.#look.background) | this.#look.inverse
    for (const { segment } of new Intl.Segmenter('en').segment(text)) {
      if (segment === '\n' || segment === '\r\n') {
        this.#row++
        this.#column = 0
        continue
      }
      this.grid.write(this.#row, this.#column, segment, style)
      this.#column += widthOf(segment)
    }
  }

  #select(parameters: string): void {
    const codes = parameters.split(';').map(Number)
    for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
      if (code === 0) this.#look = nothing
      else if (code === 7) this.#look = { ...this.#look, inverse: reverse }
      else if (code === 27) this.#look = { ...this.#look, inverse: plain }
      else if (code === 39) this.#look = { ...this.#look, foreground: -1 }
      else if (code === 49) this.#look = { ...this.#look, background: -1 }
      else if (code === 38 && codes.shift() === 5) this.#look = { ...this.#look, foreground: codes.shift()! }
      else if (code === 48 && codes.shift() === 5) this.#look = { ...this.#look, background: codes.shift()! }
      else throw new Error(`unknown rendition ${parameters}`)
    }
  }
}

const nothing = { foreground: -1, background: -1, inverse: plain }
