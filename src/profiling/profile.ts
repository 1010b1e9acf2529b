import type { RuntimeFigures } from './runtime-watch.ts'

/** What an application was like, under the names of fields that dashboards and column mappings are written with. */
export interface Profile extends RuntimeFigures {
  /** When it was taken: milliseconds since the epoch. */
  readonly timestamp: number
  readonly messages_per_second: number
  readonly avg_latency_ms: number
  readonly p95_latency_ms: number
  readonly p99_latency_ms: number
  readonly max_latency_ms: number
  /** The share of messages that failed: 0 to 1. */
  readonly error_rate: number
  /** The share of messages with an emoji: 0 to 100. */
  readonly emoji_overhead_percent: number
  readonly total_messages: number
  readonly emoji_messages: number
  /** What was not recorded: messages without a usable duration, and traces for which there was no room. */
  readonly dropped_messages: number
  readonly avg_fields_per_message: number
  /** Since the start, or the last reset. */
  readonly uptime_seconds: number
}
