import {
  type AlertsBatch,
  type Attributes,
  ByteWriter,
  type LogsBatch,
  type MetricsBatch,
  type Rejection,
  type Resource,
  type Scope,
  type StreamEncoder,
  type TracesBatch,
} from '../../core/index.ts'
import { alertRecord } from './alerts.ts'
import type { Elements, Format } from './format.ts'
import { logRecordMessage } from './log-records.ts'
import type { MessageType } from './message-type.ts'
import { logRecord, type OtlpSignal, span } from './messages.ts'
import { MetricGroups } from './metric-groups.ts'
import { Origins } from './origins.ts'
import { spanMessage } from './spans.ts'

/** What OTLP has a place for: alerts become log records. */
export type OtlpBatch = MetricsBatch | TracesBatch | LogsBatch | AlertsBatch

export interface OtlpEncoderOptions {
  /** Added to the attributes of every resource; those that it has itself stand above them. */
  readonly resourceAttributes?: Attributes
}

/** A request of OTLP, whichever the form. Records are grouped by resource and scope, points by metric as well, in the order in which they come. */
export class RequestEncoder<Prepared> implements StreamEncoder<OtlpBatch> {
  readonly #format: Format<Prepared>
  readonly #metricOrigins: Origins<Elements>
  readonly #recordOrigins: Origins<Elements>
  readonly #metrics: MetricGroups<Prepared>
  readonly #writer = new ByteWriter()

  constructor(format: Format<Prepared>, { resourceAttributes = {} }: OtlpEncoderOptions = {}) {
    const options = { resourceAttributes, fields: format.fields, content: format.elements }
    this.#format = format
    this.#metricOrigins = new Origins(options)
    this.#recordOrigins = new Origins(options)
    this.#metrics = new MetricGroups(format, this.#metricOrigins)
  }

  get contentType(): string {
    return this.#format.contentType
  }

  get extension(): string {
    return this.#format.extension
  }

  /** Leaves out what OTLP cannot say; `encodeInto` tells what that is. */
  encode(batch: OtlpBatch): Uint8Array {
    this.#writer.clear()
    this.encodeInto(this.#writer, batch)
    return this.#writer.take()
  }

  /**
   * Writes a whole request. Answers the records that OTLP cannot say: times before 1970 or after 2554, ids that are none, counts that
   * are not whole.
   */
  encodeInto(writer: ByteWriter, batch: OtlpBatch): readonly Rejection[] {
    switch (batch.signal) {
      case 'metrics': {
        this.#metricOrigins.begin()
        const rejected = this.#metrics.put(batch.points)
        this.#format.write(writer, 'metrics', this.#metricOrigins.used)
        return rejected
      }
      case 'traces':
        return this.#records(writer, { signal: 'traces', type: span, records: batch.spans, messageOf: spanMessage })
      case 'logs':
        return this.#records(writer, { signal: 'logs', type: logRecord, records: batch.records, messageOf: logRecordMessage })
      case 'alerts':
        return this.#records(writer, {
          signal: 'logs',
          type: logRecord,
          records: batch.alerts.map(alertRecord),
          messageOf: logRecordMessage,
        })
    }
  }

  #records<R extends Originated, M>(writer: ByteWriter, { signal, type, records, messageOf }: Records<R, M>): readonly Rejection[] {
    const rejected: Rejection[] = []
    this.#recordOrigins.begin()
    for (const [index, record] of records.entries()) {
      const message = messageOf(record)
      if (message instanceof Error) rejected.push({ index, error: message })
      else this.#recordOrigins.use(this.#recordOrigins.group(record.resource, record.scope)).message(type, message)
    }
    this.#format.write(writer, signal, this.#recordOrigins.used)
    return rejected
  }
}

interface Originated {
  readonly resource?: Resource
  readonly scope?: Scope
}

interface Records<R extends Originated, M> {
  readonly signal: OtlpSignal
  readonly type: MessageType<M>
  readonly records: readonly R[]
  messageOf(record: R): M | Error
}
