import type { Point, PointValue, Series } from '../../core/index.ts'

/** What was measured at one time, by the names of the values. */
export interface Sample {
  /** Milliseconds since the epoch. */
  readonly timeMs: number
  readonly values: ReadonlyMap<string, PointValue>
}

/**
 * The points as a sample for each of their times, in the order in which the times come first. A second value for the same name
 * and time is in another sample of that time, so none is lost.
 */
export function samplesOf(points: readonly Point[], nameOf: (series: Series) => string): readonly Sample[] {
  const byTime = new Map<number, { samples: Map<string, PointValue>[]; seen: Map<string, number> }>()
  for (const { series, timeMs, value } of points) {
    let at = byTime.get(timeMs)
    if (!at) {
      at = { samples: [], seen: new Map() }
      byTime.set(timeMs, at)
    }
    const name = nameOf(series)
    const times = at.seen.get(name) ?? 0
    at.seen.set(name, times + 1)
    const sample = at.samples[times]
    if (sample) sample.set(name, value)
    else at.samples.push(new Map([[name, value]]))
  }
  return [...byTime].flatMap(([timeMs, { samples }]) => samples.map((values) => ({ timeMs, values })))
}
