/** A line that could not be read, counted from 1, and why. */
export interface LineProblem {
  readonly line: number
  readonly message: string
}

const most = 20

/** The lines of a text that had to be left out. */
export class Problems {
  /** The first ones. */
  readonly list: LineProblem[] = []
  count = 0

  add(line: number, message: string): void {
    if (this.count++ < most) this.list.push({ line, message })
  }

  /** Runs it, and takes a SyntaxError for a line that cannot be read. */
  attempt<T>(line: number, read: () => T): T | undefined {
    try {
      return read()
    } catch (thrown) {
      this.addThrown(line, thrown)
      return undefined
    }
  }

  addThrown(line: number, thrown: unknown): void {
    if (!(thrown instanceof SyntaxError)) throw thrown
    this.add(line, thrown.message)
  }
}
