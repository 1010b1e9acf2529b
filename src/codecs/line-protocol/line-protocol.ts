import {
  ByteWriter,
  type MetricsBatch,
  type Point,
  type Rejection,
  type Series,
  SeriesCache,
  type StreamEncoder,
} from '../../core/index.ts'
import { microseconds } from '../text/microseconds.ts'
import { TimeCache } from '../text/time-cache.ts'
import { escapeKey, escapeMeasurement } from './escape.ts'
import { fieldsOf } from './fields.ts'

export interface LineProtocolOptions {
  /** The measurement of every line, with the series' name as the field. Without it the name is the measurement and the field `value`. */
  readonly measurement?: string
}

/**
 * InfluxDB line protocol: a line for each point, labels as tags, every field a float, timestamps in nanoseconds.
 * README.md has how names are escaped and what distributions look like.
 */
export class LineProtocolEncoder implements StreamEncoder<MetricsBatch> {
  readonly contentType = 'text/plain; charset=utf-8'
  readonly extension = 'lp'
  readonly #measurement: string | undefined
  readonly #writer = new ByteWriter()
  readonly #upToValue = new SeriesCache((series) => this.#lineUpTo(series, `${this.#fieldKey(series, 'value')}=`))
  readonly #upToFields = new SeriesCache((series) => this.#lineUpTo(series, ''))
  readonly #times = new TimeCache((timeMs) => ` ${nanoseconds(timeMs)}\n`)

  constructor({ measurement }: LineProtocolOptions = {}) {
    this.#measurement = measurement
  }

  /** Leaves out what line protocol cannot say; `encodeInto` tells what that is. */
  encode(batch: MetricsBatch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  /** Answers the points that line protocol cannot say: NaN and infinities, years beyond 2262, names that are no measurement. */
  encodeInto(writer: ByteWriter, { points }: MetricsBatch): readonly Rejection[] {
    const rejected: Rejection[] = []
    for (let index = 0; index < points.length; index++) {
      const error = this.#point(writer, points[index]!)
      if (error) rejected.push({ index, error })
    }
    return rejected
  }

  #point(writer: ByteWriter, { series, timeMs, value }: Point): Error | undefined {
    if (!(Math.abs(timeMs) <= farthestMs)) return timeOutOfRange
    const start = (typeof value === 'number' ? this.#upToValue : this.#upToFields).get(series)
    if (start.length === 0) return noMeasurement
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return notFinite
      writer.bytes(start)
      writer.number(value)
    } else {
      const fields = fieldsOf(value).filter((field) => Number.isFinite(field[1]))
      if (fields.length === 0) return notFinite
      writer.bytes(start)
      writer.text(fields.map(([key, number]) => `${this.#fieldKey(series, key)}=${number}`).join())
    }
    writer.bytes(this.#times.get(timeMs))
    return undefined
  }

  /** Measurement, tags and `fields`, empty where there is no such measurement. */
  #lineUpTo(series: Series, fields: string): Uint8Array {
    const measurement = escapeMeasurement(this.#measurement ?? series.name)
    if (measurement === '' || measurement.startsWith('#') || escapeKey(series.name) === '') return new Uint8Array()
    const tags = series.labels.map(([key, value]) => [escapeKey(key), escapeKey(value)]).filter(([key, value]) => key && value)
    return Buffer.from(`${[measurement, ...tags.map((tag) => tag.join('='))].join()} ${fields}`)
  }

  #fieldKey(series: Series, key: string): string {
    if (this.#measurement === undefined) return key
    return escapeKey(key === 'value' ? series.name : `${series.name}_${key}`)
  }
}

/** As far as 64 bits of nanoseconds reach. */
const farthestMs = 9_223_372_036_854

const timeOutOfRange = new Error('line protocol has no timestamp so far from 1970')
const noMeasurement = new Error('line protocol has no measurement without a name or with one that begins with #')
const notFinite = new Error('line protocol has neither NaN nor an infinity')

function nanoseconds(timeMs: number): string {
  const micros = microseconds(timeMs)
  return micros === 0 ? '0' : `${micros}000`
}
