import type { Span } from '../core/span.ts'

/** One call of a function. */
export interface FunctionTrace {
  readonly function_name: string
  readonly execution_time_ms: number
  /** The heap in use when the call ended, in units of 1,048,576 bytes. */
  readonly memory_usage_mb: number
  /** When the call began: milliseconds since the epoch. */
  readonly timestamp: number
  /** What the call failed with; absent when it did not. */
  readonly error_message?: string
}

/** By what a span is known, and by what its parent is. */
export type SpanIds = Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>

/** Ids of a new span, below `parent` or of a trace of its own. `random` is uniform in [0, 1). */
export const newSpanIds = (random: () => number, parent?: SpanIds): SpanIds =>
  parent
    ? { traceId: parent.traceId, spanId: hex(16, random), parentSpanId: parent.spanId }
    : { traceId: hex(32, random), spanId: hex(16, random) }

/** The trace as a span. */
export function toSpan(trace: FunctionTrace, ids: SpanIds): Span {
  const { function_name, execution_time_ms, memory_usage_mb, timestamp, error_message } = trace
  const startTimeNs = nanoseconds(timestamp)
  return {
    ...ids,
    name: function_name,
    kind: 'internal',
    startTimeNs,
    endTimeNs: startTimeNs + nanoseconds(execution_time_ms),
    attributes: { function_name, execution_time_ms, memory_usage_mb },
    ...(error_message !== undefined && { status: { code: 'error', message: error_message } }),
  }
}

/** The span as a trace; `memory_usage_mb` is 0 where the span does not tell it. */
export function toFunctionTrace({ name, startTimeNs, endTimeNs, attributes, status }: Span): FunctionTrace {
  const memory = attributes?.memory_usage_mb
  return {
    function_name: name,
    execution_time_ms: Number(endTimeNs - startTimeNs) / 1e6,
    memory_usage_mb: typeof memory === 'number' ? memory : 0,
    timestamp: Number(startTimeNs) / 1e6,
    ...(status?.code === 'error' && { error_message: status.message ?? 'failed' }),
  }
}

const nanoseconds = (ms: number): bigint => BigInt(Math.round(ms * 1e6))

const bytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Digits in groups of eight, from 32 random bits each. From a table: `toString(16)` would be most of what a span costs. */
function hex(digits: number, random: () => number): string {
  let text = ''
  while (text.length < digits) {
    const bits = Math.floor(random() * 2 ** 32)
    text += bytes[bits >>> 24]! + bytes[(bits >>> 16) & 255]! + bytes[(bits >>> 8) & 255]! + bytes[bits & 255]!
  }
  return text
}
