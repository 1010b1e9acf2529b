import type { FileConfig } from './config/schema.ts'
import { revealed } from './kept.ts'

/** What of `arrays:` became exporters and pipelines, which a reload changes like all the others. */
const elsewhere = { performanceExporters: 0, alertExporters: 0, exporterSettings: 0 }

const settings: Readonly<Record<string, (file: FileConfig) => unknown>> = {
  arrays: ({ arrays = {} }) => JSON.stringify({ ...arrays, ...elsewhere }, revealed),
  'api.enabled': ({ api }) => api.enabled,
  'api.listen': ({ api }) => api.listen,
  'api.token': ({ api }) => api.token?.reveal(),
  data_dir: ({ dataDir }) => dataDir,
  'log.format': ({ log }) => log.format,
  max_memory: ({ maxMemory }) => maxMemory,
}

/** The settings that differ and that a running agent does not change. */
export const onlyAtStart = (before: FileConfig, after: FileConfig): readonly string[] =>
  Object.entries(settings).flatMap(([name, of]) => (of(before) === of(after) ? [] : [name]))
