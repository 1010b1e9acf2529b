import { ByteWriter } from '../../core/index.ts'
import { type Form, metricTypes } from './form.ts'
import type { Line, Metadata, Sample, WireExemplar, WireLabels } from './lines.ts'
import { histogramField } from './native-histogram.ts'
import { SampleBytes } from './sample-bytes.ts'
import { delimited, double, int64Field, text, varintField } from './wire-writer.ts'

interface Prepared {
  /** The labels, each a field of the time series. */
  readonly labels: Uint8Array
  readonly family: Family
}

interface Family {
  /** Its metadata, a field of the request. */
  readonly bytes: Uint8Array
  request: number
}

const timeSeriesTag = 0x0a

/**
 * `prometheus.WriteRequest` of remote write 1.0, with the exemplars, native histograms and metadata that Prometheus has put there
 * since: who does not know these fields passes over them.
 */
export class Form1 implements Form<Prepared> {
  readonly contentType = 'application/x-protobuf'
  readonly #samples = new SampleBytes(false)
  readonly #message = new ByteWriter(1024)
  readonly #rest = new ByteWriter(1024)
  readonly #families = new Map<string, Family>()
  readonly #told: Family[] = []
  #request = 0

  prepare(labels: WireLabels, metadata: Metadata): Prepared {
    this.#rest.clear()
    this.#labels(this.#rest, labels)
    const known = this.#families.get(metadata.name)
    const family = known ?? { bytes: metadataField(metadata), request: 0 }
    if (!known) this.#families.set(metadata.name, family)
    return { labels: Buffer.from(this.#rest.view()), family }
  }

  forget(): void {
    this.#families.clear()
  }

  begin(): void {
    this.#request++
    this.#told.length = 0
  }

  series(writer: ByteWriter, { prepared: { labels, family }, exemplars }: Line<Prepared>, samples: readonly Sample[]): void {
    if (family.request !== this.#request) {
      family.request = this.#request
      this.#told.push(family)
    }
    const values = this.#samples.of(samples)
    this.#rest.clear()
    if (values.length === 0) for (const sample of samples) histogramField(this.#rest, 4, sample, false)
    if (exemplars) for (const exemplar of exemplars) this.#exemplar(this.#rest, exemplar)
    writer.byte(timeSeriesTag)
    writer.varint(labels.length + values.length + this.#rest.length)
    writer.bytes(labels)
    writer.bytes(values)
    if (this.#rest.length > 0) writer.bytes(this.#rest.view())
  }

  end(writer: ByteWriter): void {
    for (const { bytes } of this.#told) writer.bytes(bytes)
  }

  #labels(writer: ByteWriter, labels: WireLabels): void {
    for (const [name, value] of labels) {
      this.#message.clear()
      text(this.#message, 1, name)
      text(this.#message, 2, value)
      delimited(writer, 1, this.#message)
    }
  }

  #exemplar(writer: ByteWriter, { labels, value, timeMs }: WireExemplar): void {
    const message = new ByteWriter(256)
    this.#labels(message, labels)
    double(message, 2, value)
    int64Field(message, 3, Math.floor(timeMs))
    delimited(writer, 3, message)
  }
}

function metadataField({ type, name, help, unit }: Metadata): Uint8Array {
  const [message, field] = [new ByteWriter(256), new ByteWriter(256)]
  varintField(message, 1, metricTypes[type])
  text(message, 2, name)
  text(message, 4, help)
  text(message, 5, unit)
  delimited(field, 3, message)
  return Buffer.from(field.view())
}
