import type { Context } from '../core/context.ts'
import { JsonExporter, type JsonExporterOptions } from '../exporters/json/json.ts'
import { AdaptedExporter } from './adapted-exporter.ts'

export type JSONExporterConfig = Omit<JsonExporterOptions, 'name'>

/** Writes samples to a file that is a JSON array. `filename` is required, `append` and `pretty` are off. */
export class JSONExporter extends AdaptedExporter<JSONExporterConfig> {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(config: JSONExporterConfig, context?: Context) {
    const json = new JsonExporter({ ...config, name: 'JSONExporter' })
    super(() => json, { config, context })
  }
}
