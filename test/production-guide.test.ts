import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { Agent } from '../src/agent/agent.ts'
import { type LoadedConfig, loadText } from '../src/agent/config/load.ts'
import { agentMetrics } from '../src/agent/self-metrics.ts'
import { PrometheusTextEncoder } from '../src/codecs/prometheus-text/prometheus-text.ts'
import { type Secret, silent } from '../src/core/index.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

const page = readFileSync(new URL('../docs/guide/production.md', import.meta.url), 'utf8')
const blocks = filesOf('docs/guide/production.md')
let folder: string
before(() => {
  folder = unpack(blocks)
})
after(() => rmSync(folder, { recursive: true }))

async function load(name: string): Promise<LoadedConfig> {
  const lookup = { env: { VENDOR_TOKEN: 'from-the-environment' }, readFile: (path: string) => `from ${path}` }
  return loadText(blocks.get(name)!, { path: name, lookup })
}

/** The titles of the practices of a section. */
function practices(section: string): string[] {
  const text = page.split(/^## /m).find((part) => part.startsWith(`${section}\n`))!
  return [...text.matchAll(/^\d\. \*\*(.+)\.\*\*/gm)].map(([, title]) => title!)
}

test('003-55 in production: five practices, and a configuration that follows them', async () => {
  assert.equal(practices('Reliable').length, 5)
  const { exporters, file } = await load('reliable.yaml')
  const { rest: vendor } = exporters[0]!
  assert.deepEqual(file.pipelines[0]!.to, ['vendor', 'scraped'])
  assert.equal(vendor.fallback, 'local')
  assert.equal(vendor.circuitBreaker!.failureThreshold, 5)
  assert.equal(vendor.buffer.maxRecords, 200_000)
})

test('003-55 the metrics to watch are those that the agent has', async () => {
  const agent = await Agent.create({ config: await load('fast.yaml'), log: silent, dataDir: folder })
  const names = new PrometheusTextEncoder().encode(agentMetrics(agent))
  const watched = [...page.matchAll(/^\| `(waybill_\w+)`/gm)].map(([, name]) => name!)
  assert.ok(watched.length >= 6)
  for (const name of watched) assert.match(Buffer.from(names).toString(), new RegExp(`^${name}(_count)?[{ ]`, 'm'))
})

test('003-55 the exporter that is watched in code tells what it measured', () => {
  const printed = execFileSync(process.execPath, ['--conditions=waybill-source', 'monitored.ts'], { cwd: folder, encoding: 'utf8' })
  assert.match(printed, /^exports: 1, of them good: 100 %, 95 % within [\d.]+ ms\n$/)
})

test('003-56 fast: five practices, and a configuration that follows them', async () => {
  assert.equal(practices('Fast').length, 5)
  const { exporters, processors } = await load('fast.yaml')
  const { config, rest } = exporters[0]!
  const { compression, connections } = config as { compression: string; connections: number }
  assert.deepEqual({ compression, connections }, { compression: 'zstd', connections: 4 })
  assert.deepEqual([rest.buffer.type, rest.buffer.batchSize, rest.buffer.flushInterval], ['memory', 5000, 10_000])
  assert.deepEqual(
    processors.map(({ plugin }) => plugin.type),
    ['filter', 'sample'],
  )
})

test('003-57 safe: five practices, and a configuration whose secrets come from elsewhere and are not shown', async () => {
  assert.equal(practices('Safe').length, 5)
  const { exporters, processors, file } = await load('safe.yaml')
  const [vendor, scraped] = exporters.map(({ config }) => config as { token?: Secret; auth?: { token: Secret }; tls?: { ca: string } })
  const labels = processors[0]!.config as { hashKey: Secret }
  assert.equal(vendor!.auth!.token.reveal(), 'from-the-environment')
  assert.equal(scraped!.token!.reveal(), 'from /run/secrets/scrape-token')
  assert.equal(file.api.token!.reveal(), 'from /run/secrets/waybill-api')
  assert.equal(labels.hashKey.reveal(), 'from /run/secrets/hash-key')
  assert.equal(vendor!.tls!.ca, '/etc/ssl/company.pem')
  assert.doesNotMatch(inspect([vendor, scraped, labels, file.api], { depth: 9 }), /from-the-environment|from \/run/)
})

test('003-60 a network for monitoring: what is sent from, and listened at, is one address of it', async () => {
  const { exporters, file } = await load('safe.yaml')
  const [vendor, scraped] = exporters.map(({ config }) => config as { localAddress?: string; listen?: string })
  assert.deepEqual([vendor!.localAddress, scraped!.listen, file.api.listen], ['10.20.0.5', '10.20.0.5:9464', '10.20.0.5:9465'])
})
