import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { JsonStateFile } from '../../controllers/json-state-file.ts'
import type { StateStore, WindowState } from '../../controllers/window-state.ts'
import { type Alert, alignWindow } from '../../sdk.ts'
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

/** The alerts of an array that are firing. */
export interface AlertsState {
  readonly version: 1
  readonly firing: readonly ToldAlert[]
}

/** What was handed on last of an alert. */
export interface ToldAlert {
  readonly alert: Alert
  /** Whether the array lists it when asked. */
  readonly listed: boolean
  /** When it was handed on, in milliseconds since the epoch. */
  readonly atMs: number
}

/** What collecting keeps of an array over restarts. */
export interface ArrayStates {
  windows(id: string): StateStore<WindowState>
  history(id: string): StateStore<HistoryState>
  alerts(id: string): StateStore<AlertsState>
  /** Forgets what is named. */
  remove(id: string, what: readonly Kept[]): Promise<void>
}

export type Kept = 'windows' | 'history' | 'alerts'

/** Small files in a folder. */
export function statesIn(folder: string): ArrayStates {
  const path = (id: string, what: Kept) => join(folder, `${encodeURIComponent(id)}.${what}.json`)
  return {
    windows: (id) => new JsonStateFile(path(id, 'windows')),
    history: (id) => new JsonStateFile(path(id, 'history')),
    alerts: (id) => new JsonStateFile(path(id, 'alerts')),
    remove: async (id, what) => {
      for (const kept of what) await rm(path(id, kept), { force: true })
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
