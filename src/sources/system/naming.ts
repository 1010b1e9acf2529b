import type { Point, Series } from '../../sdk.ts'
import type { Measurement } from './measure.ts'

/** Gives the numbers of a measurement their names. It keeps the series that it has made, which spares their interning each time. */
export type Naming = (measurement: Measurement) => readonly Point[]

/** The points of one measurement; a value that is not known makes none. */
export class PointList {
  readonly points: Point[] = []
  readonly #timeMs: number

  constructor(timeMs: number) {
    this.#timeMs = timeMs
  }

  add(series: Series, value: number | undefined, startTimeMs?: number): void {
    if (value === undefined) return
    const timeMs = this.#timeMs
    this.points.push(startTimeMs === undefined ? { series, timeMs, value } : { series, timeMs, value, startTimeMs })
  }
}
