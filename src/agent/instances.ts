import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import type { Component } from '../core/component.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Log } from '../core/log.ts'
import type { AnyPlugin, PluginKind } from '../core/plugin.ts'
import { retry } from '../core/result.ts'
import type { ExportSource, Processor, Receiver } from '../core/source.ts'
import { ConditionalExporter } from '../delivery/conditional.ts'
import type { MemoryBudget } from '../delivery/memory-budget.ts'
import { MultiExporter } from '../delivery/multi.ts'
import { ExporterRegistry } from '../delivery/registry.ts'
import { Chain } from './chain.ts'
import type { PipelineConditions } from './config/conditions.ts'
import type { LoadedConfig } from './config/load.ts'
import type { PipelineConfig } from './config/pipeline-schema.ts'
import type { Resolved } from './config/resolve.ts'
import { createDeadLetter } from './dead-letters.ts'
import { createHost } from './host.ts'
import { ListeningReceiver } from './listening.ts'
import { Pipeline } from './pipeline.ts'
import type { Taps } from './taps.ts'

/** A component that was made from the configuration. */
export interface Instance<C extends Component = Component> {
  readonly kind: PluginKind
  readonly name: string
  readonly type: string
  readonly component: C
}

export interface Instances {
  readonly sources: readonly (Instance<ExportSource<Batch>> & { readonly intervalMs: number; readonly windowsMs: readonly number[] })[]
  readonly receivers: readonly Instance<ListeningReceiver>[]
  readonly processors: readonly Instance<Processor>[]
  readonly exporters: ExporterRegistry<Date, Batch>
  readonly pipelines: readonly Pipeline[]
}

export interface InstanceOptions {
  readonly dataDir: string
  readonly log: Log
  readonly ledger: Ledger
  readonly budget: MemoryBudget
  readonly deadLetter: EventExporter<Batch>
  readonly taps: Taps
  /** The exporter of that name, when it is needed: what is another's fallback may be made anew meanwhile. */
  readonly find: (name: string) => EventExporter<Batch> | undefined
  /** A component that runs already and has not changed. */
  readonly keep?: (resolved: Resolved<AnyPlugin>) => Component | undefined
}

/** How the agent fans out: each branch has limits of its own and must not wait for another. */
export const unlimited = { maxConcurrentExports: Number.POSITIVE_INFINITY, exportTimeout: false } as const

/** Makes everything that the configuration names and that is not kept; nothing is started. */
export function createInstances(config: LoadedConfig, options: InstanceOptions): Instances {
  const { dataDir, log, ledger, taps, keep = () => undefined } = options
  const make = <C extends Component>({ name, plugin, config }: Resolved<AnyPlugin>): C => {
    const host = createHost(plugin, { dataDir, log: log.child({ component: name }) })
    return plugin.create({ name, config: config as never, host }) as Component as C
  }
  const instance = <C extends Component>(resolved: Resolved<AnyPlugin>, create: () => C): Instance<C> => {
    const { name, plugin } = resolved
    return { kind: plugin.kind, name, type: plugin.type, component: (keep(resolved) as C | undefined) ?? create() }
  }

  const sources = config.sources.map((resolved) => ({
    ...instance(resolved, () => make<ExportSource<Batch>>(resolved)),
    intervalMs: resolved.rest.interval,
    windowsMs: resolved.rest.windows ?? [],
  }))
  for (const { name, component, windowsMs } of sources)
    if (windowsMs.length > 0 && !('compute' in component))
      throw new WaybillError('INVALID_OPTION', `the source ${name} does not compute over spans of time`, {
        at: config.path,
        hint: 'leave windows out',
      })

  const receivers = config.receivers.map((resolved) => instance(resolved, () => new ListeningReceiver(make<Receiver>(resolved))))
  const processors = config.processors.map((resolved) => instance(resolved, () => make<Processor>(resolved)))
  const exporters = createExporters(config, { ...options, keep, make })

  const signalsOf = new Map(config.processors.map(({ name, plugin }) => [name, plugin.signals]))
  const pipelines = config.file.pipelines.map((pipeline) => {
    const { name, process, signals } = pipeline
    const { when, routes } = config.conditions.get(name)!
    return new Pipeline({
      name,
      account: ledger.pipeline(name),
      show: (batch) => taps.show('pipeline', name, batch),
      steps: process.map((step) => ({
        processor: processors.find((instance) => instance.name === step)!.component,
        signals: signalsOf.get(step)!,
      })),
      to: pipeline.routes.length > 0 ? routed(pipeline, routes, exporters) : fannedOut(pipeline, pipeline.to, exporters),
      signals,
      when,
    })
  })
  return { sources, receivers, processors, exporters, pipelines }
}

type Exporters = ExporterRegistry<Date, Batch>

function fannedOut({ name, strategy, require }: PipelineConfig, to: readonly string[], exporters: Exporters): EventExporter<Batch> {
  return new MultiExporter(
    to.map((exporter) => exporters.get(exporter)!),
    {
      name,
      strategy: strategy === 'sequential' ? 'sequential' : 'parallel',
      minSuccessCount: require === 'all' ? to.length : 1,
      ...unlimited,
      records: batchRecords,
    },
  )
}

function routed(pipeline: PipelineConfig, conditions: PipelineConditions['routes'], exporters: Exporters): EventExporter<Batch> {
  // A route of which every exporter is switched off has none left.
  const branches = pipeline.routes.flatMap(({ to, description = to.join(' + ') }, index) =>
    to.length === 0 ? [] : [{ ...conditions[index]!, exporter: fannedOut(pipeline, to, exporters), description }],
  )
  return new ConditionalExporter(branches, { name: pipeline.name, require: pipeline.require, records: batchRecords })
}

interface ExporterParts extends InstanceOptions {
  readonly keep: (resolved: Resolved<AnyPlugin>) => Component | undefined
  make<C extends Component>(resolved: Resolved<AnyPlugin>): C
}

/** Every exporter with its chain, made by its plugin. */
function createExporters(
  config: LoadedConfig,
  { keep, make, find, ledger, budget, deadLetter, taps, dataDir, log }: ExporterParts,
): ExporterRegistry<Date, Batch> {
  const registry = new ExporterRegistry<Date, Batch>()
  for (const { plugin } of config.exporters) {
    registry.register(plugin.type, (name, resolved: LoadedConfig['exporters'][number]) => {
      const { fallback, ...delivery } = resolved.rest
      const own = config.deadLetters.get(name)
      const other = (name: string | undefined) => (name === undefined ? undefined : named(name, find))
      const chain = {
        delivery,
        ...(plugin.ordered && { ordered: plugin.ordered }),
        account: ledger.account(name),
        budget,
        dataDir,
        deadLetter: typeof delivery.deadLetter === 'string' ? named(delivery.deadLetter, find) : deadLetter,
        ...(own && { ownDeadLetter: createDeadLetter(own, { dataDir, log }) }),
        show: (batch: Batch) => taps.show('exporter', name, batch),
        fallback: other(fallback),
        selfMetrics: other(delivery.monitor.selfMetricsExporter),
      }
      return (keep(resolved) as EventExporter<Batch> | undefined) ?? new Chain(make<EventExporter<Batch>>(resolved), chain)
    })
  }
  for (const resolved of config.exporters) registry.create(resolved.name, resolved.plugin.type, resolved)
  return registry
}

/** Whatever has that name when it is used; it is started and stopped as what it is, not as a fallback. */
const named = (name: string, find: InstanceOptions['find']): EventExporter<Batch> => ({
  name,
  export: async (time, batch, context) =>
    find(name)?.export(time, batch, context) ?? retry(new Error(`there is no exporter ${name} any more`)),
})
