import { readFileSync } from 'node:fs'
import { limitsOf, type Scene } from './draw.ts'
import { backgroundOf, foregroundOf, type Grid, reverse, type Size } from './grid.ts'
import { parseRecording } from './recording/recording.ts'
import { SeriesStore } from './series-store.ts'
import { afterKey, initialState, within } from './view-state.ts'

/**
 * 200 samples of a machine that has everything happen to it: CPU 1 is offline for a while, a GPU comes, measured at every fifth
 * sample, memory grows in a step, swap begins to be used, and one sample is 2.5 s late.
 */
export const recordingPath = new URL('fixtures/recording.csv', import.meta.url)

/** The recording as it is shown at first. */
export async function recordedScene(): Promise<Scene> {
  const store = new SeriesStore({ holdMs: (name) => (name.startsWith('gpu.') ? 15_000 : 0) })
  const text = (async function* () {
    yield readFileSync(recordingPath, 'utf8')
  })()
  for await (const { timeMs, values } of parseRecording(text, 'recording.csv')) store.update(timeMs, values)
  const exports = ['csv', 'prometheus'].map((name) => ({ name, delivered: 3200, pending: 0, deadLettered: 0 }))
  return { store, state: initialState, status: { exports, balanced: true }, refreshMs: 1000, colours: 'ansi256' }
}

/** The scene after those keys, on a screen of that size. */
export function press(scene: Scene, size: Size, keys: readonly string[]): Scene {
  let { state } = scene
  for (const key of keys) {
    state = afterKey(state, key)
    state = within(state, limitsOf({ ...scene, state }, size))
  }
  return { ...scene, state }
}

/** A grid for reading: its text, then its styles as a letter for each cell, then what the letters stand for. */
export function picture(grid: Grid): string {
  const letters = new Map([[0, '.']])
  const styles = Array.from({ length: grid.rows }, (_, row) =>
    [...grid.styles.subarray(row * grid.columns, (row + 1) * grid.columns)]
      .map((style) => {
        if (!letters.has(style)) letters.set(style, String.fromCharCode(96 + letters.size))
        return letters.get(style)
      })
      .join(''),
  )
  const legend = [...letters].map(([style, letter]) => {
    const colour = (number: number) => (number < 0 ? 'default' : number)
    return `${letter} ${colour(foregroundOf(style))} on ${colour(backgroundOf(style))}${style & reverse ? ', reverse' : ''}`
  })
  const text = Array.from({ length: grid.rows }, (_, row) => grid.line(row))
  return [...text, '', ...styles, '', ...legend, ''].join('\n')
}
