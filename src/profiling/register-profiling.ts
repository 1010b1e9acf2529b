import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { type Context, createContext } from '../core/context.ts'
import { type Duration, parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import { type ExportResult, ok, toError } from '../core/result.ts'
import { type Adjustable, AdjustableExporter } from '../delivery/adjustable.ts'
import { unique } from '../delivery/branching.ts'
import type { DebugSwitches } from '../delivery/debugging.ts'
import type { Spelled } from '../delivery/spelled.ts'
import { StartingExporter } from '../delivery/starting.ts'
import { backgroundClock } from './background-clock.ts'
import { ProfileDelivery } from './profile-delivery.ts'
import { ProfileRoute } from './profile-route.ts'
import { ProfileSource } from './profile-source.ts'
import { Profiler, type ProfilerOptions } from './profiler.ts'

export interface ProfilingOptions extends ProfilerOptions {
  /** Where the profile goes: to each of them. All exporters are started and stopped here. */
  readonly exporters: readonly EventExporter<Batch>[]
  /** Where the traces go, for when some of `exporters` take only metrics. Default: to the same. */
  readonly traceExporters?: readonly EventExporter<Batch>[]
  /** How often. Default 30 s. */
  readonly interval?: Duration
  /** How long one exporter may take. Default 10 s. */
  readonly exportTimeout?: Duration
  /** `service.name` of the resource. Default: no resource. */
  readonly serviceName?: string
}

export interface Profiling {
  readonly profiler: Profiler
  /** Each exporter by its name, to look into it and to change it; a number stands behind a name that comes again. */
  readonly exporters: ReadonlyMap<string, Adjustable<Batch>>
  /** Switches debug mode on in all of them. */
  enableDebugMode(switches?: Spelled<DebugSwitches>): void
  /** Exports now, beside the interval: `ok` when at least one exporter took everything. Never rejects. */
  exportNow(): Promise<ProfilingExports>
  /**
   * Exports what was recorded last, for at most twice `exportTimeout`, then stops the exporters, which delivers what they
   * still hold, for at most that long once. Never rejects.
   */
  stop(): Promise<void>
}

/** What became of the profile and of the traces; `traces` is `ok` too when there were none. */
export interface ProfilingExports {
  readonly metrics: ExportResult
  readonly traces: ExportResult
}

/**
 * Profiles the application and exports the profile every interval. The application never waits for that, hears of failures
 * only in the context's log, and is not kept from ending. Throws WaybillError `INVALID_OPTION` or `INVALID_DURATION` at once.
 */
export function registerProfiling(options: ProfilingOptions): Profiling {
  const { exporters, traceExporters = exporters, interval = '30s', exportTimeout = '10s', serviceName, context = createContext() } = options
  if (exporters.length === 0)
    throw new WaybillError('INVALID_OPTION', 'there is no exporter to give the profile to', { hint: 'name at least one in `exporters`' })
  const intervalMs = parseDuration(interval)
  const timeoutMs = parseDuration(exportTimeout)
  const profiler = new Profiler(options)
  const background = context.clock === systemClock ? { ...context, clock: backgroundClock } : context

  const all = [...new Set([...exporters, ...traceExporters])]
  const adjustable = all.map((exporter) =>
    exporter instanceof AdjustableExporter ? exporter : new AdjustableExporter(exporter, { records: batchRecords }),
  )
  const started = new Map(all.map((exporter, index) => [exporter, new StartingExporter(adjustable[index]!)]))
  const route = (signal: 'metrics' | 'traces', to: readonly EventExporter<Batch>[]) => {
    const children = to.map((exporter) => started.get(exporter)!)
    const source = new ProfileSource(profiler, { signal, serviceName })
    return new ProfileRoute(source, new ProfileDelivery(profiler, children, timeoutMs), background)
  }
  const metrics = route('metrics', exporters)
  const traces = traceExporters.length > 0 ? route('traces', traceExporters) : undefined

  let stopping: Promise<void> | undefined
  const ready = within(timeoutMs, background.clock, () => Promise.all([...started.values()].map((exporter) => exporter.start(background))))
  void ready.then(() => {
    if (stopping) return
    metrics.start(intervalMs)
    traces?.start(intervalMs)
  })

  const exportNow = async (): Promise<ProfilingExports> => {
    await within(timeoutMs, context.clock, () => ready)
    const [ofMetrics, ofTraces = ok] = await Promise.all([metrics.exportNow(context), traces?.exportNow(context)])
    return { metrics: ofMetrics, traces: ofTraces }
  }
  const exportLast = async (): Promise<void> => {
    await Promise.all([metrics.stop(), traces?.stop()])
    await exportNow()
  }
  // Each part has time of its own: an exporter that hangs in the first must not leave the others none to deliver in.
  const finish = async (): Promise<void> => {
    await within(2 * timeoutMs, context.clock, exportLast)
    await within(timeoutMs, context.clock, (signal) =>
      Promise.all([...started.values()].map((exporter) => stop(exporter, { ...context, signal }))),
    )
    profiler.stop()
  }
  const names = unique(all.map(({ name }) => name))
  return {
    profiler,
    exporters: new Map(names.map((name, index) => [name, adjustable[index]!])),
    enableDebugMode(switches) {
      for (const exporter of adjustable) exporter.enableDebugMode(switches)
    },
    exportNow,
    stop: () => {
      stopping ??= finish()
      return stopping
    },
  }
}

/** Stops it; a failure is only logged. */
async function stop(exporter: StartingExporter<Date, Batch>, context: Context): Promise<void> {
  try {
    await exporter.stop(context)
  } catch (thrown) {
    context.log.error('could not be stopped cleanly', { exporter: exporter.name, error: toError(thrown) })
  }
}

/** Waits for `work`, at most `ms`; then its signal is aborted. */
async function within(ms: number, clock: Clock, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const late = new AbortController()
  const done = new AbortController()
  await Promise.race([work(late.signal).finally(() => done.abort()), clock.sleep(ms, done.signal)])
  done.abort()
  late.abort()
}
