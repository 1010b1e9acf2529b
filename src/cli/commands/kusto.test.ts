import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { columnsOf } from '../../kusto/check-query.fixture.ts'
import { queries } from '../../kusto/queries.ts'
import { analysisTable, metricsTable, wideTable } from '../../opencost/metrics/metrics-tables.ts'
import { allocationTable, assetsTable } from '../../opencost/tables.ts'
import { kustoQueries } from './kusto-queries.ts'
import { type KustoSchemaOptions, kustoSchema } from './kusto-schema.ts'

/** What a command prints. */
function printed(t: TestContext, command: () => number): string {
  let text = ''
  const mocked = t.mock.method(process.stdout, 'write', (part: string) => {
    text += part
    return true
  })
  const code = command()
  mocked.mock.restore()
  assert.equal(code, 0)
  return text
}

const schema = (t: TestContext, options: Partial<KustoSchemaOptions> = {}) =>
  printed(t, () => kustoSchema({ kustoSchema: 'v1', metadata: [], blobUrl: 'https://a/b/', format: 'kusto', ...options }))

/** The columns of a table, and those that its mapping fills, in a script. */
function columnsIn(script: string, table: string): { columns: string[]; mapped: string[] } {
  const [, columns] = new RegExp(`^\\.create-merge table ${table} \\(\\n([^)]*)\\n\\)$`, 'm').exec(script)!
  const [, mapping] = new RegExp(
    `^\\.create-or-alter table ${table} ingestion json mapping '${table}_mapping'\\n\`\`\`\\n([^\`]*)\`\`\`$`,
    'm',
  ).exec(script)!
  const mapped = (JSON.parse(mapping!) as { column: string; datatype: string; Properties: { Path: string } }[]).map(
    ({ column, datatype, Properties }) => {
      assert.equal(Properties.Path, `$.${column}`)
      return `${column}: ${datatype}`
    },
  )
  return { columns: columns!.split(',\n').map((line) => line.trim()), mapped }
}

/** As the tables were first published, with which data of others may be there. */
const published = {
  OpenCostAllocation: `Timestamp: datetime, CollectionTime: datetime, Source: string, AllocationName: string, WindowStart: string, WindowEnd: string,
    WindowMinutes: real, Namespace: string, Node: string, Container: string, Pod: string, Controller: string, ControllerKind: string, CpuCores: real,
    CpuCoreHours: real, CpuCost: real, CpuEfficiency: real, RamBytes: real, RamByteHours: real, RamCost: real, RamEfficiency: real, GpuCount: real,
    GpuHours: real, GpuCost: real, NetworkCost: real, LoadBalancerCost: real, PvCost: real, TotalCost: real, TotalEfficiency: real, ExternalCost: real,
    SharedCost: real, Properties: string`,
  OpenCostAssets: `Timestamp: datetime, CollectionTime: datetime, Source: string, AssetName: string, WindowStart: string, WindowEnd: string,
    WindowMinutes: real, Type: string, Account: string, Project: string, Service: string, Region: string, Category: string, Provider: string,
    ProviderID: string, Name: string, Cost: real, Adjustment: real, TotalCost: real, Bytes: real, Breakdown: string, Labels: string`,
  OpenCostMetrics: `Timestamp: datetime, CollectionTime: datetime, Source: string, MetricName: string, MetricValue: real, MetricType: string,
    MetricHelp: string, Labels: string, Container: string, Pod: string, Namespace: string, Node: string`,
}

test('001-26 001-27 001-28 the tables have the columns that were published, in their order', (t) => {
  const script = schema(t)
  for (const [table, columns] of Object.entries(published)) assert.deepEqual(columnsIn(script, table).columns, columns.split(/,\s+/), table)
})

test('001-29 001-30 every table has a mapping of all its columns, and a command that takes a file in', (t) => {
  for (const kustoSchema of ['v1', 'v2'] as const) {
    const script = schema(t, { kustoSchema })
    for (const table of [...Object.keys(published), 'OpenCostAnalysis', 'OpenCostMetricsWide']) {
      const { columns, mapped } = columnsIn(script, table)
      assert.deepEqual(mapped, columns, table)
      assert.match(
        script,
        new RegExp(
          `^\\.ingest into table ${table} \\(h'https://a/b/\\w+\\.json'\\)\\nwith \\(format='json', ingestionMappingReference='${table}_mapping'\\)$`,
          'm',
        ),
      )
    }
  }
  assert.match(schema(t, { format: 'json' }), /allocation_costs\.json'\)\nwith \(format='multijson'/)
  assert.match(schema(t, { format: 'jsonl' }), /allocation_costs\.jsonl'\)\nwith \(format='json'/)
})

test('001-13 the columns of metadata stand where the export writes them', (t) => {
  const v1 = columnsIn(schema(t, { runId: true, metadata: ['environment=x', 'team'] }), 'OpenCostAllocation').columns
  assert.deepEqual(v1.slice(2, 7), ['Source: string', '_run_id: string', '_environment: string', '_team: string', 'AllocationName: string'])
  const v2 = columnsIn(schema(t, { kustoSchema: 'v2', runId: true }), 'OpenCostAllocation').columns
  assert.deepEqual(v2.slice(2, 7), [
    'Source: string',
    'RunId: string',
    'ScenarioName: string',
    'Metadata: dynamic',
    'AllocationName: string',
  ])
  assert.equal(v2.at(-1), 'Properties: dynamic')
})

test('001-31 001-32 every query is of columns that are there, in both schemas', (t) => {
  for (const schema of ['v1', 'v2'] as const) {
    const of = { schema, metadata: {} }
    const tables = [allocationTable(of), assetsTable(of), metricsTable, analysisTable, wideTable]
    for (const { kql } of queries) assert.ok(columnsOf(kql, tables).size > 0)
    for (const wrong of [
      'OpenCostCosts',
      'OpenCostAssets | where Costs > 1',
      'OpenCostAssets | summarize sum(Cost) by Namespace',
      'OpenCostAssets | project Cost | order by Type',
    ])
      assert.throws(() => columnsOf(wrong, tables), /there is no/, wrong)
  }
  assert.equal(queries.length, 9)
  const text = printed(t, kustoQueries)
  for (const { title, kql } of queries) assert.ok(text.includes(`// ${title}\n${kql}\n`))
})
