import { join } from 'node:path'
import type { RowsBatch } from '../../core/index.ts'
import { writeRows } from '../write-rows.ts'
import type { CollectedMetrics } from './collected-metrics.ts'
import { costRows, flatRows, wideRows } from './metric-rows.ts'
import { analysisTable, metricsTable, wideTable } from './metrics-tables.ts'

/** The forms that collected metrics can take in Kusto, and the name of the file of each. */
export const metricFiles = {
  flat: 'opencost_metrics_flat.json',
  cost: 'opencost_metrics_cost.json',
  wide: 'opencost_metrics_wide.json',
} as const
export type MetricForm = keyof typeof metricFiles

export interface KustoMetricsAdapterOptions {
  /** The currency that OpenCost is set to. Default: USD. */
  readonly currency?: string
}

/** Turns collected metrics into rows of the tables for metrics. */
export class KustoMetricsAdapter {
  readonly #metrics: CollectedMetrics
  readonly #currency: string

  constructor(metrics: CollectedMetrics, { currency = 'USD' }: KustoMetricsAdapterOptions = {}) {
    this.#metrics = metrics
    this.#currency = currency
  }

  /** OpenCostMetrics: a row for each sample. */
  flat(): RowsBatch {
    return { signal: 'rows', table: metricsTable, rows: flatRows(this.#metrics) }
  }

  /** OpenCostAnalysis: a row for each price and cost, in its own unit. */
  cost(): RowsBatch {
    return { signal: 'rows', table: analysisTable, rows: costRows(this.#metrics, this.#currency) }
  }

  /** OpenCostMetricsWide: a row for each time and node. */
  wide(): RowsBatch {
    return { signal: 'rows', table: wideTable, rows: wideRows(this.#metrics) }
  }

  /**
   * Writes the three tables to files of a folder, a record on each line, all of them or none. Resolves with the paths of those that
   * have rows; rejects with WaybillError `DESTINATION_UNAVAILABLE`.
   */
  async saveAllFormats(folder = '.'): Promise<Partial<Record<MetricForm, string>>> {
    const forms = { flat: this.flat(), cost: this.cost(), wide: this.wide() }
    const files = (Object.keys(forms) as MetricForm[])
      .filter((form) => forms[form].rows.length > 0)
      .map((form) => ({ form, path: join(folder, metricFiles[form]), ...forms[form] }))
    await writeRows(files)
    return Object.fromEntries(files.map(({ form, path }) => [form, path]))
  }
}
