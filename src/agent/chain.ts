import { join } from 'node:path'
import type { Account } from '../core/account.ts'
import type { Batch, MetricsBatch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Context } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { ExporterPlugin } from '../core/plugin.ts'
import type { ExportResult } from '../core/result.ts'
import { AccountedExporter } from '../delivery/accounted.ts'
import { BufferedExporter } from '../delivery/buffered.ts'
import { DebuggingExporter } from '../delivery/debugging.ts'
import { FilteringExporter } from '../delivery/filtering.ts'
import { HoldingExporter } from '../delivery/holding.ts'
import { LanedExporter, seriesOf } from '../delivery/laned.ts'
import type { MemoryBudget } from '../delivery/memory-budget.ts'
import { metricFilters } from '../delivery/metric-filters.ts'
import { MonitoredExporter } from '../delivery/monitored.ts'
import { ResilientExporter } from '../delivery/resilient.ts'
import { StartingExporter } from '../delivery/starting.ts'
import type { ExporterConfig } from './config/schema.ts'
import { buffersFolder } from './left-buffers.ts'

export interface ChainOptions {
  /** Where buffers on disk are, each in a folder of its exporter's name. */
  readonly dataDir: string
  readonly delivery: Pick<ExporterConfig, 'buffer' | 'retry' | 'timeout' | 'circuitBreaker' | 'monitor' | 'filters' | 'debug'>
  /** What the destination wants in order. */
  readonly ordered?: ExporterPlugin['ordered']
  readonly account: Account
  readonly budget: MemoryBudget
  readonly deadLetter: EventExporter<Batch>
  /** In place of `deadLetter`, and with the life of the chain. */
  readonly ownDeadLetter?: EventExporter<Batch>
  /** Shown every batch that comes. */
  readonly show: (batch: Batch) => void
  /** What is asked in its place; it is not started or stopped from here. */
  readonly fallback: EventExporter<Batch> | undefined
  /** What gets the figures of the monitor, likewise. */
  readonly selfMetrics: EventExporter<Batch> | undefined
}

/**
 * What stands before one exporter, in the one order that there is: account and buffer → filters → lanes → monitored →
 * resilient → debugging → starting → exporter.
 */
export class Chain extends HoldingExporter<Date, Batch> {
  readonly #monitored: MonitoredExporter<Date, Batch>
  readonly #show: (batch: Batch) => void
  readonly #ownDeadLetter: StartingExporter<Date, Batch> | undefined

  constructor(exporter: EventExporter<Batch>, options: ChainOptions) {
    const monitored = monitor(exporter, options)
    const own = options.ownDeadLetter && new StartingExporter(options.ownDeadLetter)
    super(buffer(filter(lanes(monitored, options), options), own ? { ...options, deadLetter: own } : options))
    this.#ownDeadLetter = own
    this.#monitored = monitored
    this.#show = options.show
  }

  /** What is measured of the exporter. */
  metrics(timeMs: number): MetricsBatch {
    return this.#monitored.metrics(timeMs)
  }

  export(time: Date, batch: Batch, context: Context): Promise<ExportResult> {
    this.#show(batch)
    return this.next.export(time, batch, context)
  }

  override async stop(context: Context): Promise<void> {
    await super.stop(context).finally(() => this.#ownDeadLetter?.stop(context))
  }
}

const records = batchRecords

function monitor(
  exporter: EventExporter<Batch>,
  { delivery, account, fallback, selfMetrics }: ChainOptions,
): MonitoredExporter<Date, Batch> {
  const { retry, timeout, circuitBreaker = fallback ? {} : false } = delivery
  const starting = new StartingExporter(exporter)
  const told = delivery.debug ? new DebuggingExporter(starting, { ...delivery.debug, records }) : starting
  const resilient = new ResilientExporter(told, {
    retry,
    timeout,
    circuitBreaker,
    records,
    ...(fallback && { fallback }),
  })
  const { alertThresholds: limits, window, selfMetricsInterval } = delivery.monitor
  const { exportLatencyP95 = false, successRatePercent = false, queueDepth = false } = limits
  return new MonitoredExporter(resilient, {
    alertThresholds: { exportLatencyP95Ms: exportLatencyP95, successRatePercent, queueDepth },
    window,
    queueDepth: () => account.pending(),
    records,
    selfMetricsInterval,
    ...(selfMetrics && { selfMetricsExporter: selfMetrics as EventExporter<MetricsBatch> }),
  })
}

/** How many series go beside each other, and in how large batches, where the points of each are wanted in order. */
const lanesOf = ({ ordered, delivery: { buffer } }: ChainOptions) =>
  ordered === 'per-series' && buffer.type !== 'none' && buffer.concurrency > 1
    ? { concurrency: buffer.concurrency, batchSize: buffer.batchSize ?? 1000 }
    : undefined

function lanes(next: EventExporter<Batch>, options: ChainOptions): EventExporter<Batch> {
  const given = lanesOf(options)
  return given ? new LanedExporter(next, { ...given, records, seriesOf }) : next
}

function filter(next: EventExporter<Batch>, { delivery }: ChainOptions): EventExporter<Batch> {
  if (!delivery.filters) return next
  const { timeFilter, ...names } = delivery.filters
  return new FilteringExporter(next, { ...metricFilters({ ...names, ...(timeFilter && { timeFilter }) }), records })
}

function buffer(next: EventExporter<Batch>, options: ChainOptions): EventExporter<Batch> {
  const { delivery, account, budget, deadLetter, dataDir } = options
  const { type, compress, compressionThreshold, durability, encryptionKey, oldEncryptionKeys, ...given } = delivery.buffer
  if (type === 'none') return new AccountedExporter(next, { account, records })
  const laned = lanesOf(options)
  const inLanes = laned && { concurrency: 1, batchSize: laned.concurrency * laned.batchSize }
  const common = { ...defined(given), ...inLanes, account, deadLetter, records }
  if (type === 'memory') return new BufferedExporter(next, { ...common, type, budget, compressBuffer: compress, compressionThreshold })
  const keys = { oldEncryptionKeys, ...(encryptionKey && { encryptionKey }) }
  return new BufferedExporter(next, { ...common, type, durability, compress, ...keys, directory: join(dataDir, buffersFolder, next.name) })
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

/** Without what is undefined, which stands for the default. */
const defined = <T extends object>(value: T): Partial<Defined<T>> =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<Defined<T>>
