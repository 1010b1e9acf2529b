import { ByteWriter, type Point } from '../../core/index.ts'
import { TimeCache } from '../text/time-cache.ts'
import { dataPoint } from './data-points.ts'
import type { Points } from './format.ts'
import { fieldsText, toJson } from './message-json.ts'
import type { MessageType } from './message-type.ts'
import { dataPoints, type Form, type MetricMessage, metric } from './messages.ts'
import { toNanoseconds } from './times.ts'

const comma = 0x2c
const closingBrace = 0x7d

/** What points say of their times. */
export class JsonTimes {
  readonly times = new TimeCache((timeMs) => `"timeUnixNano":"${toNanoseconds(timeMs)}",`)
  readonly startTimes = new TimeCache((timeMs) => `"startTimeUnixNano":"${toNanoseconds(timeMs)}",`)
}

/** A metric with its points. What these have in common by their series is prepared: the beginning, up to their attributes. */
export class JsonPoints implements Points<Uint8Array> {
  readonly #type: MessageType
  readonly #before: string
  readonly #times: JsonTimes
  readonly #points = new ByteWriter(1024)

  constructor(form: Form, { [form]: data = {}, ...head }: MetricMessage, times: JsonTimes) {
    const fields = Object.entries(data).map((field) => `${JSON.stringify(field[0])}:${JSON.stringify(field[1])},`)
    this.#type = dataPoints[form]
    this.#before = `{${fieldsText(metric, head)},"${form}":{${fields.join('')}"dataPoints":[`
    this.#times = times
  }

  clear(): void {
    this.#points.clear()
  }

  number({ timeMs, startTimeMs, value }: Point, start: Uint8Array): void {
    const writer = this.#points
    if (writer.length > 0) writer.byte(comma)
    writer.bytes(start)
    writer.bytes(this.#times.times.get(timeMs))
    if (startTimeMs !== undefined) writer.bytes(this.#times.startTimes.get(startTimeMs))
    writer.ascii('"asDouble":')
    if (Number.isFinite(value)) writer.number(value as number)
    else writer.ascii(`"${value}"`)
    writer.byte(closingBrace)
  }

  point(point: Point, start: Uint8Array): void {
    if (this.#points.length > 0) this.#points.byte(comma)
    this.#points.bytes(start)
    this.#points.text(JSON.stringify(toJson(this.#type, dataPoint(point))).slice(1))
  }

  writeTo(writer: ByteWriter): void {
    writer.text(this.#before)
    writer.bytes(this.#points.view())
    writer.ascii(']}}')
  }
}
