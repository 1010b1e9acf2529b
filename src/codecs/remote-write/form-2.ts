import { ByteWriter } from '../../core/index.ts'
import { type Form, metricTypes } from './form.ts'
import type { Line, Metadata, Sample, WireExemplar, WireLabels } from './lines.ts'
import { histogramField } from './native-histogram.ts'
import { SampleBytes } from './sample-bytes.ts'
import { type References, SymbolTable } from './symbol-table.ts'
import { delimited, double, int64Field, varintField } from './wire-writer.ts'

interface Prepared {
  /** Names and values of the labels in turn, then help and unit. */
  readonly texts: References
  readonly type: number
  /** Labels and metadata, fields of the time series, good for as long as the places of the texts are the same. */
  fields: Uint8Array
}

const timeSeriesTag = 0x2a

/** `io.prometheus.write.v2.Request` of remote write 2.0 (release candidate 4, in which samples have the start of their counting). */
export class Form2 implements Form<Prepared> {
  readonly contentType = 'application/x-protobuf;proto=io.prometheus.write.v2.Request'
  readonly #table = new SymbolTable()
  readonly #samples = new SampleBytes(true)
  readonly #rest = new ByteWriter(1024)
  readonly #message = new ByteWriter(256)
  readonly #numbers = new ByteWriter(256)

  prepare(labels: WireLabels, { type, help, unit }: Metadata): Prepared {
    return { texts: this.#table.references([...labels.flat(), help, unit]), type: metricTypes[type], fields: none }
  }

  forget(): void {
    this.#table.forget()
  }

  begin(): void {
    this.#table.begin()
  }

  series(writer: ByteWriter, { prepared, exemplars }: Line<Prepared>, samples: readonly Sample[]): void {
    if (!this.#table.refer(prepared.texts)) prepared.fields = this.#fields(prepared)
    const { fields } = prepared
    const values = this.#samples.of(samples)
    this.#rest.clear()
    if (values.length === 0) for (const sample of samples) histogramField(this.#rest, 3, sample, true)
    if (exemplars) for (const exemplar of exemplars) this.#exemplar(this.#rest, exemplar)
    writer.byte(timeSeriesTag)
    writer.varint(fields.length + values.length + this.#rest.length)
    writer.bytes(fields)
    writer.bytes(values)
    if (this.#rest.length > 0) writer.bytes(this.#rest.view())
  }

  end(writer: ByteWriter): void {
    this.#table.write(writer)
  }

  #fields({ texts: { refs }, type }: Prepared): Uint8Array {
    const [help = 0, unit = 0] = refs.slice(-2)
    this.#rest.clear()
    this.#labels(this.#rest, refs.slice(0, -2))
    this.#message.clear()
    varintField(this.#message, 1, type)
    varintField(this.#message, 3, help)
    varintField(this.#message, 4, unit)
    delimited(this.#rest, 5, this.#message)
    return Buffer.from(this.#rest.view())
  }

  #exemplar(writer: ByteWriter, { labels, value, timeMs }: WireExemplar): void {
    const refs = labels.flat().map((text) => this.#table.refOf(text))
    this.#message.clear()
    this.#labels(this.#message, refs)
    double(this.#message, 2, value)
    int64Field(this.#message, 3, Math.floor(timeMs))
    delimited(writer, 4, this.#message)
  }

  #labels(writer: ByteWriter, refs: readonly number[]): void {
    this.#numbers.clear()
    for (const ref of refs) this.#numbers.varint(ref)
    delimited(writer, 1, this.#numbers)
  }
}

const none = new Uint8Array()
