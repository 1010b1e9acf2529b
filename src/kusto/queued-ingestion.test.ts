/** With Microsoft's own client, against what stands in for a cluster. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type Host, Secret, type WaybillError } from '../core/index.ts'
import { startCluster } from './cluster.fixture.ts'
import { QueuedIngestion } from './queued-ingestion.ts'

const load: Host['load'] = (name) => import(name)

async function open(t: TestContext, cluster: string): Promise<QueuedIngestion> {
  const identity = { type: 'token', token: new Secret('hidden') } as const
  const ingestion = await QueuedIngestion.open(load, { cluster, database: 'costs', identity })
  t.after(() => ingestion.close())
  return ingestion
}

function fileOf(t: TestContext, name: string, content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-queued-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('a file is uploaded, and queued for its table with its format and mapping', async (t) => {
  const { url, queued, authorizations } = await startCluster(t)
  const ingestion = await open(t, url)
  const properties = { table: 'Costs', format: 'json', mapping: 'Costs_mapping' } as const
  const ids = [
    await ingestion.queue(fileOf(t, 'costs.json', '{"Cost":1}\n'), properties),
    await ingestion.queue(fileOf(t, 'costs.json.gz', gzipSync('{"Cost":2}\n')), properties),
    await ingestion.queue(fileOf(t, 'costs.csv', 'Cost\n3\n'), { table: 'Costs', format: 'csv' }),
  ]
  assert.deepEqual(
    queued.map(({ message, content }) => [message.DatabaseName, message.TableName, content]),
    [
      ['costs', 'Costs', '{"Cost":1}\n'],
      ['costs', 'Costs', '{"Cost":2}\n'],
      ['costs', 'Costs', 'Cost\n3\n'],
    ],
  )
  assert.deepEqual(
    queued.map(({ message }) => message.Id),
    ids,
  )
  assert.deepEqual(
    queued.map(({ message: { AdditionalProperties: more } }) => [more.format, more.ingestionMappingReference, more.ignoreFirstRecord]),
    [
      ['json', 'Costs_mapping', undefined],
      ['json', 'Costs_mapping', undefined],
      ['csv', undefined, true],
    ],
  )
  assert.deepEqual([...authorizations], ['Bearer hidden'])
})

test('a cluster that refuses, and one that is not there, are told in one line without the token', async (t) => {
  const path = fileOf(t, 'costs.json', '{"Cost":1}\n')
  const { url } = await startCluster(t, 403)
  for (const [cluster, why] of [
    [url, /status code 403/],
    ['http://127.0.0.1:1', /ECONNREFUSED/],
  ] as const) {
    const ingestion = await open(t, cluster)
    await assert.rejects(ingestion.queue(path, { table: 'Costs', format: 'json' }), (thrown) => {
      const error = thrown as WaybillError
      assert.equal(error.code, 'DESTINATION_UNAVAILABLE')
      assert.match(error.message, /^cannot queue .*costs\.json for Costs of costs at http:/)
      assert.match(error.message, why)
      assert.doesNotMatch(error.explain(), /hidden|\n/)
      return true
    })
  }
})
