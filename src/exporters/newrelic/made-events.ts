import type { Point, Span } from '../../sdk.ts'
import { flat } from './attributes.ts'
import type { Config } from './config.ts'

/** An event that is made of records, by their indexes. */
export interface MadeEvent {
  readonly event: Readonly<Record<string, unknown>>
  readonly records: readonly number[]
}

type EventTypes = Config['eventTypes']

/** Of the points of one time, labels and resource that a type has as attributes, an event of that type. */
export function eventsOfPoints(points: readonly Point[], eventTypes: EventTypes): readonly MadeEvent[] {
  return Object.entries(eventTypes).flatMap(([eventType, { attributes }]) => {
    const wanted = new Set(attributes)
    const chosen = [...points.keys()].filter((index) => wanted.has(points[index]!.series.name) && Number.isFinite(points[index]!.value))
    const groups = Map.groupBy(chosen, (index) => {
      const { series, timeMs } = points[index]!
      return JSON.stringify([timeMs, series.labels, series.resource?.key])
    })
    return [...groups.values()].map((records) => {
      const { series, timeMs } = points[records[0]!]!
      const values = Object.fromEntries(records.map((index) => [points[index]!.series.name, points[index]!.value]))
      const origin = { ...flat(series.resource?.attributes), ...flat(Object.fromEntries(series.labels)) }
      return { event: { ...origin, ...values, timestamp: Math.floor(timeMs), eventType }, records }
    })
  })
}

/** Of each span that has an attribute which a type has, an event of that type. */
export function eventsOfSpans(spans: readonly Span[], eventTypes: EventTypes): readonly MadeEvent[] {
  return Object.entries(eventTypes).flatMap(([eventType, { attributes }]) =>
    spans.flatMap(({ attributes: own = {}, startTimeNs, resource }, index) => {
      const chosen = attributes.filter((name) => own[name] !== undefined)
      if (chosen.length === 0) return []
      const values = flat(Object.fromEntries(chosen.map((name) => [name, own[name]!])))
      return [
        { event: { ...flat(resource?.attributes), ...values, timestamp: Number(startTimeNs / 1_000_000n), eventType }, records: [index] },
      ]
    }),
  )
}
