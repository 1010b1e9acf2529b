import { type AnyPlugin, type Signal, WaybillError, z } from '../../sdk.ts'
import { dispatchPlugin } from './dispatch-plugins.ts'
import { AlertExporterExample, PerformanceExporterExample } from './examples.ts'
import { plainNames } from './plain-names.ts'

type Settings = Readonly<Record<string, unknown>>

/** An exporter of the agent under the name that it has for arrays. */
interface BuiltIn {
  readonly type: string
  readonly signal: Signal
  readonly config?: Settings
  readonly process?: readonly string[]
}

const kafka = {
  type: 'kafka',
  signal: 'metrics',
  config: { topic: 'delfin-kafka', format: 'metric_arrays' },
  process: ['array_names'],
} as const
const alertmanager = { type: 'alertmanager', signal: 'alerts' } as const

/** Longer than from one collection to the next: a value holds until then. */
const prometheus = { type: 'prometheus', signal: 'metrics', config: { listen: '127.0.0.1:8195', stale_after: '45m' } } as const

const builtIn: Readonly<Record<string, BuiltIn>> = {
  PerformanceExporterExample: { type: 'PerformanceExporterExample', signal: 'metrics' },
  PerformanceExporterPrometheus: prometheus,
  PerformanceExporterKafka: kafka,
  AlertExporterExample: { type: 'AlertExporterExample', signal: 'alerts' },
  AlertExporterPrometheus: alertmanager,
  AlertExporterAlertmanager: alertmanager,
  AlertExporterKafka: { type: 'kafka', signal: 'alerts', config: { topic: 'delfin-kafka-alerts' } },
}

/** What the agent needs beside its own plugins for the exporters below. */
export const arrayPlugins: readonly AnyPlugin[] = [
  dispatchPlugin(PerformanceExporterExample),
  dispatchPlugin(AlertExporterExample),
  plainNames as AnyPlugin,
]

/** The part of `arrays:` that says where arrays' data goes. */
export const chosenSchema = {
  performanceExporters: z
    .array(z.string())
    .default(['PerformanceExporterExample'])
    .describe('Exporters that get what is measured, by class name: built in, or of a file or package in `plugins`.'),
  alertExporters: z.array(z.string()).default(['AlertExporterExample']).describe('Exporters that get alerts, by class name.'),
  exporterSettings: z
    .record(z.string(), z.record(z.string(), z.unknown()))
    .default({})
    .describe('By class name what stands beside `type` in `exporters:`, such as `config`, `buffer` and `retry`.'),
}

export type Chosen = z.output<z.ZodObject<typeof chosenSchema>>

/** Parts of the agent's configuration, in the form of waybill.yaml. */
export interface ChosenConfiguration {
  readonly processors: readonly { readonly name: string; readonly type: string }[]
  readonly exporters: readonly ({ readonly name: string; readonly type: string } & Settings)[]
  readonly pipelines: readonly {
    readonly name: string
    readonly from: readonly string[]
    readonly process: readonly string[]
    readonly signals: readonly Signal[]
    readonly to: readonly string[]
  }[]
}

/**
 * The agent's configuration that gives what comes from `from` to the exporters chosen, each with a buffer, retries and books of its own.
 * `plugins` are those of the user. Throws WaybillError `CONFIG_UNKNOWN_NAME`, with the names that there are, or `CONFIG_SIGNAL_MISMATCH`.
 */
export function configurationOf(chosen: Chosen, plugins: readonly AnyPlugin[], from = 'arrays'): ChosenConfiguration {
  const known = knownExporters(plugins)
  const ways = [
    ...waysOf('performance_exporters', chosen.performanceExporters, 'metrics', known),
    ...waysOf('alert_exporters', chosen.alertExporters, 'alerts', known),
  ]
  for (const name of Object.keys(chosen.exporterSettings))
    if (!ways.some((way) => way.name === name))
      throw new WaybillError('CONFIG_UNKNOWN_NAME', `exporter_settings names ${name}, which is not among the exporters chosen`, {
        hint: 'add it to performance_exporters or alert_exporters, or leave its settings out',
      })
  const exporters = new Map(
    ways.map(({ name, type, config = {} }) => [name, { name, type, ...withSettings(config, chosen.exporterSettings[name]) }]),
  )
  return {
    processors: ways.some(({ process }) => process) ? [{ name: 'array_names', type: 'array_names' }] : [],
    exporters: [...exporters.values()],
    pipelines: ways.map(({ name, signal, process = [] }) => ({
      name: `${from}-${signal}-${name}`.slice(0, 63),
      from: [from],
      process,
      signals: [signal],
      to: [name],
    })),
  }
}

type Way = BuiltIn & { readonly name: string }
type Known = ReadonlyMap<string, readonly BuiltIn[]>

function waysOf(key: string, names: readonly string[], signal: Signal, known: Known): readonly Way[] {
  return [...new Set(names)].map((name) => {
    const found = known.get(name)
    if (!found)
      throw new WaybillError('CONFIG_UNKNOWN_NAME', `${key} names ${name}, and there is no exporter of that name`, {
        hint: `known are ${[...known].flatMap(([name, ways]) => (ways.some((way) => way.signal === signal) ? [name] : [])).join(', ')}`,
      })
    const way = found.find((way) => way.signal === signal)
    if (!way)
      throw new WaybillError('CONFIG_SIGNAL_MISMATCH', `${key} names ${name}, which takes ${found[0]!.signal} and no ${signal}`, {
        hint: `name it in ${signal === 'alerts' ? 'performance_exporters' : 'alert_exporters'}`,
      })
    return { ...way, name }
  })
}

/** Those of the user take precedence. */
const knownExporters = (plugins: readonly AnyPlugin[]): Known =>
  new Map<string, readonly BuiltIn[]>([
    ...Object.entries(builtIn).map(([name, way]): [string, readonly BuiltIn[]] => [name, [way]]),
    ...plugins
      .filter(({ kind }) => kind === 'exporter')
      .map(({ type, signals }): [string, readonly BuiltIn[]] => [type, signals.map((signal) => ({ type, signal }))]),
  ])

/** What an array has told once it may not tell again, so what waits is on disk unless the settings say otherwise. */
function withSettings(config: Settings, settings: Settings = {}): Settings {
  const all = { ...config, ...(settings.config as Settings | undefined) }
  return { buffer: { type: 'disk' }, ...settings, ...(Object.keys(all).length > 0 && { config: all }) }
}
