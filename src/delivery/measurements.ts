import { type ExportResult, errorOf } from '../core/result.ts'
import { RecentCalls } from './recent-calls.ts'

/** What to measure of an exporter; all by default. */
export interface MonitorOptions {
  readonly trackExportLatency?: boolean
  readonly trackExportSize?: boolean
  readonly trackSuccessRate?: boolean
  readonly trackErrorTypes?: boolean
}

/** What a monitor has seen. What it does not measure is absent. */
export interface MonitorStats {
  /** Calls. */
  readonly exports: number
  /** Records in these calls. */
  readonly records: number
  /** Calls by what came of them. */
  readonly outcomes: Readonly<Record<ExportResult['status'], number>>
  /** Of the last window, percentiles within 5 %; absent when there were no calls in it. */
  readonly latencyMs?: { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }
  /** Of all calls together. */
  readonly totalLatencyMs?: number
  /** What was given to the exporter, as its size in memory. */
  readonly bytes?: number
  /** Calls of the last window that were `ok`, in per cent; absent when there were none. */
  readonly successRatePercent?: number
  /** Calls that were not `ok`, by status and the error's code or name: `retry ECONNREFUSED`. */
  readonly errors?: Readonly<Record<string, number>>
  readonly queueDepth?: number
}

/** One call of an exporter. */
export interface Call {
  readonly records: number
  readonly bytes: number
  readonly latencyMs: number
  readonly result: ExportResult
}

/** Kinds of errors that are told apart; the rest is `other`, since a code may be anything. */
const mostKinds = 100

/** What the calls of an exporter were like, in bounded memory. Takes the time of a clock that only goes forward. */
export class Measurements {
  readonly #recent: RecentCalls
  readonly #monitor: MonitorOptions
  readonly #outcomes = { ok: 0, partial: 0, retry: 0, reject: 0, 'too-large': 0 }
  readonly #errors = new Map<string, number>()
  #exports = 0
  #records = 0
  #bytes = 0
  #totalLatencyMs = 0

  constructor(windowMs: number, monitor: MonitorOptions = {}) {
    this.#recent = new RecentCalls(windowMs)
    this.#monitor = monitor
  }

  record(nowMs: number, { records, bytes, latencyMs, result }: Call): void {
    this.#recent.record(nowMs, latencyMs, result.status === 'ok')
    this.#outcomes[result.status]++
    this.#exports++
    this.#records += records
    this.#bytes += bytes
    this.#totalLatencyMs += latencyMs
    if (result.status !== 'ok') this.#count(kindOf(result))
  }

  /** Of the last window; undefined when it is not measured or there were no calls. */
  latencyP95Ms(nowMs: number): number | undefined {
    const { latency } = this.#recent.figures(nowMs)
    return this.#monitor.trackExportLatency === false || latency.count === 0 ? undefined : latency.percentile(95)
  }

  /** Of the last window; undefined when it is not measured or there were no calls. */
  successRatePercent(nowMs: number): number | undefined {
    const { calls, successes } = this.#recent.figures(nowMs)
    return this.#monitor.trackSuccessRate === false || calls === 0 ? undefined : (100 * successes) / calls
  }

  stats(nowMs: number): MonitorStats {
    const { trackExportLatency = true, trackExportSize = true, trackErrorTypes = true } = this.#monitor
    const { latency } = this.#recent.figures(nowMs)
    const [p50, p95, p99] = [50, 95, 99].map((percent) => latency.percentile(percent)) as [number, number, number]
    const successRatePercent = this.successRatePercent(nowMs)
    return {
      exports: this.#exports,
      records: this.#records,
      outcomes: { ...this.#outcomes },
      ...(trackExportLatency && latency.count > 0 && { latencyMs: { p50, p95, p99, max: latency.max } }),
      ...(trackExportLatency && { totalLatencyMs: this.#totalLatencyMs }),
      ...(trackExportSize && { bytes: this.#bytes }),
      ...(successRatePercent !== undefined && { successRatePercent }),
      ...(trackErrorTypes && { errors: Object.fromEntries(this.#errors) }),
    }
  }

  #count(kind: string): void {
    const counted = this.#errors.has(kind) || this.#errors.size < mostKinds ? kind : 'other'
    this.#errors.set(counted, (this.#errors.get(counted) ?? 0) + 1)
  }
}

function kindOf(result: ExportResult): string {
  const error: (Error & { code?: unknown }) | undefined = errorOf(result)
  const cause = error?.cause as { code?: unknown } | undefined
  return `${result.status} ${error?.code ?? cause?.code ?? error?.name}`
}
