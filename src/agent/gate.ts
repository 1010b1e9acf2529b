/** Lets work through until it is to be changed what the work meets: then nothing is under way, and nothing comes in. */
export class Gate {
  #inside = 0
  #closed: Promise<void> | undefined
  #emptied: () => void = () => {}

  /** Runs `work`, after a change that is under way. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.#closed) await this.#closed
    this.#inside++
    try {
      return await work()
    } finally {
      this.#inside--
      if (this.#inside === 0) this.#emptied()
    }
  }

  /** Runs `change` while nothing is inside. Changes take turns. */
  async change<T>(change: () => T): Promise<T> {
    while (this.#closed) await this.#closed
    let open = () => {}
    this.#closed = new Promise((resolve) => {
      open = resolve
    })
    try {
      if (this.#inside > 0)
        await new Promise<void>((resolve) => {
          this.#emptied = resolve
        })
      return change()
    } finally {
      this.#emptied = () => {}
      this.#closed = undefined
      open()
    }
  }
}
