import { orAborted } from '../core/or-aborted.ts'

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

  /**
   * Runs `change` while nothing is inside, and tells whether it did: not when the signal aborts before all have come out.
   * Changes take turns.
   */
  async change(change: () => void, signal: AbortSignal): Promise<boolean> {
    while (this.#closed) await this.#closed
    let open = () => {}
    this.#closed = new Promise((resolve) => {
      open = resolve
    })
    try {
      const emptied = new Promise<void>((resolve) => {
        this.#emptied = resolve
        if (this.#inside === 0) resolve()
      })
      await orAborted(emptied, signal)
      if (this.#inside > 0) return false
      change()
      return true
    } finally {
      this.#emptied = () => {}
      this.#closed = undefined
      open()
    }
  }
}
