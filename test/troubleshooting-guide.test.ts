import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadText } from '../src/agent/config/load.ts'
import { startAgent } from '../src/testing/agent-process.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

/** With an API that nobody listens at, in place of the one of the page. */
const blocks = new Map(
  [...filesOf('docs/guide/troubleshooting.md')].map(([name, text]) => [
    name,
    text.replace('http://127.0.0.1:8081/', 'http://127.0.0.1:1/'),
  ]),
)
let folder: string
before(() => {
  folder = unpack(blocks)
})
after(() => rmSync(folder, { recursive: true }))

test('003-64 the configurations of the page are without errors', async () => {
  const files = [...blocks].filter(([name]) => name.endsWith('.yaml'))
  assert.deepEqual(
    files.map(([name]) => name),
    ['late.yaml', 'source.yaml', 'debug.yaml'],
  )
  for (const [path, text] of files) await loadText(text, { path })
})

test('003-64 a failure in silence: result, health, buffer and books in code', () => {
  const printed = execFileSync(process.execPath, ['--conditions=waybill-source', 'look.ts'], { cwd: folder, encoding: 'utf8' })
  const [result, health, books] = printed.split('\n')
  assert.match(result!, /^retry: cannot send to http:\/\/127\.0\.0\.1:1\/: .*ECONNREFUSED/)
  assert.match(health!, /^unhealthy: cannot send to .*ECONNREFUSED/)
  assert.equal(books, '1 pending, 0.0 % full, 0 ms an export')
})

test('003-64 missing metrics: the source asked without anything in between', async () => {
  const lines = await untilSeen('source.yaml', /"system\.cpu\.utilization"/)
  assert.match(lines, /^\{"time":.*"name":"system\.cpu\.time"/m)
})

test('003-61 debug logging tells what each exporter does, by its name', async () => {
  const lines = await untilSeen('debug.yaml', /DEBUG trying again .*exporter=api/)
  assert.match(lines, /INFO +about to export exporter=api payload=/)
  assert.doesNotMatch(lines, /exporter=screen/)
})

test('003-62 003-63 003-65 in code: debug mode, updateConfig, the last result and what was filtered', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=waybill-source', 'debug.ts'], { cwd: folder, encoding: 'utf8' })
  assert.equal(stdout, 'success: true, exported: 1, filtered: 0\n', stderr)
  assert.match(stderr, /about to export.*system\.cpu\.load/)
  assert.match(stderr, /exported.*recordsPerSecond/)
})

/** Runs a configuration of the page until it has written something, and gives all that it wrote. */
async function untilSeen(name: string, what: RegExp): Promise<string> {
  const config = join(folder, name)
  writeFileSync(config, `api: { listen: "127.0.0.1:0" }\n${blocks.get(name)!.replace(/^api: .*\n/, '')}`)
  const agent = await startAgent({ config, dataDir: join(folder, `${name}-data`) })
  await agent.until(async () => what.test(agent.output()))
  agent.signal('SIGTERM')
  return (await agent.exited).output
}
