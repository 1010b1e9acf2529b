import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'

const plugins = `import { defineExporter, defineSource, metrics, series } from 'waybill/sdk'
let next = 0
const number = series('number')
export const numbers = defineSource({
  type: 'numbers', summary: 'Numbers its points.', signals: ['metrics'],
  create: ({ name }) => ({ name, make: (at) => metrics(Array.from({ length: 100 }, () => ({ series: number, timeMs: at.getTime(), value: next++ }))) }),
})
export const hangs = defineExporter({
  type: 'hangs', summary: 'Never answers, not even to an abort.', signals: ['metrics'],
  create: ({ name }) => ({ name, export: () => new Promise(() => setInterval(() => {}, 1000)) }),
})
`

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-fan-out-'))
  writeFileSync(join(folder, 'plugins.ts'), plugins)
})
after(() => rmSync(folder, { recursive: true }))

/** The numbers in the files of a folder, in order. */
const numbersIn = (path: string): number[] =>
  readdirSync(path)
    .flatMap((file) => readFileSync(join(path, file), 'utf8').trimEnd().split('\n'))
    .map((line) => (JSON.parse(line) as { value: number }).value)

test('F8 003-25 one of three destinations hangs for ever: the others get everything at once, memory is bounded, a stop ends in time', async () => {
  const path = join(folder, 'fan-out.yaml')
  writeFileSync(
    path,
    `
api: { listen: "127.0.0.1:0" }
plugins: [ ./plugins.ts ]
stop_timeout: 500ms
sources: [ { type: numbers, interval: 10ms } ]
exporters:
  - { name: one, type: file, config: { output_directory: "${folder}/one" } }
  - { name: two, type: file, config: { output_directory: "${folder}/two" } }
  - { name: stuck, type: hangs, timeout: 1h, buffer: { max_records: 2000 } }
`,
  )
  const agent = await startAgent({ config: path, dataDir: join(folder, 'data') })
  let exporters = (await agent.ledger()).exporters
  await agent.until(async () => {
    exporters = (await agent.ledger()).exporters
    const [one, two, stuck] = exporters
    // What waits for the others is of this tick, or the one before: a machine with too much to do may be behind for a moment.
    return stuck!.refused > 3000 && Math.max(one!.pending, two!.pending) <= 200
  })
  const [one, two, stuck] = exporters
  assert.equal(stuck!.pending, 2000, 'no more waits than there is room for')
  for (const account of [one!, two!]) assert.equal(account.accepted, stuck!.accepted + stuck!.refused)

  const stoppedAt = performance.now()
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  const tookMs = performance.now() - stoppedAt
  assert.equal(code, 3, 'what the third never took is in the dead letters')
  // The deadline, one second of grace for a call under way, and time for a slow machine to end a process.
  assert.ok(tookMs < 500 + 1000 + 2500, `${tookMs} ms`)
  assert.match(output, /The books balance\./)
  for (const name of ['one', 'two']) {
    const numbers = numbersIn(join(folder, name))
    assert.deepEqual(numbers, [...numbers.keys()], 'everything, once, in order')
  }
})
