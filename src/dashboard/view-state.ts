import { groupNames, groups, type Modes, usualModes } from './groups.ts'
import { type Theme, themes } from './theme.ts'

/** Which values and times are written: none, those of the newest column, or every twentieth. */
export type View = 'off' | 'one' | 'all'

export const views: readonly View[] = ['off', 'one', 'all']

/** What the keys change. */
export interface ViewState {
  readonly view: View
  readonly theme: Theme
  readonly modes: Modes
  /** Rows scrolled down. */
  readonly down: number
  /** Samples scrolled back; while there are any the picture stands still. */
  readonly back: number
  readonly help: boolean
}

export const initialState: ViewState = { view: 'one', theme: 'col', modes: usualModes, down: 0, back: 0, help: false }

/** How far there is to scroll. */
export type Limits = Readonly<Record<'down' | 'back', number>>

/** The state after a key, as node:readline names it: a character, or `up`, `left`, `escape`. A key that means nothing changes nothing. */
export function afterKey(state: ViewState, key: string): ViewState {
  switch (key) {
    case 'up':
      return { ...state, down: state.down - 1 }
    case 'down':
      return { ...state, down: state.down + 1 }
    case 'left':
      return { ...state, back: state.back + 1 }
    case 'right':
      return { ...state, back: state.back - 1 }
    case '0':
      return { ...state, down: 0, back: 0 }
    case '?':
      return { ...state, help: !state.help }
    case 'escape':
      return { ...state, help: false }
  }
  const lower = key.toLowerCase()
  const step = key === lower ? 1 : -1
  if (lower === 'v') return { ...state, view: neighbour(views, state.view, step) }
  if (lower === 't') return { ...state, theme: neighbour(themes, state.theme, step) }
  const group = groupNames.find((name) => groups[name].key === lower)
  if (!group) return state
  return { ...state, modes: { ...state.modes, [group]: neighbour<string>(groups[group].modes, state.modes[group], step) } }
}

/** The state with nothing scrolled beyond its end. */
export function within(state: ViewState, { down, back }: Limits): ViewState {
  return { ...state, down: clamp(state.down, down), back: clamp(state.back, back) }
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most))

function neighbour<T>(all: readonly T[], now: T, step: 1 | -1): T {
  return all[(all.indexOf(now) + step + all.length) % all.length]!
}
