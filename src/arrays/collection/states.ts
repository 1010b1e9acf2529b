import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { JsonStateFile } from '../../controllers/json-state-file.ts'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { alignWindow } from '../../sdk.ts'

/** How far the history of an array is collected. */
export interface HistoryState {
  readonly version: 1
  /** From when on the history is still to be collected, in milliseconds since the epoch; absent when it was not asked for. */
  readonly fromMs?: number
  /** When collecting began: what comes after it is in the windows. */
  readonly toMs: number
}

/** What collecting keeps of an array over restarts. */
export interface ArrayStates {
  windows(id: string): StateStore<WindowState>
  history(id: string): StateStore<HistoryState>
  /** Forgets the array. */
  remove(id: string): Promise<void>
}

/** Small files in a folder. */
export function statesIn(folder: string): ArrayStates {
  const path = (id: string, what: string) => join(folder, `${encodeURIComponent(id)}.${what}.json`)
  return {
    windows: (id) => new JsonStateFile(path(id, 'windows')),
    history: (id) => new JsonStateFile(path(id, 'history')),
    remove: async (id) => {
      for (const what of ['windows', 'history']) await rm(path(id, what), { force: true })
    },
  }
}

/** Windows that were saved in another length are there in this one: all from the oldest that was pending are pending. */
export const inLength = (kept: StateStore<WindowState>, resolutionMs: number): StateStore<WindowState> => ({
  save: (state) => kept.save(state),
  load: async () => {
    const state = await kept.load()
    if (!state || state.resolutionMs === resolutionMs) return state
    const oldestMs = Math.min(state.nextMs, ...state.pendingMs)
    return { ...state, resolutionMs, nextMs: alignWindow(oldestMs, resolutionMs).start.getTime(), pendingMs: [] }
  },
})
