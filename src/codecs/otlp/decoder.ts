import { type BatchOf, type Decoder, type LogRecord, type Point, resource, type Span, scope } from '../../core/index.ts'
import { attributesOf } from './attributes.ts'
import { logRecordOf } from './log-records.ts'
import { fromJson } from './message-json.ts'
import { readMessage } from './message-reader.ts'
import type { MessageOf, MessageType } from './message-type.ts'
import { type OtlpSignal, type ofResource, type ofScope, type RequestMessage, requests } from './messages.ts'
import { type Origin, pointsOf } from './read-points.ts'
import { spanOf } from './spans.ts'

type Batches = { readonly [S in OtlpSignal]: (message: RequestMessage<S>) => BatchOf<S> }

const batches: Batches = {
  metrics({ resourceMetrics = [] }) {
    const points: Point[] = []
    for (const of of resourceMetrics)
      for (const { metrics = [], ...inScope } of of.scopeMetrics ?? []) {
        const origin = originOf(of, inScope)
        for (const metric of metrics) for (const point of pointsOf(metric, origin)) points.push(point)
      }
    return { signal: 'metrics', points }
  },
  traces({ resourceSpans = [] }) {
    const all: Span[] = []
    for (const of of resourceSpans)
      for (const { spans = [], ...inScope } of of.scopeSpans ?? []) {
        const origin = originOf(of, inScope)
        for (const span of spans) all.push({ ...spanOf(span), ...origin })
      }
    return { signal: 'traces', spans: all }
  },
  logs({ resourceLogs = [] }) {
    const records: LogRecord[] = []
    for (const of of resourceLogs)
      for (const { logRecords = [], ...inScope } of of.scopeLogs ?? []) {
        const origin = originOf(of, inScope)
        for (const record of logRecords) records.push({ ...logRecordOf(record), ...origin })
      }
    return { signal: 'logs', records }
  },
}

function originOf({ resource: of }: MessageOf<typeof ofResource>, { scope: by }: MessageOf<typeof ofScope>): Origin {
  const attributes = attributesOf(of?.attributes)
  const { name = '', version } = by ?? {}
  const scopeAttributes = attributesOf(by?.attributes)
  return {
    ...(attributes && { resource: resource(attributes) }),
    ...((name || version || scopeAttributes) && { scope: scope(name, version || undefined, scopeAttributes) }),
  }
}

function batchOf<S extends OtlpSignal>(signal: S, read: (type: MessageType<RequestMessage<S>>) => RequestMessage<S>): BatchOf<S> {
  const toBatch: (message: RequestMessage<S>) => BatchOf<S> = batches[signal]
  return toBatch(read(requests[signal] as MessageType<RequestMessage<S>>))
}

/** The batch of a request in the binary form of Protocol Buffers. Throws an Error that says at which byte it is none. */
export class OtlpProtobufDecoder<S extends OtlpSignal> implements Decoder<BatchOf<S>> {
  readonly #signal: S

  constructor(signal: S) {
    this.#signal = signal
  }

  decode(bytes: Uint8Array): BatchOf<S> {
    return batchOf(this.#signal, (type) => readMessage(type, bytes))
  }
}

/** The batch of a request in JSON. Throws an Error that says where it is none. */
export class OtlpJsonDecoder<S extends OtlpSignal> implements Decoder<BatchOf<S>> {
  readonly #signal: S

  constructor(signal: S) {
    this.#signal = signal
  }

  decode(bytes: Uint8Array): BatchOf<S> {
    return batchOf(this.#signal, (type) => fromJson(type, JSON.parse(Buffer.from(bytes).toString())))
  }
}
