import { createMapping, createTable, ingestInto } from '../../kusto/table-commands.ts'
import { analysisTable, metricsTable, wideTable } from '../../opencost/metrics/metrics-tables.ts'
import { extensionOf, type RowFormat } from '../../opencost/row-writer.ts'
import { allocationTable, assetsTable, type KustoSchema } from '../../opencost/tables.ts'
import { exitCodes } from '../exit-codes.ts'
import { print } from '../print.ts'

export interface KustoSchemaOptions {
  readonly kustoSchema: KustoSchema
  readonly runId?: boolean
  readonly scenarioName?: boolean
  readonly metadata: readonly string[]
  readonly blobUrl: string
  readonly format: RowFormat
}

/** `waybill kusto schema`: for each table what creates it, its mapping, and what takes a file in. */
export function kustoSchema(options: KustoSchemaOptions): number {
  const { kustoSchema: schema, runId, scenarioName, metadata, blobUrl, format } = options
  const keys = [...(runId ? ['run_id'] : []), ...(scenarioName ? ['scenario_name'] : []), ...metadata.map((text) => text.split('=', 1)[0]!)]
  const of = { schema, metadata: Object.fromEntries(keys.map((key) => [key, ''])) }
  const tables = [
    { table: allocationTable(of), file: 'allocation_costs', about: 'Costs of workloads' },
    { table: assetsTable(of), file: 'assets_costs', about: 'Costs of infrastructure' },
    { table: metricsTable, file: 'opencost_metrics_flat', about: 'Metrics, a row for each sample' },
    { table: analysisTable, file: 'opencost_metrics_cost', about: 'Prices and costs, by their kind' },
    { table: wideTable, file: 'opencost_metrics_wide', about: 'Metrics, a column for each' },
  ]
  const ingestion = format === 'json' ? 'multijson' : 'json'
  const texts = tables.map(({ table, file, about }) => {
    const url = `${blobUrl.replace(/\/+$/, '')}/${file}.${extensionOf(format)}`
    return `// ${about}\n${createTable(table)}\n\n${createMapping(table)}\n\n${ingestInto(table, url, ingestion)}\n`
  })
  print(texts.join('\n'))
  return exitCodes.ok
}
