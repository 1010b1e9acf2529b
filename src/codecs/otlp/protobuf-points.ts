import type { ByteWriter, Point } from '../../core/index.ts'
import { dataPoint } from './data-points.ts'
import type { Points } from './format.ts'
import type { MessageType } from './message-type.ts'
import { beginField, delimitedSize, fieldsOf, MessageWriter } from './message-writer.ts'
import { dataPoints, type Form, type MetricMessage, metric } from './messages.ts'
import { type NumberTail, tailSize } from './number-tail.ts'
import type { ProtobufSeries } from './protobuf-series.ts'

const metricField = 2
const pointField = 1

/**
 * A metric with its points. As long as these are numbers and no more, only their sizes are added up, and they are written where they
 * belong; the first that is something else has all written aside.
 */
export class ProtobufPoints implements Points<ProtobufSeries> {
  readonly #form: Form
  readonly #field: number
  readonly #before: Uint8Array
  readonly #after: Uint8Array
  readonly #tail: NumberTail
  readonly #numbers: Point[] = []
  /** What stands in front of the tail of each. */
  readonly #starts: Uint8Array[] = []
  readonly #aside = new MessageWriter()
  #numbersSize = 0

  constructor(form: Form, { [form]: data = {}, ...head }: MetricMessage, tail: NumberTail) {
    const { number, kind } = metric.fields.find(({ name }) => name === form)!
    this.#form = form
    this.#field = number
    this.#before = fieldsOf(metric, head)
    this.#after = fieldsOf(kind as MessageType, data)
    this.#tail = tail
  }

  clear(): void {
    this.#aside.writer.clear()
    this.#forgetNumbers()
  }

  number(point: Point, series: ProtobufSeries): void {
    const size = tailSize(point.startTimeMs)
    const start = series.start(size)
    if (this.#aside.writer.length > 0) {
      this.#writeNumber(this.#aside.writer, point, start)
      return
    }
    this.#numbers.push(point)
    this.#starts.push(start)
    this.#numbersSize += start.length + size
  }

  point(point: Point, series: ProtobufSeries): void {
    this.#writeNumbers(this.#aside.writer)
    this.#forgetNumbers()
    this.#aside.delimited(pointField, (nested) => {
      nested.writer.bytes(series.attributes(this.#form))
      nested.message(dataPoints[this.#form] as MessageType, dataPoint(point))
    })
  }

  size(): number {
    return delimitedSize(this.#metricSize())
  }

  writeTo(writer: ByteWriter): void {
    beginField(writer, metricField, this.#metricSize())
    writer.bytes(this.#before)
    beginField(writer, this.#field, this.#dataSize())
    this.#writeNumbers(writer)
    writer.bytes(this.#aside.writer.view())
    writer.bytes(this.#after)
  }

  #metricSize(): number {
    return this.#before.length + delimitedSize(this.#dataSize())
  }

  #dataSize(): number {
    return this.#numbersSize + this.#aside.writer.length + this.#after.length
  }

  #forgetNumbers(): void {
    this.#numbers.length = 0
    this.#starts.length = 0
    this.#numbersSize = 0
  }

  #writeNumbers(writer: ByteWriter): void {
    for (let index = 0; index < this.#numbers.length; index++) this.#writeNumber(writer, this.#numbers[index]!, this.#starts[index]!)
  }

  #writeNumber(writer: ByteWriter, { timeMs, startTimeMs, value }: Point, start: Uint8Array): void {
    writer.bytes(start)
    writer.bytes(this.#tail.of(timeMs, startTimeMs, value as number))
  }
}
