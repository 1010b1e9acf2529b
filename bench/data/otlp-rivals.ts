import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer'
import { officialRequest } from '../../src/codecs/otlp/official.fixture.ts'
import type { MetricsBatch } from '../../src/core/index.ts'
import type { Rival } from './rivals.ts'

type ResourceMetrics = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0]

/** What the SDK has collected already: the measured part makes the request of it, and the bytes of that. */
export const otlpProtobuf: Rival = (batches) =>
  batches.map(collected).map((metrics) => () => ProtobufMetricsSerializer.serializeRequest(metrics)!)

export const otlpJson: Rival = (batches) => batches.map(collected).map((metrics) => () => JsonMetricsSerializer.serializeRequest(metrics)!)

/** Enumerations of the SDK. */
const [cumulative, gauge, double] = [1, 2, 1]

function collected({ points }: MetricsBatch): ResourceMetrics {
  const metrics = [...Map.groupBy(points, ({ series }) => series.name)].map(([name, points]) => ({
    descriptor: { name, description: '', unit: '', valueType: double },
    aggregationTemporality: cumulative,
    dataPointType: gauge,
    dataPoints: points.map(({ series: { labels }, timeMs, value }) => ({
      attributes: Object.fromEntries(labels),
      startTime: [0, 0],
      endTime: [Math.floor(timeMs / 1000), (timeMs % 1000) * 1e6],
      value,
    })),
  }))
  return { resource: { attributes: {} }, scopeMetrics: [{ scope: { name: '' }, metrics }] } as unknown as ResourceMetrics
}

interface Request {
  readonly resourceMetrics: readonly { readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[] }[]
}

interface Metric {
  readonly name: string
  readonly gauge: { readonly dataPoints: readonly Readonly<Record<string, unknown>>[] }
}

/** The points of a request, without a start that says nothing. */
const pointsIn = (request: object): readonly unknown[] =>
  (request as Request).resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
    .flatMap(({ name, gauge }) =>
      gauge.dataPoints.map(({ attributes, timeUnixNano, asDouble }) => ({ name, attributes, timeUnixNano, asDouble })),
    )

export const protobufPoints = (bytes: string | Uint8Array): readonly unknown[] => pointsIn(officialRequest('metrics', bytes as Uint8Array))
export const jsonPoints = (text: string | Uint8Array): readonly unknown[] =>
  pointsIn(JSON.parse(Buffer.from(text as Uint8Array).toString()))
