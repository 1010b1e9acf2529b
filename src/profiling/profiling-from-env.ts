import { parseDuration } from '../core/duration.ts'
import { WaybillError } from '../core/errors.ts'
import { Secret } from '../core/secret.ts'
import { Environment, type EnvironmentOptions } from './environment.ts'
import { type ExporterEntry, exporterEntries } from './exporter-entries.ts'

/** How an application is to be profiled. */
export interface ProfilingSettings {
  /** Without ENABLED: whether there is an exporter. */
  readonly enabled: boolean
  /** Default 0.01. */
  readonly sampleRate: number
  /** How many traces wait to be exported. Default 1,000. */
  readonly bufferSize: number
  /** Default 30 s. */
  readonly flushIntervalMs: number
  /** Default false. A profile has the heap in use whether or not it is asked for. */
  readonly trackMemory: boolean
  /** The file with further exporters; undefined when none is named. */
  readonly exportersConfig: string | undefined
  readonly exporters: readonly ExporterEntry[]
}

export interface ProfilingEnvOptions extends EnvironmentOptions {
  /** What the file of EXPORTERS_CONFIG holds, parsed. Without it the file is only named in the settings. */
  readonly read?: (path: string) => unknown
}

/** The exporters for which one variable is enough: which it is, and the setting that it gives. */
const byVariable = {
  prometheus: { field: 'prometheus_pushgateway_url', type: 'prometheus', setting: 'pushgateway_url' },
  datadog: { field: 'datadog_api_key', type: 'datadog', setting: 'api_key' },
  otel: { field: 'otel_endpoint', type: 'otlp', setting: 'endpoint' },
} as const

/**
 * The settings in the variables PROFILING_… or, where there is none of that name, PROVIDE_PROFILING_…: ENABLED, SAMPLE_RATE,
 * BUFFER_SIZE, FLUSH_INTERVAL_SECONDS, TRACK_MEMORY; PROMETHEUS_PUSHGATEWAY_URL, DATADOG_API_KEY and OTEL_ENDPOINT, each of
 * which stands for an exporter; EXPORTERS_CONFIG, a file with exporters, which go before those of the same name;
 * EXPORTERS, the names of those to use (default: all); SECRETS_DIRECTORY (default `/etc/secrets`). The value `file:///path`
 * stands for what that file holds. Throws WaybillError with the name of the variable, or the place in the file.
 */
export function profilingFromEnv({ read, ...options }: ProfilingEnvOptions = {}): ProfilingSettings {
  const env = new Environment(['PROFILING', 'PROVIDE_PROFILING'], options)
  const sampleRate = env.number('sample_rate') ?? 0.01
  if (sampleRate < 0 || sampleRate > 1) throw env.invalid('sample_rate', 'is not between 0.0 and 1.0')
  const bufferSize = env.number('buffer_size') ?? 1000
  if (!Number.isInteger(bufferSize) || bufferSize < 1) throw env.invalid('buffer_size', 'is not a whole number of at least 1')
  const flushIntervalMs = parseDuration(env.duration('flush_interval') ?? '30s')
  const trackMemory = env.boolean('track_memory') ?? false
  const exportersConfig = env.text('exporters_config')
  const secretsDirectory = env.text('secrets_directory')
  const inFile =
    exportersConfig !== undefined && read
      ? exporterEntries(read(exportersConfig), {
          ...options,
          path: exportersConfig,
          ...(secretsDirectory !== undefined && { secretsDirectory }),
        })
      : []
  const names = new Set(inFile.map(({ name }) => name))
  const exporters = chosen([...inFile, ...inVariables(env).filter(({ name }) => !names.has(name))], env)
  const enabled = env.boolean('enabled') ?? (exporters.length > 0 || exportersConfig !== undefined)
  return { enabled, sampleRate, bufferSize, flushIntervalMs, trackMemory, exportersConfig, exporters }
}

function inVariables(env: Environment): readonly ExporterEntry[] {
  return Object.entries(byVariable).flatMap(([name, { field, type, setting }]) => {
    const value = env.text(field)
    if (value === undefined) return []
    return [{ name, type, config: { [setting]: setting === 'api_key' ? new Secret(value) : value } }]
  })
}

/** Those of `found` that EXPORTERS names. One that is not found is left to whoever makes exporters of that type. */
function chosen(found: readonly ExporterEntry[], env: Environment): readonly ExporterEntry[] {
  return (
    env.list('exporters')?.map((name) => {
      const entry = found.find((entry) => entry.name === name)
      if (entry) return entry
      if (!Object.hasOwn(byVariable, name)) return { name, type: name, config: {} }
      const needed = env.variable(byVariable[name as keyof typeof byVariable].field)
      throw new WaybillError('CONFIG_UNDEFINED_VARIABLE', `${env.variable('exporters')} names ${name}, and ${needed} is not set`, {
        hint: `set ${needed}, or leave ${name} out`,
      })
    }) ?? found
  )
}
