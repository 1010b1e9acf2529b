/** What a window controller keeps over a restart, as JSON. */
export interface WindowState {
  readonly version: 1
  readonly resolutionMs: number
  /** Start of the first window that was not yet seen closed; all before it are settled, dropped or pending. */
  readonly nextMs: number
  /** Starts of the closed windows that are still to be exported, ascending. */
  readonly pendingMs: readonly number[]
  /** Windows given up since there were too many, ever. */
  readonly dropped: number
  /** Windows whose data the exporter refused for good, ever. */
  readonly rejected: number
}

/** Where something is kept over restarts. What `save` has resolved for, `load` gives, whole, however the process ended. */
export interface StateStore<State> {
  /** What was saved last; undefined when nothing ever was. */
  load(): Promise<State | undefined>
  save(state: State): Promise<void>
}

/** The value as the state of windows of that length. Throws an Error that says what it is instead. */
export function checkWindowState(value: unknown, resolutionMs: number): WindowState {
  const state = value as Partial<Record<keyof WindowState, unknown>> | null
  if (typeof state !== 'object' || state === null) throw new Error('the saved state is not an object')
  if (state.version !== 1) throw new Error(`the saved state is of version ${state.version}, this program reads version 1`)
  if (state.resolutionMs !== resolutionMs)
    throw new Error(`the saved state is of windows of ${state.resolutionMs}ms, these are of ${resolutionMs}ms`)
  const { pendingMs } = state
  const numbers = [state.nextMs, state.dropped, state.rejected, ...(Array.isArray(pendingMs) ? pendingMs : [undefined])]
  if (!numbers.every(Number.isFinite)) throw new Error('the saved state is incomplete')
  return state as WindowState
}
