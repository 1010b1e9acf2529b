import type { Context } from '../core/context.ts'
import { CsvExporter, type CsvExporterOptions } from '../exporters/csv/csv.ts'
import { AdaptedExporter } from './adapted-exporter.ts'

export type CSVExporterConfig = Omit<CsvExporterOptions, 'name'>

/** Writes samples to a CSV file. `filename` is required, `append` is off. */
export class CSVExporter extends AdaptedExporter<CSVExporterConfig> {
  /** Throws WaybillError `INVALID_OPTION`. */
  constructor(config: CSVExporterConfig, context?: Context) {
    const csv = new CsvExporter({ ...config, name: 'CSVExporter' })
    super(() => csv, { config, context })
  }
}
