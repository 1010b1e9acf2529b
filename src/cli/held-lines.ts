import type { Screen } from './screen.ts'

/** So many of the newest lines are kept. */
const most = 50

/** Lines for a screen that something else may have for a while: until it is released they wait, and of too many the oldest are left out. */
export class HeldLines implements Pick<Screen, 'line' | 'hasColors'> {
  readonly #screen: Screen
  #held: string[] | undefined
  #leftOut = 0

  constructor(screen: Screen) {
    this.#screen = screen
  }

  get hasColors(): boolean {
    return this.#screen.hasColors
  }

  line(text: string): void {
    if (this.#held) this.#keep(this.#held, text)
    else this.#screen.line(text)
  }

  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const lines = this.#held ?? []
    const leftOut = this.#leftOut
    this.#held = undefined
    this.#leftOut = 0
    if (leftOut > 0) this.#screen.line(`(${leftOut.toLocaleString('en-US')} earlier lines are left out)`)
    for (const line of lines) this.#screen.line(line)
  }

  #keep(held: string[], text: string): void {
    held.push(text)
    if (held.length <= most) return
    held.shift()
    this.#leftOut++
  }
}
