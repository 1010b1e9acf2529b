/** Runs examples/opencost, the program and the agent, against a simulated OpenCost, and compares what comes of it with its file `expected`. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { booksOf } from '../src/cli/books.ts'
import { OpenCostSimulator } from '../src/opencost/simulator/simulator.ts'
import { startAgent } from '../src/testing/agent-process.ts'

const example = join(import.meta.dirname, '../examples/opencost')
const [program, books] = readFileSync(join(example, 'expected'), 'utf8').split('\n---\n') as [string, string]

async function setUp(t: TestContext): Promise<{ folder: string; env: Record<string, string> }> {
  const simulator = new OpenCostSimulator({ namespaces: 8, pods: 40, nodes: 4, seed: 1 })
  const url = await simulator.listen(0)
  const folder = mkdtempSync(join(tmpdir(), 'waybill-opencost-'))
  t.after(async () => {
    rmSync(folder, { recursive: true })
    await simulator.close()
  })
  return { folder, env: { OPENCOST_URL: url, SPIKE: '0.0' } }
}

test('001-49 the program prints what it should, and writes its files', async (t) => {
  const { folder, env } = await setUp(t)
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=waybill-source', join(example, 'main.ts')], {
    cwd: folder,
    env: { ...process.env, ...env },
  })
  assert.equal(stdout, `${program}\n`)
  const lines = (path: string) => readFileSync(join(folder, path), 'utf8').trimEnd().split('\n')
  assert.equal((JSON.parse(lines('costs.json')[0]!) as Record<string, unknown>)._run_id, 'example-001')
  assert.equal(lines('disks.json').length, 1)
  const [hours] = readdirSync(join(folder, 'hours'))
  assert.equal(lines(join('hours', hours!)).length, 24 * 8)
})

/** The books with `all` for as many records as the pipeline received. */
function summary(text: string): string {
  const counts = new Map([...text.matchAll(/^(\w+) +([\d,]+) +\2 /gm)].map(([, name, count]) => [name!, count!]))
  return text
    .split('\n')
    .map((line) => {
      const count = counts.get(line.split(' ')[0]!)
      return line
        .split(/ {2,}/)
        .map((cell) => (cell === count ? 'all' : cell))
        .join('  ')
    })
    .join('\n')
}

test('001-51 the agent watches costs live, and tells of those that are above a limit', async (t) => {
  const { folder, env } = await setUp(t)
  const config = join(folder, 'waybill.yaml')
  writeFileSync(config, `api: { listen: "127.0.0.1:0" }\n${readFileSync(join(example, 'waybill.yaml'), 'utf8')}`)
  const dataDir = join(folder, 'data')
  const agent = await startAgent({ config, dataDir, env })
  await agent.until(async () => {
    const text = summary(booksOf(await agent.ledger(), { nowMs: Date.now() }).join('\n'))
    return books
      .split('\n')
      .filter((line) => line.includes('all'))
      .every((line) => text.includes(line))
  })
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  const told = output.match(/^pipeline [\s\S]*^The books balance\.$/m)?.[0] ?? output
  // Ticks are missed on a machine that is busy, whatever the example.
  assert.equal(`${summary(told).replace(/(?<=-) +\d+$/gm, '  -')}\nexit code ${code}\n`, books)
  const files = readdirSync(dataDir)
  const csv = readFileSync(join(dataDir, files.find((name) => /^archive-.*\.csv$/.test(name))!), 'utf8').split('\r\n')
  assert.match(csv[0]!, /^Timestamp,CollectionTime,Source,AllocationName,.*,Properties,SpanStart,SpanEnd,Cluster$/)
  const points = readFileSync(join(dataDir, files.find((name) => name.startsWith('spikes-'))!), 'utf8')
    .trimEnd()
    .split('\n')
  assert.ok(points.some((line) => (JSON.parse(line) as { name: string }).name === 'opencost.allocation.cost'))
})
