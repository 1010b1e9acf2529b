import type { ByteWriter, Point, Series } from '../../core/index.ts'
import type { MessageType } from './message-type.ts'
import type { Form, MetricMessage, OtlpSignal } from './messages.ts'
import type { Content, ResourceGroup } from './origins.ts'

/** What is not the same in both forms of OTLP. `Prepared` is what a form makes of a series once. */
export interface Format<Prepared> {
  readonly contentType: string
  readonly extension: string
  /** The fields of a message, to stand among others. */
  fields<T>(type: MessageType<T>, message: T): Uint8Array
  prepare(series: Series): Prepared
  /** For the points of a metric, of which `head` tells all else. */
  points(form: Form, head: MetricMessage): Points<Prepared>
  /** For what stands in a scope: metrics, spans or log records. */
  elements(): Elements
  write(writer: ByteWriter, signal: OtlpSignal, resources: readonly ResourceGroup<Elements>[]): void
}

/** A metric with its points. */
export interface Points<Prepared> extends Element {
  /** Adds a number without exemplars that is not the end of its series. */
  number(point: Point, prepared: Prepared): void
  /** Adds any point that can be said in that form. */
  point(point: Point, prepared: Prepared): void
}

/** Something that is put together bit by bit, and written later. */
export interface Element extends Content {
  writeTo(writer: ByteWriter): void
}

/** What stands in a scope. */
export interface Elements extends Content {
  message<T>(type: MessageType<T>, message: T): void
  /** Its content may still come. */
  element(element: Element): void
}
