/** Those who wait until a number of records are settled. */
export class Flushes {
  #waiting: readonly { readonly upTo: number; readonly resolve: () => void }[] = []

  /** Resolves when the first so many are. */
  until(upTo: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting = [...this.#waiting, { upTo, resolve }]
    return promise
  }

  /** The first so many are settled. */
  reached(done: number): void {
    if (this.#waiting.length === 0) return
    for (const { upTo, resolve } of this.#waiting) if (upTo <= done) resolve()
    this.#waiting = this.#waiting.filter(({ upTo }) => upTo > done)
  }
}
