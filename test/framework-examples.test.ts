/** Runs the examples of the export framework and compares what comes of them with their files `expected`. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createCoinFlips } from '../examples/framework-coin-flip/coin-flip.ts'
import { createGroup } from '../examples/framework-windows/group.ts'
import { createContext } from '../src/core/context.ts'
import type { Storage } from '../src/core/storage.ts'
import { MemoryStorage } from '../src/storage/memory/memory.ts'
import { ManualClock } from '../src/testing/manual-clock.ts'

const examples = join(import.meta.dirname, '../examples')
const main = (name: string): string => join(examples, name, 'main.ts')
const expectedOf = (name: string): string => readFileSync(join(examples, name, 'expected'), 'utf8')
const startMs = Date.UTC(2025, 4, 19, 22, 5)

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-framework-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Every file below a directory with its content, a line each. */
async function listing(storage: Storage, directory: string): Promise<string> {
  const below = await Promise.all((await storage.listDirectories(directory)).map((name) => listing(storage, name)))
  const files = await storage.list(directory)
  const lines = await Promise.all(files.map(async ({ name }) => `${name} ${Buffer.from((await storage.read(name))!)}\n`))
  return [...below, ...lines].join('')
}

async function until(condition: () => boolean): Promise<void> {
  for (const startMs = performance.now(); !condition(); await pause(10))
    assert.ok(performance.now() - startMs < 20_000, 'what was waited for did not come')
}

/** A report without what differs each time. */
const anonymous = (report: string): string =>
  report
    .replace(/"id":"[^"]+"/, '"id":"<uuid>"')
    .replaceAll(/"(startTime|timestamp)":"[^"]+"/g, '"$1":"<time>"')
    .replace(/"result":"(heads|tails)"/, '"result":"<side>"')

test('000-19 a message to memory', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--conditions=waybill-source', main('framework-message')], { encoding: 'utf8' })
  assert.equal(stdout, expectedOf('framework-message'), stderr)
})

test('000-29 000-38 hours and days, exported every ten minutes', async () => {
  const clock = new ManualClock(startMs)
  const storage = new MemoryStorage({ clock })
  const group = createGroup(storage, createContext({ clock }))
  assert.equal(group.start('10m'), true)
  await clock.advance(3.5 * 3_600_000)
  await group.stop()
  assert.equal(await listing(storage, ''), expectedOf('framework-windows'))
})

test('000-35 a coin every ten seconds', async () => {
  const clock = new ManualClock(startMs)
  const storage = new MemoryStorage({ clock })
  const controller = createCoinFlips(storage, createContext({ clock }))
  controller.start('10s')
  await clock.advance(30_000)
  await controller.stop()
  const lines = (await listing(storage, '')).trimEnd().split('\n')
  assert.deepEqual(
    lines.map((line) => line.split(' ', 1)[0]),
    ['220500', '220510', '220520', '220530'].map((time) => `MyClusterID/diagnostics/MyApplication/20250519${time}.json`),
  )
  for (const line of lines) assert.equal(`${anonymous(line.slice(line.indexOf(' ') + 1))}\n`, expectedOf('framework-coin-flip'))
})

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`000-35 000-36 the coin is flipped to disk until ${signal}`, { skip: process.platform === 'win32' }, async (t) => {
    const folder = temporaryFolder(t)
    const child = spawn(process.execPath, ['--conditions=waybill-source', main('framework-coin-flip'), folder])
    t.after(() => child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    const directory = join(folder, 'MyClusterID/diagnostics/MyApplication')
    await until(() => child.exitCode !== null || (output.includes('every ten') && readdirSync(folder).length > 0))
    child.kill(signal)
    const [code] = await once(child, 'close')
    assert.deepEqual([code, output], [0, `a coin every ten seconds in ${directory}\nstopped by ${signal}\n`])
    const reports = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'))
    assert.ok(reports.length > 0)
    for (const report of reports) assert.equal(`${anonymous(report)}\n`, expectedOf('framework-coin-flip'))
  })
