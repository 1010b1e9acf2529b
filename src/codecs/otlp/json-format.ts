import { ByteWriter, type Series } from '../../core/index.ts'
import { keyValues } from './attributes.ts'
import type { Element, Elements, Format } from './format.ts'
import { JsonPoints, JsonTimes } from './json-points.ts'
import { fieldsText, toJson } from './message-json.ts'
import type { MessageType } from './message-type.ts'
import { type DataPoint, dataPoints, type OtlpSignal } from './messages.ts'
import type { ResourceGroup } from './origins.ts'

const comma = 0x2c

/** What stands in a request of each signal, in its resources and in their scopes. */
const names: Readonly<Record<OtlpSignal, readonly [ofRequest: string, ofResource: string, ofScope: string]>> = {
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
}

/** OTLP in JSON. */
export function jsonFormat(): Format<Uint8Array> {
  const times = new JsonTimes()
  return {
    contentType: 'application/json',
    extension: 'json',
    fields: (type, message) => Buffer.from(fieldsText(type, message)),
    prepare,
    points: (form, head) => new JsonPoints(form, head, times),
    elements: () => new JsonElements(),
    write: (writer, signal, resources) => write(writer, names[signal], resources as readonly ResourceGroup<JsonElements>[]),
  }
}

/** The beginning of a point, which no series has without a field behind it. */
function prepare({ labels }: Series): Uint8Array {
  const point: DataPoint = { attributes: keyValues(Object.fromEntries(labels)) }
  return Buffer.from(labels.length === 0 ? '{' : `{${fieldsText(dataPoints.gauge, point)},`)
}

function write(
  writer: ByteWriter,
  [ofRequest, ofResource, ofScope]: (typeof names)[OtlpSignal],
  resources: readonly ResourceGroup<JsonElements>[],
): void {
  writer.ascii(`{"${ofRequest}":[`)
  for (const [index, { head, scopes }] of resources.entries()) {
    begin(writer, index, head, ofResource)
    for (const [index, { head, content }] of scopes.entries()) {
      begin(writer, index, head, ofScope)
      content.writeTo(writer)
      writer.ascii(']}')
    }
    writer.ascii(']}')
  }
  writer.ascii(']}')
}

/** Begins an object with the field `head` and the array `list`. */
function begin(writer: ByteWriter, index: number, head: Uint8Array, list: string): void {
  writer.ascii(index > 0 ? ',{' : '{')
  writer.bytes(head)
  writer.ascii(head.length > 0 ? `,"${list}":[` : `"${list}":[`)
}

class JsonElements implements Elements {
  readonly #messages = new ByteWriter(1024)
  readonly #elements: Element[] = []

  clear(): void {
    this.#messages.clear()
    this.#elements.length = 0
  }

  message<T>(type: MessageType<T>, message: T): void {
    if (this.#messages.length > 0) this.#messages.byte(comma)
    this.#messages.text(JSON.stringify(toJson(type, message)))
  }

  element(element: Element): void {
    this.#elements.push(element)
  }

  writeTo(writer: ByteWriter): void {
    writer.bytes(this.#messages.view())
    for (const [index, element] of this.#elements.entries()) {
      if (index > 0) writer.byte(comma)
      element.writeTo(writer)
    }
  }
}
