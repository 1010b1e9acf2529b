import { type Context, toError } from '../../sdk.ts'
import type { ArrayStates, ToldAlert } from './states.ts'

interface Told extends ToldAlert {
  readonly arrayId: string
}

export interface ToldAlertsOptions {
  readonly states: ArrayStates
  readonly context: Context
  /** So many alerts are remembered. */
  readonly limit: number
}

/** What comes in this time is saved together; in more where saving takes more than a twentieth of it, since there are very many. */
const saveEveryMs = 1000
const mostOfTime = 1 / 20

/** Remembers what was handed on last of each alert; those that fire over restarts, but for the last second before a process is killed. */
export class ToldAlerts {
  readonly #options: ToldAlertsOptions
  readonly #told = new Map<string, Told>()
  readonly #loaded = new Map<string, Promise<void>>()
  readonly #changed = new Set<string>()
  #saving: Promise<void> | undefined

  constructor(options: ToldAlertsOptions) {
    this.#options = options
  }

  /** Resolves when the alerts of that array can be asked for. */
  load(arrayId: string): Promise<void> {
    const loaded = this.#loaded.get(arrayId) ?? this.#load(arrayId)
    this.#loaded.set(arrayId, loaded)
    return loaded
  }

  get(id: string): ToldAlert | undefined {
    return this.#told.get(id)
  }

  firing(arrayId: string): readonly ToldAlert[] {
    return [...this.#told.values()].filter((told) => told.arrayId === arrayId && told.alert.status === 'firing')
  }

  put(arrayId: string, told: ToldAlert): void {
    this.#put({ ...told, arrayId })
    this.#changed.add(arrayId)
    this.#saving ??= this.#saveLater()
  }

  /** Resolves when everything is saved. The signal of the context has aborted. */
  async close(): Promise<void> {
    await this.#saving
  }

  #put(told: Told): void {
    const { id } = told.alert
    this.#told.delete(id)
    this.#told.set(id, told)
    if (this.#told.size > this.#options.limit) this.#told.delete(this.#told.keys().next().value!)
  }

  async #load(arrayId: string): Promise<void> {
    const { states, context } = this.#options
    try {
      const state = await states.alerts(arrayId).load()
      for (const told of state?.firing ?? []) if (!this.#told.has(told.alert.id)) this.#put({ ...told, arrayId })
    } catch (thrown) {
      context.log.warn('which alerts an array had is not known any more', { array: arrayId, error: toError(thrown) })
    }
  }

  async #saveLater(): Promise<void> {
    const { clock, signal } = this.#options.context
    let waitMs = saveEveryMs
    do {
      await clock.sleep(waitMs, signal)
      const began = clock.monotonic()
      const changed = [...this.#changed]
      this.#changed.clear()
      for (const arrayId of changed) await this.#save(arrayId)
      waitMs = Math.max(saveEveryMs, (clock.monotonic() - began) / mostOfTime)
    } while (this.#changed.size > 0)
    this.#saving = undefined
  }

  async #save(arrayId: string): Promise<void> {
    const { states, context } = this.#options
    const firing = this.firing(arrayId).map(({ alert, listed, atMs }) => ({ alert, listed, atMs }))
    try {
      if (firing.length > 0) await states.alerts(arrayId).save({ version: 1, firing })
      else await states.remove(arrayId, ['alerts'])
    } catch (thrown) {
      context.log.warn('the alerts of an array could not be saved', { array: arrayId, error: toError(thrown) })
    }
  }
}
