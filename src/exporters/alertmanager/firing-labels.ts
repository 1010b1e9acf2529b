import type { AlertLabels } from './posted-alert.ts'

/** Of so many alerts that fire at once it is known what they are called. */
const most = 100_000

/**
 * The labels under which each alert fires. To Alertmanager an alert with other labels is another alert; so when a severity changes,
 * what fires under the old labels has to be ended under those. Nothing is remembered across a restart.
 */
export class FiringLabels {
  readonly #byId = new Map<string, AlertLabels>()

  get(id: string): AlertLabels | undefined {
    return this.#byId.get(id)
  }

  /** Takes over what Alertmanager has been told: labels of those that fire, undefined for those that no longer do. */
  tell(told: ReadonlyMap<string, AlertLabels | undefined>): void {
    for (const [id, labels] of told) {
      this.#byId.delete(id)
      if (labels) this.#byId.set(id, labels)
    }
    for (const id of this.#byId.keys()) {
      if (this.#byId.size <= most) break
      this.#byId.delete(id)
    }
  }
}

export const sameLabels = (a: AlertLabels, b: AlertLabels): boolean => JSON.stringify(a) === JSON.stringify(b)
