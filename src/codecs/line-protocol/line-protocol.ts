import { ByteWriter, type MetricsBatch, type Point, type Series, SeriesCache, type StreamEncoder } from '../../core/index.ts'
import { microseconds } from '../text/microseconds.ts'
import { TimeCache } from '../text/time-cache.ts'
import { type Backslashes, type Escape, escapes } from './escape.ts'
import { type Field, fieldsOf } from './fields.ts'
import { GroupedLines } from './grouped-lines.ts'
import { type TagOptions, tagsOf } from './tags.ts'

export interface LineProtocolOptions extends TagOptions {
  /**
   * The measurement of every line, with the series' name as the field, and all fields of a tag set and time on one line. Without it the
   * name is the measurement, the field `value`, and every point has a line of its own.
   */
  readonly measurement?: string
  /** Who is to read them back as they were. Default: `guarded`. */
  readonly backslashes?: Backslashes
}

/** A point that line protocol cannot say, by its index: one of the rejections of a `partial` result. */
export interface Unwritten {
  readonly index: number
  readonly error: Error
}

/** What the lines of a series begin with. */
interface Start {
  /** The measurement and tags; empty where there is no such measurement. */
  readonly head: string
  /** The key of a plain number's field. */
  readonly field: string
  /** Both, up to the value. */
  readonly bytes: Uint8Array
}

/**
 * InfluxDB line protocol: labels as tags, every field a float, timestamps in nanoseconds. README.md has how names are escaped and
 * what distributions look like.
 */
export class LineProtocolEncoder implements StreamEncoder<MetricsBatch> {
  readonly contentType = 'text/plain; charset=utf-8'
  readonly extension = 'lp'
  readonly #options: LineProtocolOptions
  readonly #escape: Escape
  readonly #writer = new ByteWriter()
  readonly #starts = new SeriesCache((series) => this.#startOf(series))
  readonly #times = new TimeCache((timeMs) => ` ${nanoseconds(timeMs)}\n`)

  constructor(options: LineProtocolOptions = {}) {
    this.#options = options
    this.#escape = escapes[options.backslashes ?? 'guarded']
  }

  /** Leaves out what line protocol cannot say; `encodeInto` tells what that is. */
  encode(batch: MetricsBatch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  /** Answers the points that line protocol cannot say: NaN and infinities, years beyond 2262, names that are no measurement. */
  encodeInto(writer: ByteWriter, { points }: MetricsBatch): readonly Unwritten[] {
    const rejected: Unwritten[] = []
    const lines = this.#options.measurement === undefined ? undefined : new GroupedLines()
    for (let index = 0; index < points.length; index++) {
      const error = this.#point(points[index]!, writer, lines)
      if (error) rejected.push({ index, error })
    }
    lines?.write(writer, (timeMs) => this.#times.get(timeMs))
    return rejected
  }

  /** On a line of its own, or among `lines`. */
  #point({ series, timeMs, value }: Point, writer: ByteWriter, lines: GroupedLines | undefined): Error | undefined {
    if (!(Math.abs(timeMs) <= farthestMs)) return timeOutOfRange
    const start = this.#starts.get(series)
    if (start.head === '') return noMeasurement
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return notFinite
      if (lines) {
        lines.add(start.head, timeMs, [[start.field, value]])
        return undefined
      }
      writer.bytes(start.bytes)
      writer.number(value)
    } else {
      const fields = fieldsOf(value)
        .filter((field) => Number.isFinite(field[1]))
        .map(([key, number]): Field => [this.#fieldKey(series, key), number])
      if (fields.length === 0) return notFinite
      if (lines) {
        lines.add(start.head, timeMs, fields)
        return undefined
      }
      writer.text(`${start.head} ${fields.map((field) => field.join('=')).join()}`)
    }
    writer.bytes(this.#times.get(timeMs))
    return undefined
  }

  #startOf(series: Series): Start {
    const { measurement: given, ...tagOptions } = this.#options
    const measurement = this.#escape.measurement(given ?? series.name)
    const field = given === undefined ? 'value' : this.#escape.field(series.name)
    if (measurement === '' || measurement.startsWith('#') || field === '') return { head: '', field, bytes: new Uint8Array() }
    const tags = tagsOf(series, tagOptions)
      .map(([key, value]) => [this.#escape.tag(key), this.#escape.tag(value)])
      .filter(([key, value]) => key && value)
    const head = [measurement, ...tags.map((tag) => tag.join('='))].join()
    return { head, field, bytes: Buffer.from(`${head} ${field}=`) }
  }

  /** Of a distribution's. */
  #fieldKey({ name }: Series, key: string): string {
    return this.#options.measurement === undefined ? key : this.#escape.field(`${name}_${key}`)
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
