import type { MetricsBatch } from '../core/batch.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { Context } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import type { EventExporter, Exporter } from '../core/exporter.ts'
import { type RecordType, single } from '../core/record-type.ts'
import { type ExportResult, errorOf } from '../core/result.ts'
import { aborted } from './aborted.ts'
import { attempt } from './attempt.ts'
import { HoldingExporter } from './holding.ts'
import { Measurements, type MonitorOptions, type MonitorStats } from './measurements.ts'
import { isOwnMetrics, monitorMetrics } from './monitor-metrics.ts'
import { type ThresholdAlert, Thresholds } from './thresholds.ts'
import { TimedExporter } from './timed.ts'

export interface MonitoredOptions<T> {
  readonly monitor?: MonitorOptions
  /** When to alert; `false`: never. What is not measured never alerts. */
  readonly alertThresholds?: {
    /** When the 95th percentile is above it. Default 1000. */
    readonly exportLatencyP95Ms?: number | false
    /** When it is below. Default 95. */
    readonly successRatePercent?: number | false
    /** When it is above. Default 1000. */
    readonly queueDepth?: number | false
  }
  /** Told, like the log, once when a threshold is crossed and once when it no longer is. */
  readonly onAlert?: (alert: ThresholdAlert) => void
  /** Over how long percentiles and the success rate are taken. Default 5 minutes. */
  readonly window?: Duration
  /** Gets the monitor's own metrics, which it never measures, whatever they go through. Started and stopped by whoever made it. */
  readonly selfMetricsExporter?: EventExporter<MetricsBatch>
  /** How often, from start to stop; thresholds are looked at then too. Default 30 s. */
  readonly selfMetricsInterval?: Duration
  /** How many records wait to be exported, such as a buffer's `pending()`. When it throws the depth is unknown. */
  readonly queueDepth?: () => number
  /** Default: a `T` is one record. */
  readonly records?: RecordType<T>
}

/** Passes everything on as it is, and measures how long it takes, how much it is and what comes of it. */
export class MonitoredExporter<Time, T> extends HoldingExporter<Time, T> {
  readonly #measurements: Measurements
  readonly #thresholds: Thresholds
  readonly #trackSize: boolean
  readonly #queueDepth: (() => number) | undefined
  readonly #records: RecordType<T>
  readonly #selfMetrics: EventExporter<MetricsBatch> | undefined
  readonly #intervalMs: number
  #clock: Clock = systemClock
  #sinceMs: number | undefined
  #stopped: AbortController | undefined
  #selfMetricsFailing = false

  constructor(base: Exporter<Time, T>, options: MonitoredOptions<T> = {}) {
    super(base)
    const { exportLatencyP95Ms = 1000, successRatePercent = 95, queueDepth = 1000 } = options.alertThresholds ?? {}
    this.#measurements = new Measurements(parseDuration(options.window ?? '5m'), options.monitor)
    this.#thresholds = new Thresholds({
      exporter: base.name,
      limits: { exportLatencyP95Ms, successRatePercent, queueDepth },
      onAlert: options.onAlert,
    })
    this.#trackSize = options.monitor?.trackExportSize ?? true
    this.#queueDepth = options.queueDepth
    this.#records = options.records ?? (single as RecordType<T>)
    this.#intervalMs = parseDuration(options.selfMetricsInterval ?? '30s')
    this.#selfMetrics = options.selfMetricsExporter && new TimedExporter(options.selfMetricsExporter, { timeout: this.#intervalMs })
  }

  async export(time: Time, data: T, context: Context): Promise<ExportResult> {
    if (this.#selfMetrics && isOwnMetrics(this.name, data)) return this.next.export(time, data, context)
    this.#countFrom(context)
    const startMs = context.clock.monotonic()
    const result = await attempt(this.next, time, data, context)
    const nowMs = context.clock.monotonic()
    const bytes = this.#trackSize ? this.#records.bytes(data) : 0
    this.#measurements.record(nowMs, { records: this.#records.count(data), bytes, latencyMs: nowMs - startMs, result })
    this.#check(context)
    return result
  }

  stats(): MonitorStats {
    const queueDepth = this.#depth()
    return { ...this.#measurements.stats(this.#clock.monotonic()), ...(queueDepth !== undefined && { queueDepth }) }
  }

  /** The figures as metrics, as `selfMetricsExporter` gets them. */
  metrics(timeMs: number): MetricsBatch {
    return monitorMetrics(this.name, this.stats(), { timeMs, sinceMs: this.#sinceMs ?? timeMs })
  }

  override async start(context: Context): Promise<void> {
    await super.start(context)
    if (this.#stopped) return
    this.#countFrom(context)
    this.#stopped = new AbortController()
    void this.#reportUntilStopped({ ...context, signal: this.#stopped.signal })
  }

  /** Sends the own metrics a last time, for no longer than the signal lets it. */
  override async stop(context: Context): Promise<void> {
    const stopped = this.#stopped
    this.#stopped = undefined
    if (stopped) {
      stopped.abort()
      await Promise.race([this.#report(context), aborted(context.signal)])
    }
    await super.stop(context)
  }

  #countFrom({ clock }: Context): void {
    this.#clock = clock
    this.#sinceMs ??= clock.now()
  }

  #check(context: Context): void {
    const nowMs = context.clock.monotonic()
    this.#thresholds.check('exportLatencyP95Ms', this.#measurements.latencyP95Ms(nowMs), context)
    this.#thresholds.check('successRatePercent', this.#measurements.successRatePercent(nowMs), context)
    this.#thresholds.check('queueDepth', this.#depth(), context)
  }

  #depth(): number | undefined {
    try {
      return this.#queueDepth?.()
    } catch {
      return undefined
    }
  }

  async #reportUntilStopped(context: Context): Promise<void> {
    for (;;) {
      await context.clock.sleep(this.#intervalMs, context.signal)
      if (context.signal.aborted) return
      await this.#report(context)
    }
  }

  async #report(context: Context): Promise<void> {
    this.#check(context)
    if (!this.#selfMetrics) return
    const timeMs = context.clock.now()
    const error = errorOf(await this.#selfMetrics.export(new Date(timeMs), this.metrics(timeMs), context))
    if (error && !this.#selfMetricsFailing && !context.signal.aborted)
      context.log.warn('the metrics of a monitor are not taken', { exporter: this.name, error })
    this.#selfMetricsFailing = error !== undefined
  }
}
