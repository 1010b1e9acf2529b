import type { OtlpSignal } from '../../codecs/otlp/otlp.ts'
import type { Config, Protocol } from './config.ts'

/** Where requests of one signal go. */
export interface Endpoint {
  readonly protocol: Protocol
  /** Of the server; over HTTP with the path in front of `path`. */
  readonly url: string
  /** Behind it, or the method of gRPC; undefined where `url` is all. */
  readonly path: string | undefined
  /** The option that holds the address, for messages. */
  readonly option: string
  /** What is wrong with the address given, and what is used in its place. */
  readonly warning: string | undefined
}

const methods: Readonly<Record<OtlpSignal, string>> = {
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

type Settings = Pick<Config, 'endpoint' | 'protocol' | `${OtlpSignal}Endpoint` | `${OtlpSignal}Protocol`>

/** Of the specification: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp. */
export function endpointOf(signal: OtlpSignal, settings: Settings): Endpoint {
  const protocol = settings[`${signal}Protocol`] ?? settings.protocol ?? 'http/protobuf'
  const own = settings[`${signal}Endpoint`]
  const grpc = protocol === 'grpc'
  const given = new URL(own ?? settings.endpoint ?? `http://localhost:${grpc ? 4317 : 4318}`)
  const jaeger = isJaeger(given)
  const option = own === undefined ? 'endpoint' : `${signal}_endpoint`
  const url = jaeger ? otlpOfJaeger(given, grpc) : given
  const warning = jaeger
    ? `${given.origin}${given.pathname} takes spans as Jaeger's own clients send them, not OTLP: sending to ${url.origin} instead; set ${option} to that`
    : undefined
  if (grpc) return { protocol, url: url.origin, path: methods[signal], option, warning }
  if (own !== undefined && !jaeger) return { protocol, url: url.href, path: undefined, option, warning }
  url.pathname = url.pathname.replace(/\/v1\/(metrics|traces|logs)\/?$/, '')
  return { protocol, url: url.href, path: `/v1/${signal}`, option, warning }
}

/** The collector of Jaeger takes Thrift at this port and path (https://www.jaegertracing.io/docs/1.76/apis/#thrift-over-http). */
const isJaeger = ({ port, pathname }: URL): boolean => port === '14268' || pathname === '/api/traces'

/** Where it takes OTLP. */
function otlpOfJaeger({ protocol, hostname }: URL, grpc: boolean): URL {
  return new URL(`${protocol}//${hostname}:${grpc ? 4317 : 4318}`)
}
