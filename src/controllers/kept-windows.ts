import { degraded, type HealthStatus, unhealthy } from '../core/component.ts'
import type { Log } from '../core/log.ts'
import { toError } from '../core/result.ts'
import { PendingWindows, type PendingWindowsOptions } from './pending-windows.ts'
import { checkWindowState, type StateStore, type WindowState } from './window-state.ts'

export interface KeptWindowsOptions extends PendingWindowsOptions {
  readonly store: StateStore<WindowState> | undefined
  readonly log: Log
}

/** Pending windows that are kept over restarts. */
export class KeptWindows extends PendingWindows {
  readonly #options: KeptWindowsOptions
  #loaded = false
  #error: Error | undefined

  constructor(options: KeptWindowsOptions) {
    super(options)
    this.#options = options
  }

  get loaded(): boolean {
    return this.#loaded
  }

  /** What is wrong with keeping them, if anything. */
  get problem(): HealthStatus | undefined {
    if (!this.#error) return undefined
    return this.#loaded
      ? degraded(`cannot save which windows are still to be exported: ${this.#error.message}`)
      : unhealthy(`cannot read which windows are still to be exported: ${this.#error.message}`)
  }

  /** Whether what was kept is here. Before that nothing may be exported, or windows would be missed for a state that is only out of reach. */
  async load(): Promise<boolean> {
    if (this.#loaded) return true
    const { store, log, resolutionMs } = this.#options
    try {
      const state = await store?.load()
      if (state !== undefined) this.restore(checkWindowState(state, resolutionMs))
      this.#error = undefined
      this.#loaded = true
    } catch (thrown) {
      this.#error = toError(thrown)
      log.error('cannot read which windows are still to be exported', { error: this.#error })
    }
    return this.#loaded
  }

  /** A failure is told and in `problem`; what was not saved is exported once more after a restart. */
  async save(): Promise<void> {
    const { store, log } = this.#options
    const { state } = this
    if (!store || !this.#loaded || !state) return
    try {
      await store.save(state)
      this.#error = undefined
    } catch (thrown) {
      this.#error = toError(thrown)
      log.error('cannot save which windows are still to be exported', { error: this.#error })
    }
  }
}
