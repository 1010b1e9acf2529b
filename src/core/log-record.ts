import type { Attributes, AttributeValue, Resource, Scope } from './attributes.ts'

/** One log line or event, as in OpenTelemetry. */
export interface LogRecord {
  /** Nanoseconds since the epoch. */
  readonly timeNs: bigint
  readonly observedTimeNs?: bigint
  /** 1 to 24: trace 1, debug 5, info 9, warn 13, error 17, fatal 21. */
  readonly severityNumber?: number
  readonly severityText?: string
  readonly body: AttributeValue
  readonly attributes?: Attributes
  readonly traceId?: string
  readonly spanId?: string
  readonly resource?: Resource
  readonly scope?: Scope
}
