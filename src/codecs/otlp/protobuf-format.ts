import type { ByteWriter } from '../../core/index.ts'
import type { Element, Elements, Format } from './format.ts'
import type { MessageType } from './message-type.ts'
import { beginField, delimitedSize, fieldsOf, MessageWriter } from './message-writer.ts'
import { NumberTail } from './number-tail.ts'
import type { ResourceGroup } from './origins.ts'
import { ProtobufPoints } from './protobuf-points.ts'
import { ProtobufSeries } from './protobuf-series.ts'

const resourceField = 1
const scopeField = 2
const elementField = 2

/** OTLP in the binary form of Protocol Buffers. The fields of requests have the same numbers for every signal. */
export function protobufFormat(): Format<ProtobufSeries> {
  const tail = new NumberTail()
  return {
    contentType: 'application/x-protobuf',
    extension: 'pb',
    fields: fieldsOf,
    prepare: (series) => new ProtobufSeries(series),
    points: (form, head) => new ProtobufPoints(form, head, tail),
    elements: () => new ProtobufElements(),
    write: (writer, _signal, resources) => write(writer, resources as readonly ResourceGroup<ProtobufElements>[]),
  }
}

function write(writer: ByteWriter, resources: readonly ResourceGroup<ProtobufElements>[]): void {
  for (const { head, scopes } of resources) {
    const sizes = scopes.map((scope) => scope.head.length + scope.content.size())
    beginField(
      writer,
      resourceField,
      sizes.reduce((sum, size) => sum + delimitedSize(size), head.length),
    )
    writer.bytes(head)
    for (const [index, scope] of scopes.entries()) {
      beginField(writer, scopeField, sizes[index]!)
      writer.bytes(scope.head)
      scope.content.writeTo(writer)
    }
  }
}

/** Messages are written as they come; points tell their size before they are. */
class ProtobufElements implements Elements {
  readonly #messages = new MessageWriter()
  readonly #points: ProtobufPoints[] = []

  clear(): void {
    this.#messages.writer.clear()
    this.#points.length = 0
  }

  message<T>(type: MessageType<T>, message: T): void {
    this.#messages.delimited(elementField, (nested) => nested.message(type, message))
  }

  element(points: Element): void {
    this.#points.push(points as ProtobufPoints)
  }

  size(): number {
    return this.#points.reduce((sum, points) => sum + points.size(), this.#messages.writer.length)
  }

  writeTo(writer: ByteWriter): void {
    writer.bytes(this.#messages.writer.view())
    for (const points of this.#points) points.writeTo(writer)
  }
}
