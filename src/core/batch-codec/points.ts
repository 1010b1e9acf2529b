import type { ByteReader } from '../byte-reader.ts'
import type { ByteWriter } from '../byte-writer.ts'
import type { Exemplar, Point, PointValue } from '../point.ts'
import type { Series } from '../series.ts'
import type { BatchDictionary } from './dictionary.ts'
import { readValue, writeValue } from './values.ts'

/** What stands before a point, as bits. */
const has = { sameTime: 1, start: 2, sameStart: 4, structure: 8, exemplars: 16, stale: 32 } as const

/** Points one after the other: the number of the series, what is not as in the point before, and the value. About 12 bytes each. */
export function writePoints(writer: ByteWriter, points: readonly Point[], dictionary: BatchDictionary): void {
  writer.varint(points.length)
  let time = Number.NaN
  let start = Number.NaN
  for (const point of points) {
    const { series, timeMs, value, startTimeMs, exemplars, stale } = point
    const plain = typeof value === 'number'
    writer.byte(
      (timeMs === time ? has.sameTime : 0) |
        (startTimeMs === undefined ? 0 : startTimeMs === start ? has.start | has.sameStart : has.start) |
        (plain ? 0 : has.structure) |
        (exemplars ? has.exemplars : 0) |
        (stale ? has.stale : 0),
    )
    writer.varint(dictionary.series(series))
    if (timeMs !== time) writer.double(timeMs)
    if (startTimeMs !== undefined && startTimeMs !== start) writer.double(startTimeMs)
    time = timeMs
    start = startTimeMs ?? start
    if (plain) writer.double(value)
    else writeValue(writer, value)
    if (exemplars) writeValue(writer, exemplars)
  }
}

export function readPoints(reader: ByteReader, dictionary: BatchDictionary): Point[] {
  const points: Point[] = []
  let time = Number.NaN
  let start = Number.NaN
  for (let left = reader.varint(); left > 0; left--) {
    const bits = reader.byte()
    const series = dictionary.at(reader.varint()) as Series
    if ((bits & has.sameTime) === 0) time = reader.double()
    const started = (bits & has.start) !== 0
    if (started && (bits & has.sameStart) === 0) start = reader.double()
    const value = bits & has.structure ? (readValue(reader) as PointValue) : reader.double()
    if ((bits & ~(has.sameTime | has.structure)) === 0) points.push({ series, timeMs: time, value })
    else
      points.push({
        series,
        timeMs: time,
        value,
        ...(started && { startTimeMs: start }),
        ...(bits & has.exemplars && { exemplars: readValue(reader) as readonly Exemplar[] }),
        ...(bits & has.stale && { stale: true }),
      })
  }
  return points
}
