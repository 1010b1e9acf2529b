import type { Batch } from '../core/batch.ts'
import { batchRecords } from '../core/batch-records.ts'
import { WaybillError } from '../core/errors.ts'
import type { EventExporter } from '../core/exporter.ts'
import { Secret } from '../core/secret.ts'
import { AdjustableExporter } from '../delivery/adjustable.ts'
import type { ExporterEntry } from './exporter-entries.ts'
import { type ProfilingEnvOptions, profilingFromEnv } from './profiling-from-env.ts'
import { type Profiling, type ProfilingOptions, registerProfiling } from './register-profiling.ts'

export interface ProfilingFromEnvOptions
  extends ProfilingEnvOptions,
    Omit<ProfilingOptions, 'exporters' | 'sampleRate' | 'interval' | 'maxSpans'> {
  /** Makes the exporter of an entry; throws when there is none of its type, or its settings are wrong. */
  readonly create: (entry: ExporterEntry) => EventExporter<Batch>
  /** Whether the exporter of an entry takes traces. Default: all do. */
  readonly takesTraces?: (entry: ExporterEntry) => boolean
}

/**
 * `registerProfiling` with what the environment says (see `profilingFromEnv`), every exporter with its own filters;
 * undefined when profiling is not enabled. Throws WaybillError for a variable or a file that is wrong, and what `create` throws.
 */
export function registerProfilingFromEnv({
  create,
  takesTraces = () => true,
  env,
  readFile,
  read,
  ...options
}: ProfilingFromEnvOptions): Profiling | undefined {
  const settings = profilingFromEnv({ ...(env && { env }), ...(readFile && { readFile }), ...(read && { read }) })
  const { enabled, exportersConfig, sampleRate, bufferSize: maxSpans, flushIntervalMs: interval } = settings
  if (!enabled) return undefined
  if (exportersConfig !== undefined && !read)
    throw new WaybillError('INVALID_OPTION', `the environment names the file ${exportersConfig}, and nothing can read it`, {
      hint: 'give `read`, such as (path) => parse(readFileSync(path, "utf8")) with `parse` of the package yaml',
    })
  if (settings.exporters.length === 0)
    throw new WaybillError('INVALID_OPTION', 'profiling is enabled, and the environment names no exporter', {
      hint: 'set PROFILING_EXPORTERS_CONFIG or one of the variables that stand for an exporter',
    })
  const exporters = settings.exporters.map((entry) => {
    const { filters, config } = entry
    const secrets = Object.values(config).filter((value) => value instanceof Secret)
    return new AdjustableExporter(create(entry), { records: batchRecords, secrets, ...(filters && { filters }) })
  })
  const traceExporters = exporters.filter((_, index) => takesTraces(settings.exporters[index]!))
  return registerProfiling({ traceExporters, ...options, exporters, sampleRate, maxSpans, interval })
}
