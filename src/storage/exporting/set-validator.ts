import { alignWindow, type Duration, formatResolution, parseDuration, type Window } from '../../sdk.ts'
import type { ExportValidator } from './export-validator.ts'

/**
 * Lets a set through whose window is one of its resolution, as `alignWindow` cuts time. An empty set is stored where nothing is,
 * and never replaces anything.
 */
export class SetValidator<T> implements ExportValidator<T> {
  readonly #resolutionMs: number
  readonly #isEmpty: (data: T) => boolean

  /**
   * `isEmpty` tells a set with nothing in it; by default one without elements, whose `length`, `size` or `isEmpty()` says so.
   * Throws WaybillError `INVALID_DURATION`.
   */
  constructor(resolution: Duration, isEmpty: (data: T) => boolean = hasNothing) {
    this.#resolutionMs = parseDuration(resolution)
    this.#isEmpty = isEmpty
  }

  validate(window: Window, data: T): void {
    if (data === undefined || data === null) throw new Error('invalid set: there is none')
    const { start, end } = window
    if (!isTime(start)) throw new Error('invalid set: its window has no start')
    if (!isTime(end)) throw new Error('invalid set: its window has no end')
    const lengthMs = end.getTime() - start.getTime()
    const length = formatResolution(this.#resolutionMs)
    if (lengthMs !== this.#resolutionMs) throw new Error(`invalid set: its window is ${lengthMs / 1000} s long, not ${length}`)
    const nearest = alignWindow(start.getTime(), this.#resolutionMs).start
    if (nearest.getTime() !== start.getTime())
      throw new Error(
        `invalid set: no window of ${length} starts at ${start.toISOString()}, the one that holds this time starts at ${nearest.toISOString()}`,
      )
  }

  isOverwrite(data: T): boolean {
    return data !== undefined && data !== null && !this.#isEmpty(data)
  }
}

const isTime = (time: Date | undefined): boolean => time instanceof Date && !Number.isNaN(time.getTime())

function hasNothing(data: unknown): boolean {
  const { length, size, isEmpty } = data as { length?: unknown; size?: unknown; isEmpty?: unknown }
  return typeof isEmpty === 'function' ? Boolean(isEmpty.call(data)) : (length ?? size) === 0
}
