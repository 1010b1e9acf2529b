import { ByteWriter, type Label, type Series } from '../../core/index.ts'
import { beginField, delimitedSize } from './message-writer.ts'
import { dataPoints, type Form } from './messages.ts'

const pointField = 1
const attributes = new ByteWriter(1024)
const start = new ByteWriter(1024)

/** What the points of a series have in common, as bytes. */
export class ProtobufSeries {
  readonly #labels: readonly Label[]
  #attributes: Uint8Array | undefined
  #field = 0
  #start: Uint8Array | undefined
  #tailSize = 0

  constructor({ labels }: Series) {
    this.#labels = labels
  }

  /** The attributes of a point of that form. */
  attributes(form: Form): Uint8Array {
    const field = attributeFields[form]
    if (this.#attributes && field === this.#field) return this.#attributes
    this.#writeAttributes(field)
    this.#attributes = attributes.take()
    this.#field = field
    return this.#attributes
  }

  /** All of the field of a number that stands before its last `tailSize` bytes. */
  start(tailSize: number): Uint8Array {
    if (this.#start && tailSize === this.#tailSize) return this.#start
    this.#writeAttributes(attributeFields.gauge)
    start.clear()
    beginField(start, pointField, attributes.length + tailSize)
    start.bytes(attributes.view())
    this.#start = start.take()
    this.#tailSize = tailSize
    return this.#start
  }

  /** As `KeyValue` with a `stringValue`, by hand: there are more of these than of anything else. */
  #writeAttributes(field: number): void {
    attributes.clear()
    for (const [key, value] of this.#labels) {
      const [keySize, valueSize] = [Buffer.byteLength(key), Buffer.byteLength(value)]
      const anySize = delimitedSize(valueSize)
      beginField(attributes, field, delimitedSize(keySize) + delimitedSize(anySize))
      beginField(attributes, 1, keySize)
      attributes.text(key)
      beginField(attributes, 2, anySize)
      beginField(attributes, 1, valueSize)
      attributes.text(value)
    }
  }
}

const fieldOf = (form: Form): number => dataPoints[form].fields.find(({ name }) => name === 'attributes')!.number

/** In each form they are in a field of another number. */
const attributeFields: Readonly<Record<Form, number>> = {
  gauge: fieldOf('gauge'),
  sum: fieldOf('sum'),
  histogram: fieldOf('histogram'),
  exponentialHistogram: fieldOf('exponentialHistogram'),
  summary: fieldOf('summary'),
}
