import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Catalogue } from '../agent/catalogue.ts'
import { ConfigError } from '../agent/config/problems.ts'
import { check } from '../agent/config/shape.ts'
import { createHost } from '../agent/host.ts'
import type { Batch } from '../core/batch.ts'
import { createContext } from '../core/context.ts'
import type { EventExporter } from '../core/exporter.ts'
import type { ExporterPlugin } from '../core/plugin.ts'
import { Secret } from '../core/secret.ts'
import type { ExporterEntry } from '../profiling/exporter-entries.ts'
import { profilingFromEnv } from '../profiling/profiling-from-env.ts'
import type { Profiling } from '../profiling/register-profiling.ts'
import { type ProfilingFromEnvOptions, registerProfilingFromEnv } from '../profiling/register-profiling-from-env.ts'

export interface StartProfilingOptions extends Omit<ProfilingFromEnvOptions, 'create' | 'takesTraces' | 'read'> {
  /** Where exporters put what they keep, unless they are told otherwise. Default: `waybill-data`. */
  readonly dataDir?: string
}

/**
 * Profiles the application as the variables PROFILING_… say, to the exporters that they name, which are those of `waybill run`;
 * undefined when profiling is not enabled. Rejects with WaybillError for a variable, a file or a setting that is wrong.
 */
export async function startProfiling({
  dataDir = 'waybill-data',
  context = createContext(),
  ...options
}: StartProfilingOptions = {}): Promise<Profiling | undefined> {
  const read = (path: string): unknown => parse((options.readFile ?? readText)(path))
  const { enabled, exporters } = profilingFromEnv({ ...options, read })
  if (!enabled) return undefined
  const catalogue = new Catalogue()
  const plugins = new Map<string, ExporterPlugin>()
  for (const { type } of exporters) plugins.set(type, await catalogue.get('exporter', type))
  const create = ({ name, type, config }: ExporterEntry): EventExporter<Batch> => {
    const plugin = plugins.get(type)!
    const host = createHost(plugin, { dataDir, log: context.log.child({ component: name }) })
    return plugin.create({ name, config: settingsOf(plugin, name, config) as never, host })
  }
  const takesTraces = ({ type }: ExporterEntry): boolean => plugins.get(type)!.signals.includes('traces')
  return registerProfilingFromEnv({ ...options, context, read, create, takesTraces })
}

/** What the plugin makes of the settings. Throws ConfigError with everything that is wrong with them. */
function settingsOf(plugin: ExporterPlugin, name: string, config: ExporterEntry['config']): unknown {
  const at = ['exporters', name, 'config']
  const schema = plugin.config as Parameters<typeof check>[0]
  const { value, problems } = check(schema, revealed(config), at)
  if (problems.length > 0) throw new ConfigError('profiling', problems)
  return value
}

/** The value with texts for secrets, which the plugin makes secrets again. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]))
}

const readText = (path: string): string => readFileSync(path, 'utf8')
