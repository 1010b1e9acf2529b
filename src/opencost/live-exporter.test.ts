import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type LiveExporterOptions, OpenCostLiveExporter } from './live-exporter.ts'
import { allocation, allocationReply, answering, assetsReply, startServer, testContext } from './server.fixture.ts'
import type { RunMetadata } from './tables.ts'

/** An exporter in a folder of its own, which is the working directory. */
async function setUp(
  t: TestContext,
  { metadata, reply, ...options }: LiveExporterOptions & { metadata?: RunMetadata; reply?: object } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-live-'))
  const before = process.cwd()
  process.chdir(folder)
  t.after(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  })
  const { url, requests } = await startServer(t, (request, response) =>
    answering(reply ?? (request.url!.startsWith('/assets') ? assetsReply : allocationReply))(request, response),
  )
  const exporter = new OpenCostLiveExporter(url, metadata, { context: testContext().context, retries: 0, ...options })
  t.after(() => exporter.close())
  const rowsIn = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { folder, url, requests, exporter, rowsIn }
}

test('001-18 001-19 an exporter of an endpoint, with metadata, gets allocations', async (t) => {
  const { exporter, requests } = await setUp(t, { metadata: { run_id: 'r' } })
  assert.deepEqual(await exporter.getAllocationData({ window: '1h', aggregate: 'namespace', includeIdle: true }), [allocation])
  assert.equal(requests[0]!.url, '/allocation?window=1h&aggregate=namespace&includeIdle=true&shareIdle=false')
  await assert.rejects(exporter.getAllocationData({ aggregate: 'bogus' }), { code: 'INVALID_OPTION' })
})

test('001-20 assets are filtered, added up and asked for in steps', async (t) => {
  const { exporter, requests } = await setUp(t)
  const assets = await exporter.getAssetsData({ window: '3h', aggregate: 'provider', stepMs: 3_600_000, filterTypes: 'Disk,Node' })
  assert.deepEqual(
    assets.map(({ name }) => name),
    ['GCP', 'GCP', 'GCP'],
  )
  assert.equal(requests.length, 3)
  assert.deepEqual((await exporter.getAssetsData({ aggregate: 'asset' })).length, 3)
})

test('001-21 what was got is written to a file, with the metadata', async (t) => {
  const { exporter, url, rowsIn } = await setUp(t, { metadata: { run_id: 'r', team: 'a' } })
  assert.equal(await exporter.exportToKustoFormat(await exporter.getAllocationData(), 'a.json'), 'a.json')
  assert.equal(await exporter.exportAssetsToKustoFormat(await exporter.getAssetsData(), 'b.json'), 'b.json')
  const [row] = rowsIn('a.json')
  assert.deepEqual([row!.Source, row!._run_id, row!._team, row!.AllocationName], [url, 'r', 'a', 'web/main'])
  assert.deepEqual(
    rowsIn('b.json').map(({ Source, AssetName }) => [Source, AssetName]),
    [
      [`${url}/assets`, 'Disk'],
      [`${url}/assets`, 'Node'],
      [`${url}/assets`, 'ClusterManagement'],
    ],
  )
})

test('001-22 001-23 001-15 one call exports, and gives a name that any system takes', async (t) => {
  const { exporter, folder, rowsIn } = await setUp(t)
  const name = await exporter.exportLiveData({
    window: '2026-01-01T00:00:00Z,2026-01-02T00:00:00Z',
    aggregate: 'label:app.kubernetes.io/name',
  })
  assert.equal(name, 'opencost_live_label-app.kubernetes.io-name_2026-01-01T00-00-00Z-2026-01-02T00-00-00Z_20261121_053850.json')
  assert.equal(rowsIn(name).length, 1)
  const assets = await exporter.exportAssetsLiveData({ window: '1h', aggregate: 'type', filterTypes: 'Disk,Node' })
  assert.equal(assets, 'opencost_assets_type_1h_Disk_Node_20261121_053850.json')
  assert.equal(rowsIn(assets).length, 2)
  assert.equal(await exporter.exportLiveData({ filename: 'own.csv', outputFormat: 'csv' }), 'own.csv')
  assert.deepEqual(readdirSync(folder).sort(), [assets, name, 'own.csv'].sort())
})

test('nothing to export is no name and no file', async (t) => {
  const { exporter, folder } = await setUp(t, { reply: { code: 200, data: null } })
  assert.equal(await exporter.exportLiveData(), undefined)
  assert.equal(await exporter.exportAssetsLiveData(), undefined)
  assert.equal(await exporter.exportToKustoFormat([]), undefined)
  assert.deepEqual(readdirSync(folder), [])
})

test('v2 has the run and the scenario in columns of their own', async (t) => {
  const { exporter, rowsIn } = await setUp(t, { kustoSchema: 'v2', metadata: { run_id: 'r', scenario_name: 's', team: 'a' } })
  const [row] = rowsIn((await exporter.exportLiveData())!)
  assert.deepEqual([row!.RunId, row!.ScenarioName, row!.Metadata, row!.Properties], ['r', 's', { team: 'a' }, allocation.properties])
})
