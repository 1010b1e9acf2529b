import type { Attributes, Resource, Scope } from './attributes.ts'

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** One operation of a trace, as in OpenTelemetry. */
export interface Span {
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly name: string
  readonly kind?: SpanKind
  /** Nanoseconds since the epoch. */
  readonly startTimeNs: bigint
  readonly endTimeNs: bigint
  readonly attributes?: Attributes
  readonly events?: readonly SpanEvent[]
  readonly links?: readonly SpanLink[]
  readonly status?: { readonly code: 'unset' | 'ok' | 'error'; readonly message?: string }
  readonly resource?: Resource
  readonly scope?: Scope
}

export interface SpanEvent {
  readonly timeNs: bigint
  readonly name: string
  readonly attributes?: Attributes
}

export interface SpanLink {
  readonly traceId: string
  readonly spanId: string
  readonly traceState?: string
  readonly attributes?: Attributes
}
