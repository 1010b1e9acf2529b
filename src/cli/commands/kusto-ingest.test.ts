import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { WaybillError } from '../../core/index.ts'
import { startCluster } from '../../kusto/cluster.fixture.ts'
import { analysisTable, metricsTable, wideTable } from '../../opencost/metrics/metrics-tables.ts'
import { type RowFormat, rowWriter } from '../../opencost/row-writer.ts'
import { allocationTable, assetsTable } from '../../opencost/tables.ts'
import { type KustoIngestOptions, kustoIngest } from './kusto-ingest.ts'
import { printed } from './printed.fixture.ts'

const of = { schema: 'v1', metadata: { run_id: 'r' } } as const
const tables = { allocation: allocationTable(of), assets: assetsTable(of), flat: metricsTable, cost: analysisTable, wide: wideTable }

/** Stands in for the packages where it matters who is asked as; `connections` are what clients were made of. */
function standIn() {
  const connections: unknown[] = []
  class IngestClient {
    constructor(connection: unknown) {
      connections.push(connection)
    }
    ingestFromFile = async () => ({ getIngestionStatusCollection: async () => ({ IngestionSourceId: 'id' }) })
    close(): void {}
  }
  const identity =
    (type: string) =>
    (...parts: unknown[]) => [type, ...parts]
  const KustoConnectionStringBuilder = {
    withAzLoginIdentity: identity('az'),
    withAccessToken: identity('token'),
    withSystemManagedIdentity: identity('system'),
    withUserManagedIdentity: identity('user'),
    withAadApplicationKeyAuthentication: identity('application'),
  }
  const packages: Record<string, unknown> = { 'azure-kusto-ingest': { IngestClient }, 'azure-kusto-data': { KustoConnectionStringBuilder } }
  const load = async <Module>(name: string) => packages[name] as Module
  return { load, connections }
}

function setUp(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-ingest-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  /** A file of one row of the table. */
  const rows = (table: keyof typeof tables, format: RowFormat, name = `${table}.${format === 'csv' ? 'csv' : 'json'}`): string => {
    const writer = rowWriter(format, tables[table])
    const row = tables[table].columns.map(({ type }) => (type === 'real' || type === 'datetime' ? 1 : 'x'))
    const bytes = Buffer.from(writer.head + Buffer.from(writer.rows([row, row], true)).toString() + writer.tail)
    return write(name, name.endsWith('.gz') ? gzipSync(bytes) : bytes)
  }
  return { folder, write, rows }
}

const at: KustoIngestOptions = { cluster: 'https://costs.westeurope.kusto.windows.net', database: 'costs' }

test('files are queued for the table that has their columns, by the way they are written', async (t) => {
  const { rows, write } = setUp(t)
  const { url, queued, authorizations } = await startCluster(t)
  const files = [
    rows('allocation', 'kusto'),
    rows('assets', 'json'),
    rows('flat', 'csv'),
    rows('cost', 'jsonl'),
    rows('wide', 'kusto'),
    rows('assets', 'kusto', 'assets.json.gz'),
  ]
  const options = { cluster: url, database: 'costs', tokenFile: write('token', 'hidden\n') }
  const text = await printed(t, () => kustoIngest(files, options))
  const told = queued.map(({ message: { DatabaseName, TableName, AdditionalProperties: more } }) =>
    [DatabaseName, TableName, more.format, more.ingestionMappingReference, more.ignoreFirstRecord].join(' ').trimEnd(),
  )
  assert.deepEqual(told, [
    'costs OpenCostAllocation json OpenCostAllocation_mapping',
    'costs OpenCostAssets multijson OpenCostAssets_mapping',
    'costs OpenCostMetrics csv  true',
    'costs OpenCostAnalysis json OpenCostAnalysis_mapping',
    'costs OpenCostMetricsWide json OpenCostMetricsWide_mapping',
    'costs OpenCostAssets json OpenCostAssets_mapping',
  ])
  assert.deepEqual([...authorizations], ['Bearer hidden'])
  const [id] = queued.map(({ message }) => message.Id)
  assert.match(
    text,
    new RegExp(`^queued: .*allocation\\.json → OpenCostAllocation \\(json, mapping OpenCostAllocation_mapping\\), as ${id}$`, 'm'),
  )
  assert.match(text, /\.show ingestion failures\n$/)
})

test('every identity is the one that was given', async (t) => {
  const { rows, write } = setUp(t)
  const file = rows('allocation', 'kusto')
  const secret = write('secret', 'hidden\n')
  const cases: [options: KustoIngestOptions, connection: unknown[]][] = [
    [{}, ['az', at.cluster]],
    [{ tokenFile: secret }, ['token', at.cluster, 'hidden']],
    [{ managedIdentity: true }, ['system', at.cluster]],
    [{ managedIdentity: 'c' }, ['user', at.cluster, 'c']],
    [{ clientId: 'c', tenant: 't', keyFile: secret }, ['application', at.cluster, 'c', 'hidden', 't']],
  ]
  for (const [options, connection] of cases) {
    const { load, connections } = standIn()
    await printed(t, () => kustoIngest([file], { ...at, ...options }, load))
    assert.deepEqual(connections, [connection])
  }
})

test('--dry-run only tells, and needs neither a cluster nor the packages', async (t) => {
  const { rows } = setUp(t)
  const file = rows('allocation', 'kusto')
  const text = await printed(t, () => kustoIngest([file], { dryRun: true, table: 'Costs' }))
  assert.equal(text, `would be queued: ${file} → Costs (json, mapping Costs_mapping)\n`)
})

test('nothing is queued when a file or an option is wrong, and a line says what', async (t) => {
  const { folder, rows, write } = setUp(t)
  const good = rows('allocation', 'kusto')
  const cases: [files: string[], options: KustoIngestOptions, code: string, told: RegExp][] = [
    [[good, join(folder, 'missing.json')], at, 'FILE_UNREADABLE', /cannot read .*missing\.json \(ENOENT\)/],
    [[good, write('empty.json', '')], at, 'INVALID_OPTION', /empty\.json holds no record/],
    [[good, write('text.json', 'hello\n')], at, 'INVALID_OPTION', /text\.json holds no record/],
    [[good, write('other.json', '{"a":1}\n')], at, 'INVALID_OPTION', /has the columns of no table that is known; say which with --table/],
    [[good, write('broken.json.gz', 'no gzip')], at, 'FILE_UNREADABLE', /cannot read .*broken\.json\.gz/],
    [[good], { database: 'costs' }, 'INVALID_OPTION', /there is no cluster/],
    [[good], { ...at, cluster: 'costs' }, 'INVALID_OPTION', /no address of a cluster/],
    [[good], { ...at, clientId: 'c' }, 'INVALID_OPTION', /not told as a whole/],
    [[good], { ...at, managedIdentity: true, tokenFile: good }, 'INVALID_OPTION', /more than one identity/],
    [[good], { ...at, tokenFile: join(folder, 'missing') }, 'FILE_UNREADABLE', /check the path after --token-file/],
    [[good], { ...at, tokenFile: write('blank', '\n') }, 'INVALID_OPTION', /is empty/],
  ]
  for (const [files, options, code, told] of cases) {
    const { load, connections } = standIn()
    await assert.rejects(kustoIngest(files, options, load), (error) => {
      assert.ok(error instanceof WaybillError)
      assert.equal(error.code, code)
      assert.match(error.explain(), told)
      return true
    })
    assert.deepEqual(connections, [])
  }
})
