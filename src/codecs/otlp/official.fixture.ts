/** An independent reader of requests and responses: the code that protobufjs generates of the official descriptors, as @opentelemetry/otlp-transformer has it. */
import { createRequire } from 'node:module'
import type protobuf from 'protobufjs'
import type { OtlpSignal } from './messages.ts'

interface Codec {
  decode(bytes: Uint8Array): unknown
  encode(message: object): { finish(): Uint8Array }
  fromObject(object: object): object
  toObject(message: unknown, options: protobuf.IConversionOptions): Record<string, unknown>
}

interface Service {
  readonly v1: Readonly<Record<string, Codec>>
}

const { opentelemetry } = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root.js') as {
  readonly opentelemetry: { readonly proto: { readonly collector: Readonly<Record<'metrics' | 'trace' | 'logs', Service>> } }
}
const { metrics, trace, logs } = opentelemetry.proto.collector

const requests: Readonly<Record<OtlpSignal, Codec>> = {
  metrics: metrics.v1.ExportMetricsServiceRequest!,
  traces: trace.v1.ExportTraceServiceRequest!,
  logs: logs.v1.ExportLogsServiceRequest!,
}

const responses: Readonly<Record<OtlpSignal, Codec>> = {
  metrics: metrics.v1.ExportMetricsServiceResponse!,
  traces: trace.v1.ExportTraceServiceResponse!,
  logs: logs.v1.ExportLogsServiceResponse!,
}

/** What the official decoder reads: integers of 64 bits as text, enumerations as numbers, ids in hexadecimal, other bytes in base64, as in JSON. */
export function officialRequest(signal: OtlpSignal, bytes: Uint8Array): Record<string, unknown> {
  const codec = requests[signal]
  return withHexIds(codec.toObject(codec.decode(bytes), { longs: String, enums: Number, bytes: String, oneofs: false })) as Record<
    string,
    unknown
  >
}

/** Bytes of the official encoder. Integers of 64 bits may be text or numbers, bytes base64. */
export const officialBytes = (signal: OtlpSignal, request: object): Uint8Array =>
  requests[signal].encode(requests[signal].fromObject(request)).finish()

export const officialResponse = (signal: OtlpSignal, response: object): Uint8Array =>
  responses[signal].encode(responses[signal].fromObject(response)).finish()

function withHexIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withHexIds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      /^(trace|span|parentSpan)Id$/.test(name) ? Buffer.from(inner, 'base64').toString('hex') : withHexIds(inner),
    ]),
  )
}

/** Without what one form writes and the other leaves out: lists that are empty. Numbers that JSON has no word for are texts. */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : String(value)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, inner]) => !(Array.isArray(inner) && inner.length === 0))
  return Object.fromEntries(fields.map(([name, inner]) => [name, comparable(inner)]))
}
