import { ByteWriter, type MetricsBatch, type Rejection, type StreamEncoder } from '../../core/index.ts'
import type { Form } from './form.ts'
import { Form1 } from './form-1.ts'
import { Form2 } from './form-2.ts'
import { PointSamples } from './point-samples.ts'

export { type DecodedRequest, RemoteWriteDecoder } from './remote-write-decoder.ts'

/** 1 is `prometheus.WriteRequest`, 2 is `io.prometheus.write.v2.Request`. */
export type RemoteWriteVersion = 1 | 2

export interface RemoteWriteOptions {
  /** Default: 1. */
  readonly version?: RemoteWriteVersion
  /** Put in front of every name, with a `_` between. */
  readonly prefix?: string
  /** Attributes of the resource to add to the labels of every sample, by name. */
  readonly resourceAttributes?: readonly string[]
  /** Labels of every series that has none of the name. Their names are ones that Prometheus can have. */
  readonly externalLabels?: Readonly<Record<string, string>>
  /** Whether exponential histograms are sent as they are, or with a series for each bucket. Default: in version 2. */
  readonly nativeHistograms?: boolean
  /** Whether what is known of a resource is sent as `target_info`. Default: true. */
  readonly targetInfo?: boolean
}

/** What is in a request, and what is not. */
export interface EncodedRequest {
  readonly samples: number
  readonly histograms: number
  readonly exemplars: number
  /** The points that are not in it, by index: the rejections of a `partial` result. */
  readonly rejected: readonly Rejection[]
}

/**
 * A request of Prometheus remote write (https://prometheus.io/docs/specs/prw/remote_write_spec/), not compressed yet. A batch becomes
 * a whole request: each series once, its samples in the order of their times. README.md has how names, labels and distributions are said.
 */
export class RemoteWriteEncoder implements StreamEncoder<MetricsBatch> {
  readonly contentType: string
  readonly extension = 'pb'
  readonly #form: Form<unknown>
  readonly #samples: PointSamples
  readonly #writer = new ByteWriter()

  constructor({
    version = 1,
    prefix = '',
    resourceAttributes = [],
    externalLabels = {},
    nativeHistograms = version === 2,
    targetInfo = true,
  }: RemoteWriteOptions = {}) {
    this.#form = version === 1 ? new Form1() : new Form2()
    this.#samples = new PointSamples(this.#form, { prefix, resourceAttributes, externalLabels, nativeHistograms, targetInfo })
    this.contentType = this.#form.contentType
  }

  /** Leaves out what cannot be sent; `encodeInto` tells what that is. */
  encode(batch: MetricsBatch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  /** Writes a whole request, which is not to be put together with another, and tells what is in it. */
  encodeInto(writer: ByteWriter, { points }: MetricsBatch): EncodedRequest {
    const counts = { samples: 0, histograms: 0, exemplars: 0 }
    this.#form.begin()
    const lines = this.#samples.take(points)
    for (const line of lines) {
      const samples = this.#samples.settled(line)
      for (const { value } of samples) {
        if (typeof value === 'number') counts.samples++
        else counts.histograms++
      }
      counts.exemplars += line.exemplars?.length ?? 0
      this.#form.series(writer, line, samples)
    }
    this.#form.end(writer)
    return { ...counts, rejected: this.#samples.end() }
  }
}
