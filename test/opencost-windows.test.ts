import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CsvReader } from '../src/codecs/csv/reader.ts'
import { OpenCostSimulator } from '../src/opencost/simulator/simulator.ts'
import { startAgent } from '../src/testing/agent-process.ts'

test('the agent asks two clusters for each hour and day that is over, once, also when it is started again', async (t) => {
  const [east, west] = [1, 2].map((seed) => new OpenCostSimulator({ namespaces: 3, pods: 9, nodes: 2, seed })) as [
    OpenCostSimulator,
    OpenCostSimulator,
  ]
  const folder = mkdtempSync(join(tmpdir(), 'waybill-windows-'))
  t.after(async () => {
    rmSync(folder, { recursive: true })
    await Promise.all([east.close(), west.close()])
  })
  mkdirSync(join(folder, 'out'))
  const eastUrl = await east.listen(0)
  const config = join(folder, 'waybill.yaml')
  writeFileSync(
    config,
    `api: { listen: "127.0.0.1:0" }
sources:
  - name: costs
    type: opencost
    interval: 100ms
    windows: [1h, 1d]
    config:
      aggregate: namespace
      settle: 0s
      clusters:
        - { name: east, endpoint: "${eastUrl}" }
        - { name: west, endpoint: "${await west.listen(0)}" }
  - { name: now, type: opencost, interval: 100ms, config: { data: assets, endpoint: "${eastUrl}" } }
exporters:
  - { name: archive, type: file, config: { output_directory: ${folder}/out, file_format: csv } }
  - { name: live, type: file }
pipelines:
  - { name: archive, from: [costs], to: [archive] }
  - { name: live, from: [now], to: [live] }
`,
  )

  const rows = (): Record<string, string>[] =>
    readdirSync(join(folder, 'out')).flatMap((name) => {
      const [header = [], ...lines] = new CsvReader().push(readFileSync(join(folder, 'out', name), 'utf8'))
      return lines.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index]!])))
    })
  const hours = ({ SpanStart, SpanEnd }: Record<string, string>) => (Date.parse(SpanEnd!) - Date.parse(SpanStart!)) / 3_600_000
  const kinds = () => [...new Set(rows().map((row) => `${row.Cluster} ${hours(row)}h`))].sort()

  for (const _ of ['first', 'again']) {
    const agent = await startAgent({ config, dataDir: join(folder, 'data') })
    await agent.until(async () => kinds().length === 4)
    // A few more ticks, in which nothing is due.
    const live = async () => (await agent.ledger()).exporters.find(({ name }) => name === 'live')!.delivered
    const before = await live()
    await agent.until(async () => (await live()) > before + 25)
    agent.signal('SIGTERM')
    assert.equal((await agent.exited).code, 0)
  }
  assert.deepEqual(kinds(), ['east 1h', 'east 24h', 'west 1h', 'west 24h'])
  const spans = rows().map(({ Cluster, AllocationName, SpanStart, SpanEnd }) => [Cluster, AllocationName, SpanStart, SpanEnd].join())
  assert.equal(new Set(spans).size, spans.length)
})
