/** The exporter datadog as a whole file of configuration has it, with a server after the published API. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { apiKey, startDatadog } from '../../src/exporters/datadog/datadog.fixture.ts'
import { startAgent } from '../../src/testing/index.ts'

/** As it lies in a ConfigMap. */
const exporters = `
exporters:
  - name: prometheus
    type: prometheus
    config:
      pushgateway_url: http://prometheus-pushgateway.invalid:9091
      job_name: shop-profiling
      labels: { environment: production, cluster: k8s-prod }
  - name: datadog
    type: datadog
    config:
      api_key_secret: datadog-api-key
      site: datadoghq.com
      tags: ["environment:production", "service:shop"]
`

test('003-51 F18: a file with nothing but exporters runs as it stands, its key from the mounted secret, its address from the environment', async (t) => {
  const datadog = await startDatadog(t)
  const folder = await mkdtemp(join(tmpdir(), 'waybill-datadog-'))
  const config = join(folder, 'exporters.yaml')
  await writeFile(config, exporters)
  await writeFile(join(folder, 'datadog-api-key'), `${apiKey}\n`)
  const env = { WAYBILL_SECRETS_DIR: folder, DD_URL: datadog.url }
  const agent = await startAgent({ config, dataDir: join(folder, 'data'), env })
  t.after(() => rm(folder, { recursive: true, force: true }))
  t.after(() => agent.kill())
  await agent.until(async () => datadog.taken.length > 0, 60_000)
  const { path, body } = datadog.taken[0]!
  assert.equal(path, '/api/v2/series')
  for (const { tags } of (body as { series: { tags: string[] }[] }).series)
    assert.deepEqual(tags.slice(-2), ['environment:production', 'service:shop'])
  assert.ok(!agent.output().includes(apiKey))
  await agent.ledger()
})
