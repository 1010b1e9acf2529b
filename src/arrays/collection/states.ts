import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { JsonStateFile } from '../../controllers/json-state-file.ts'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { alignWindow } from '../../sdk.ts'
import type { Span } from './array-source.ts'

/** What of the past of an array is still to be collected. */
export interface HistoryState {
  readonly version: 1
  /** When collecting began, in milliseconds since the epoch: what the array has kept from before is collected when it is asked for. */
  readonly beganMs: number
  /** Whether that was asked for. */
  readonly asked?: true
  /** Oldest first. */
  readonly spans: readonly Span[]
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

/**
 * Makes windows that were saved in another length go on in this one: from the last that has closed, or from where they were. What was
 * pending before that becomes history, which is asked for in larger pieces.
 */
export async function goOnInLength(
  states: ArrayStates,
  id: string,
  { resolutionMs, nowMs }: { resolutionMs: number; nowMs: number },
): Promise<void> {
  const windows = states.windows(id)
  const state = await windows.load()
  if (!state || state.resolutionMs === resolutionMs) return
  const startOf = (ms: number) => alignWindow(ms, resolutionMs).start.getTime()
  const nextMs = Math.max(startOf(state.nextMs), startOf(nowMs) - resolutionMs)
  const oldestMs = Math.min(state.nextMs, ...state.pendingMs)
  if (oldestMs < nextMs) {
    const history = (await states.history(id).load()) ?? { version: 1, beganMs: oldestMs, spans: [] }
    await states.history(id).save({ ...history, spans: [...history.spans, { startMs: oldestMs, endMs: nextMs }] })
  }
  await windows.save({ ...state, resolutionMs, nextMs, pendingMs: [] })
}
