import type { Resource } from '../core/attributes.ts'
import { type MetricsBatch, metrics } from '../core/batch.ts'
import { type Describe, series } from '../core/series.ts'
import type { Profile } from './profile.ts'

type Field = Exclude<keyof Profile, 'timestamp'>

/** What each field is; units as in UCUM. */
const fields: Readonly<Record<Field, Describe>> = {
  messages_per_second: { unit: '{message}/s', help: 'Messages a second.' },
  avg_latency_ms: { unit: 'ms', help: 'Time for a message on average.' },
  p95_latency_ms: { unit: 'ms', help: 'Time that 95 % of the messages did not exceed.' },
  p99_latency_ms: { unit: 'ms', help: 'Time that 99 % of the messages did not exceed.' },
  max_latency_ms: { unit: 'ms', help: 'Longest time for a message.' },
  error_rate: { unit: '1', help: 'Share of messages that failed, 0 to 1.' },
  emoji_overhead_percent: { unit: '%', help: 'Share of messages with an emoji.' },
  total_messages: { kind: 'counter', unit: '{message}', help: 'Messages recorded.' },
  emoji_messages: { kind: 'counter', unit: '{message}', help: 'Messages with an emoji.' },
  dropped_messages: { kind: 'counter', unit: '{message}', help: 'Messages and traces that could not be recorded.' },
  avg_fields_per_message: { unit: '{field}', help: 'Fields of a message on average.' },
  uptime_seconds: { unit: 's', help: 'Time since counting began.' },
  event_loop_delay_avg_ms: { unit: 'ms', help: 'Lateness of timers on average.' },
  event_loop_delay_p99_ms: { unit: 'ms', help: 'Lateness that 99 % of the timers did not exceed.' },
  event_loop_delay_max_ms: { unit: 'ms', help: 'Greatest lateness of a timer.' },
  gc_count: { kind: 'counter', unit: '{collection}', help: 'Garbage collections.' },
  gc_time_ms: { kind: 'counter', unit: 'ms', help: 'Time spent collecting garbage.' },
  heap_used_mb: { unit: 'MiBy', help: 'Heap in use.' },
}

export interface ProfileBatchOptions {
  /** When its counters began: milliseconds since the epoch. Default: `uptime_seconds` before the profile. */
  readonly startTimeMs?: number
  readonly resource?: Resource
}

/** The profile as points, a series for each field under its own name; `timestamp` is their time. */
export function toBatch(profile: Profile, { startTimeMs, resource }: ProfileBatchOptions = {}): MetricsBatch {
  const { timestamp: timeMs } = profile
  const began = startTimeMs ?? timeMs - profile.uptime_seconds * 1000
  return metrics(
    Object.entries(fields).map(([name, describe]) => ({
      series: series(name, {}, resource ? { ...describe, resource } : describe),
      timeMs,
      value: profile[name as Field],
      ...(describe.kind === 'counter' && { startTimeMs: began }),
    })),
  )
}

/** The profile that the batch holds, what else is in it left out; undefined when a field is missing. */
export function toProfile({ points }: MetricsBatch): Profile | undefined {
  const values = new Map(points.map(({ series, value }) => [series.name, value]))
  const found = Object.keys(fields).map((name) => [name, values.get(name)] as const)
  if (!found.every(([, value]) => typeof value === 'number')) return undefined
  return { timestamp: points[0]!.timeMs, ...Object.fromEntries(found) } as Profile
}
