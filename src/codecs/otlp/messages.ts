/**
 * The messages of OTLP, with the numbers of their fields as in opentelemetry-proto 1
 * (https://github.com/open-telemetry/opentelemetry-proto). What Waybill has no use for is left out, and passed over when read.
 */
import { type MessageOf, type MessageType, message } from './message-type.ts'

/** One of its fields, or none for null. */
export interface AnyValue {
  readonly stringValue?: string | undefined
  readonly boolValue?: boolean | undefined
  readonly intValue?: number | bigint | undefined
  readonly doubleValue?: number | undefined
  readonly arrayValue?: { readonly values?: readonly AnyValue[] | undefined } | undefined
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] | undefined } | undefined
  readonly bytesValue?: Uint8Array | undefined
}

export interface KeyValue {
  readonly key?: string | undefined
  readonly value?: AnyValue | undefined
}

const anyValue: MessageType<AnyValue> = message(() => ({
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, message(() => ({ values: [1, [anyValue]] }))],
  kvlistValue: [6, message(() => ({ values: [1, [keyValue]] }))],
  bytesValue: [7, 'bytes'],
}))
const keyValue: MessageType<KeyValue> = message(() => ({ key: [1, 'string'], value: [2, anyValue] }))

const resource = message(() => ({ attributes: [1, [keyValue]] }))
const scope = message(() => ({ name: [1, 'string'], version: [2, 'string'], attributes: [3, [keyValue]] }))

/** What the records of a resource, and of a scope, begin with. */
export const ofResource = message(() => ({ resource: [1, resource] }))
export const ofScope = message(() => ({ scope: [1, scope] }))

const exemplar = message(() => ({
  timeUnixNano: [2, 'time'],
  asDouble: [3, 'double'],
  spanId: [4, 'id'],
  traceId: [5, 'id'],
  asInt: [6, 'sfixed64'],
  filteredAttributes: [7, [keyValue]],
}))
export type ExemplarMessage = MessageOf<typeof exemplar>

const numberDataPoint = message(() => ({
  attributes: [7, [keyValue]],
  startTimeUnixNano: [2, 'time'],
  timeUnixNano: [3, 'time'],
  asDouble: [4, 'double'],
  exemplars: [5, [exemplar]],
  asInt: [6, 'sfixed64'],
  flags: [8, 'uint32'],
}))

const histogramDataPoint = message(() => ({
  attributes: [9, [keyValue]],
  startTimeUnixNano: [2, 'time'],
  timeUnixNano: [3, 'time'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, ['fixed64']],
  explicitBounds: [7, ['double']],
  exemplars: [8, [exemplar]],
  flags: [10, 'uint32'],
  min: [11, 'double'],
  max: [12, 'double'],
}))

const buckets = message(() => ({ offset: [1, 'sint32'], bucketCounts: [2, ['uint64']] }))
export type BucketsMessage = MessageOf<typeof buckets>

const exponentialHistogramDataPoint = message(() => ({
  attributes: [1, [keyValue]],
  startTimeUnixNano: [2, 'time'],
  timeUnixNano: [3, 'time'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'sint32'],
  zeroCount: [7, 'fixed64'],
  positive: [8, buckets],
  negative: [9, buckets],
  flags: [10, 'uint32'],
  exemplars: [11, [exemplar]],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
}))

const summaryDataPoint = message(() => ({
  attributes: [7, [keyValue]],
  startTimeUnixNano: [2, 'time'],
  timeUnixNano: [3, 'time'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, [message(() => ({ quantile: [1, 'double'], value: [2, 'double'] }))]],
  flags: [8, 'uint32'],
}))

/** A point of each form, which stands in the field `dataPoints` of the form, its first. */
export const dataPoints = {
  gauge: numberDataPoint,
  sum: numberDataPoint,
  histogram: histogramDataPoint,
  exponentialHistogram: exponentialHistogramDataPoint,
  summary: summaryDataPoint,
} as const

/** What the points of a metric are. */
export type Form = keyof typeof dataPoints
export type DataPoint<F extends Form = Form> = MessageOf<(typeof dataPoints)[F]>

const gauge = message(() => ({ dataPoints: [1, [numberDataPoint]] }))
const sum = message(() => ({ dataPoints: [1, [numberDataPoint]], aggregationTemporality: [2, 'enum'], isMonotonic: [3, 'bool'] }))
const histogram = message(() => ({ dataPoints: [1, [histogramDataPoint]], aggregationTemporality: [2, 'enum'] }))
const exponentialHistogram = message(() => ({
  dataPoints: [1, [exponentialHistogramDataPoint]],
  aggregationTemporality: [2, 'enum'],
}))
const summary = message(() => ({ dataPoints: [1, [summaryDataPoint]] }))

export const metric = message(() => ({
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, gauge],
  sum: [7, sum],
  histogram: [9, histogram],
  exponentialHistogram: [10, exponentialHistogram],
  summary: [11, summary],
}))
export type MetricMessage = MessageOf<typeof metric>

const event = message(() => ({ timeUnixNano: [1, 'time'], name: [2, 'string'], attributes: [3, [keyValue]] }))
const link = message(() => ({ traceId: [1, 'id'], spanId: [2, 'id'], traceState: [3, 'string'], attributes: [4, [keyValue]] }))
const spanStatus = message(() => ({ message: [2, 'string'], code: [3, 'enum'] }))

export const span = message(() => ({
  traceId: [1, 'id'],
  spanId: [2, 'id'],
  traceState: [3, 'string'],
  parentSpanId: [4, 'id'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'time'],
  endTimeUnixNano: [8, 'time'],
  attributes: [9, [keyValue]],
  events: [11, [event]],
  links: [13, [link]],
  status: [15, spanStatus],
}))
export type SpanMessage = MessageOf<typeof span>

export const logRecord = message(() => ({
  timeUnixNano: [1, 'time'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, [keyValue]],
  traceId: [9, 'id'],
  spanId: [10, 'id'],
  observedTimeUnixNano: [11, 'time'],
  eventName: [12, 'string'],
}))
export type LogRecordMessage = MessageOf<typeof logRecord>

const scopeMetrics = message(() => ({ scope: [1, scope], metrics: [2, [metric]] }))
const scopeSpans = message(() => ({ scope: [1, scope], spans: [2, [span]] }))
const scopeLogs = message(() => ({ scope: [1, scope], logRecords: [2, [logRecord]] }))
const resourceMetrics = message(() => ({ resource: [1, resource], scopeMetrics: [2, [scopeMetrics]] }))
const resourceSpans = message(() => ({ resource: [1, resource], scopeSpans: [2, [scopeSpans]] }))
const resourceLogs = message(() => ({ resource: [1, resource], scopeLogs: [2, [scopeLogs]] }))

/** `ExportMetricsServiceRequest`, `ExportTraceServiceRequest` and `ExportLogsServiceRequest`. */
export const requests = {
  metrics: message(() => ({ resourceMetrics: [1, [resourceMetrics]] })),
  traces: message(() => ({ resourceSpans: [1, [resourceSpans]] })),
  logs: message(() => ({ resourceLogs: [1, [resourceLogs]] })),
} as const

/** The signals that OTLP has requests for. */
export type OtlpSignal = keyof typeof requests
export type RequestMessage<S extends OtlpSignal> = MessageOf<(typeof requests)[S]>

/** `ExportMetricsServiceResponse`, `ExportTraceServiceResponse` and `ExportLogsServiceResponse`. */
export const responses = {
  metrics: message(() => ({ partialSuccess: [1, message(() => ({ rejectedDataPoints: [1, 'int64'], errorMessage: [2, 'string'] }))] })),
  traces: message(() => ({ partialSuccess: [1, message(() => ({ rejectedSpans: [1, 'int64'], errorMessage: [2, 'string'] }))] })),
  logs: message(() => ({ partialSuccess: [1, message(() => ({ rejectedLogRecords: [1, 'int64'], errorMessage: [2, 'string'] }))] })),
} as const

/** `google.rpc.Status`, with which a server says why it took nothing (google/rpc/status.proto). */
export const rpcStatus = message(() => ({
  code: [1, 'enum'],
  message: [2, 'string'],
  details: [3, [message(() => ({ typeUrl: [1, 'string'], value: [2, 'bytes'] }))]],
}))

/** `google.rpc.RetryInfo`, one of its details (google/rpc/error_details.proto). */
export const retryInfo = message(() => ({ retryDelay: [1, message(() => ({ seconds: [1, 'int64'], nanos: [2, 'int64'] }))] }))
