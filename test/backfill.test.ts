import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'
import { waybillCommand } from './command.fixture.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-backfill-'))
})
after(() => rmSync(folder, { recursive: true }))

test('000-38 windows of the system metrics in a folder; what is missing is made anew by waybill backfill, which tells of it', async () => {
  const path = join(folder, 'usage.yaml')
  const usage = join(folder, 'usage')
  writeFileSync(
    path,
    `
api: { listen: "127.0.0.1:0" }
sources: [ { name: host, type: system, interval: 200ms } ]
exporters:
  - { name: usage, type: windows, config: { directory: "${usage}", source_resolution: 1s, resolutions: [2s, 4s], interval: 200ms } }
`,
  )
  const dataDir = join(folder, 'data')
  const agent = await startAgent({ config: path, dataDir })
  const stored = (resolution: string) => {
    const directory = join(usage, 'federated/default/etl/bingen/usage', resolution)
    const files = existsSync(directory) ? readdirSync(directory) : []
    return files.filter((file) => file.endsWith('.jsonl')).map((file) => join(directory, file))
  }
  await agent.until(async () => stored('2s').length >= 3)
  agent.signal('SIGTERM')
  assert.equal((await agent.exited).code, 0)
  // The first may have begun before the agent, the last is still open.
  const whole = stored('2s').sort()[1]!
  assert.match(readFileSync(whole, 'utf8'), /"name":"system\.memory\.usage".*"count":\d+,"min":\d/)
  rmSync(whole)

  const from = new Date(Date.now() - 60_000).toISOString()
  const { code, stdout, stderr } = await waybillCommand(['backfill', path, 'usage', '--from', from, '--data-dir', dataDir])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^2s: \d+ made, \d+ with nothing stored to make them of, 0 failed\n4s: \d+ made/m)
  assert.match(readFileSync(whole, 'utf8'), /"name":"system\.memory\.usage".*"count":\d+/)

  const wrong = await waybillCommand(['backfill', path, 'usages', '--from', 'yesterday'])
  assert.equal(wrong.code, 2)
  assert.match(wrong.stderr, /has no exporter usages of type windows; did you mean usage/)
  assert.equal((await waybillCommand(['backfill', path, 'usage', '--from', 'yesterday'])).code, 2)
})
