import type { Batch } from '../core/batch.ts'

/** What can be listened to. */
export type TapKind = 'exporter' | 'pipeline'

/** Shows live what passes exporters and pipelines to whoever listens. Costs a look-up where nobody does. */
export class Taps {
  readonly #listeners = new Map<string, Set<(batch: Batch) => void>>()

  /** Calls `listener` with every batch from now on, until the returned function is called. */
  listen(kind: TapKind, name: string, listener: (batch: Batch) => void): () => void {
    const key = `${kind} ${name}`
    const listeners = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(key)
    }
  }

  show(kind: TapKind, name: string, batch: Batch): void {
    if (this.#listeners.size === 0) return
    for (const listener of this.#listeners.get(`${kind} ${name}`) ?? []) listener(batch)
  }
}
