import { AsyncLocalStorage } from 'node:async_hooks'
import { isPromise } from 'node:util/types'
import { type Context, createContext } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import { toError } from '../core/result.ts'
import type { Span } from '../core/span.ts'
import { RecentCalls } from '../delivery/recent-calls.ts'
import { wholeNumber } from '../delivery/whole-number.ts'
import { newSpanIds, type SpanIds, toSpan } from './function-trace.ts'
import type { Profile } from './profile.ts'
import { heapUsedMb, RuntimeWatch } from './runtime-watch.ts'

export interface ProfilerOptions {
  /** The share of the calls of `trace` that become spans: 0 to 1. Default 0.01. */
  readonly sampleRate?: number
  /**
   * How far back rate, latencies and `error_rate` look; the totals never do. The window moves on in tenths, of which it
   * covers at least nine. Default: to the start, or the last reset.
   */
  readonly window?: Duration
  /** How many spans wait to be exported; what comes above that is dropped and counted. Default 1,000. */
  readonly maxSpans?: number
  readonly context?: Context
  /** Default: this process. It is stopped with the profiler. */
  readonly runtime?: Pick<RuntimeWatch, 'figures' | 'reset' | 'stop'>
}

/** One message that the application dealt with. */
export interface MessageRecord {
  readonly durationNs: number | bigint
  readonly hasEmoji?: boolean
  /** How many fields it had. Default 0. */
  readonly fields?: number
  /** Whether it failed. */
  readonly error?: boolean
}

/** Records what an application does, in bounded memory. What it is asked to record never makes it throw. */
export class Profiler {
  readonly #context: Context
  readonly #runtime: NonNullable<ProfilerOptions['runtime']>
  /** The span that is under way where something is called. */
  readonly #current = new AsyncLocalStorage<SpanIds>()
  readonly #sampleRate: number
  readonly #maxSpans: number
  readonly #windowMs: number
  #recent: RecentCalls
  #spans: Span[] = []
  #startMs: number
  #startMonotonic: number
  #total = 0
  #emoji = 0
  #dropped = 0
  #fields = 0

  /** Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION`. */
  constructor(options: ProfilerOptions = {}) {
    const { sampleRate = 0.01, window, maxSpans = 1000, context = createContext() } = options
    if (!(sampleRate >= 0 && sampleRate <= 1))
      throw new WaybillError('INVALID_OPTION', 'Sample rate must be between 0.0 and 1.0', { hint: `it is ${sampleRate}` })
    this.#sampleRate = sampleRate
    this.#windowMs = window === undefined ? Number.POSITIVE_INFINITY : Math.max(1, parseDuration(window))
    this.#maxSpans = wholeNumber('maxSpans', maxSpans)
    this.#context = context
    this.#recent = new RecentCalls(this.#windowMs)
    this.#startMs = context.clock.now()
    this.#startMonotonic = context.clock.monotonic()
    this.#runtime = options.runtime ?? new RuntimeWatch()
  }

  /** When counting began: milliseconds since the epoch. */
  get startTimeMs(): number {
    return this.#startMs
  }

  /** Counts a message. One whose duration is not a number of at least 0 counts as dropped. */
  recordMessage(message: MessageRecord): void {
    try {
      const ms = Number(message.durationNs) / 1e6
      const fields = message.fields ?? 0
      if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY && Number.isFinite(fields))) throw new RangeError('not a number')
      this.#recent.record(this.#context.clock.monotonic(), ms, message.error !== true)
      this.#total++
      this.#fields += fields
      if (message.hasEmoji) this.#emoji++
    } catch {
      this.#dropped++
    }
  }

  /**
   * What `fn` returns, or throws; of the share `sampleRate` of all calls its time, and the heap in use when it ended,
   * become a span. A promise is followed until it settles: what is returned then settles alike, after it. Calls that it
   * makes to `trace`, however deep, become spans below its own.
   */
  trace<R>(name: string, fn: () => R): R {
    const parent = this.#current.getStore()
    if (!parent && this.#context.random() >= this.#sampleRate) return fn()
    const { clock } = this.#context
    const ids = newSpanIds(this.#context.random, parent)
    const [timestamp, start] = [clock.now(), clock.monotonic()]
    const ended = (failure?: { readonly thrown: unknown }) =>
      this.#keep(() =>
        toSpan(
          {
            function_name: String(name),
            execution_time_ms: clock.monotonic() - start,
            memory_usage_mb: heapUsedMb(),
            timestamp,
            ...(failure && { error_message: toError(failure.thrown).message }),
          },
          ids,
        ),
      )
    const failed = (thrown: unknown): never => {
      ended({ thrown })
      throw thrown
    }
    const returned = (value: unknown) => {
      ended()
      return value
    }
    let result: R
    try {
      result = this.#current.run(ids, fn)
    } catch (thrown) {
      return failed(thrown)
    }
    return (isPromise(result) ? result.then(returned, failed) : returned(result)) as R
  }

  /** The figures now. */
  snapshot(): Profile {
    const { clock } = this.#context
    const nowMonotonic = clock.monotonic()
    const uptimeMs = nowMonotonic - this.#startMonotonic
    const { calls, successes, latency } = this.#recent.figures(nowMonotonic)
    return {
      timestamp: clock.now(),
      messages_per_second: ratio(calls, Math.min(uptimeMs, this.#windowMs) / 1000),
      avg_latency_ms: ratio(latency.sum, calls),
      p95_latency_ms: latency.percentile(95),
      p99_latency_ms: latency.percentile(99),
      max_latency_ms: latency.max,
      error_rate: ratio(calls - successes, calls),
      emoji_overhead_percent: ratio(100 * this.#emoji, this.#total),
      total_messages: this.#total,
      emoji_messages: this.#emoji,
      dropped_messages: this.#dropped,
      avg_fields_per_message: ratio(this.#fields, this.#total),
      uptime_seconds: uptimeMs / 1000,
      ...this.#runtime.figures(),
    }
  }

  /** The spans that wait, oldest first; from now on they are the caller's. */
  takeSpans(): readonly Span[] {
    const spans = this.#spans
    this.#spans = []
    return spans
  }

  /** Takes spans back that could not be exported, before those that came since; what does not fit is dropped and counted. */
  giveBack(spans: readonly Span[]): void {
    const all = [...spans, ...this.#spans]
    this.#spans = all.slice(0, this.#maxSpans)
    this.#dropped += all.length - this.#spans.length
  }

  /** Begins anew: everything is 0, and no span waits. */
  reset(): void {
    const { clock } = this.#context
    this.#startMs = clock.now()
    this.#startMonotonic = clock.monotonic()
    this.#recent = new RecentCalls(this.#windowMs)
    this.#runtime.reset()
    this.#spans = []
    this.#total = this.#emoji = this.#dropped = this.#fields = 0
  }

  /** Stops watching the process; the figures stay, and recording goes on. */
  stop(): void {
    this.#runtime.stop()
  }

  #keep(span: () => Span): void {
    try {
      if (this.#spans.length < this.#maxSpans) this.#spans.push(span())
      else this.#dropped++
    } catch {
      this.#dropped++
    }
  }
}

/** 0 where there is nothing to divide by. */
const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)
