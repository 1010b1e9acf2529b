import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'

/** A source of points that are numbered, so that one that is missing or twice shows. */
const numbers = `import { defineSource, metrics, series } from 'waybill/sdk'
let next = 0
const number = series('number')
export default defineSource({
  type: 'numbers', summary: 'Numbers its points.', signals: ['metrics'],
  create: ({ name }) => ({ name, make: (at) => metrics(Array.from({ length: 20 }, () => ({ series: number, timeMs: at.getTime(), value: next++ }))) }),
})
`

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-reload-'))
  writeFileSync(join(folder, 'numbers.ts'), numbers)
})
after(() => rmSync(folder, { recursive: true }))

const config = (stays: string, changes: string) => `
api: { listen: "127.0.0.1:0" }
plugins: [ ./numbers.ts ]
sources: [ { name: numbers, type: numbers, interval: 10ms } ]
exporters:
  - { name: stays, type: file, config: { output_directory: "${folder}/${stays}" } }
  - { name: changes, type: file, config: { output_directory: "${folder}/${changes}" } }
`

/** The numbers in all files of a folder. */
function numbersIn(name: string): number[] {
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.jsonl'))
  const lines = files.flatMap((file) =>
    readFileSync(join(folder, name, file), 'utf8')
      .trimEnd()
      .split('\n'),
  )
  return lines.map((line) => (JSON.parse(line) as { value: number }).value).sort((a, b) => a - b)
}

test('reloading under load loses and repeats nothing: books and destinations agree to the record', async () => {
  const path = join(folder, 'reload.yaml')
  writeFileSync(path, config('stays', 'changes-0'))
  const agent = await startAgent({ config: path, dataDir: join(folder, 'data') })
  const reload = () => fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  for (let round = 1; round <= 15; round++) {
    writeFileSync(path, config('stays', `changes-${round}`))
    const response = await reload()
    assert.equal(response.status, 200, await response.text())
    const { exporters } = await agent.ledger()
    const accepted = exporters[1]!.accepted
    await agent.until(async () => (await agent.ledger()).exporters[1]!.accepted > accepted)
  }
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  assert.equal(code, 0, output)
  const accepted = (name: string) => Number(new RegExp(`^${name} +([\\d,]+)`, 'm').exec(output)![1]!.replaceAll(',', ''))

  const kept = numbersIn('stays')
  assert.deepEqual(kept, [...kept.keys()], 'every number once')
  assert.equal(kept.length, accepted('stays'))
  assert.equal(readdirSync(join(folder, 'stays')).length, 1, 'what did not change went on in its file')
  const moved = Array.from({ length: 16 }, (_, round) => numbersIn(`changes-${round}`))
    .flat()
    .sort((a, b) => a - b)
  assert.deepEqual(moved, kept)
  assert.equal(moved.length, accepted('changes'))
  assert.match(output, /The books balance\.\n/)
})

test('SIGHUP reloads; a file with errors is told of and the old configuration goes on', async () => {
  const path = join(folder, 'hup.yaml')
  writeFileSync(path, config('hup-stays', 'hup-1'))
  const agent = await startAgent({ config: path, dataDir: join(folder, 'hup-data') })
  writeFileSync(path, 'exporters: [ { type: fil } ]\n')
  agent.signal('SIGHUP')
  await agent.until(async () => agent.output().includes('did you mean file?'))
  const response = await fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  assert.equal(response.status, 422)
  assert.match(
    ((await response.json()) as { error: string }).error,
    /hup\.yaml:1:22: exporters\[0\]\.type: there is no exporter of type fil; did you mean file\?/,
  )
  assert.equal((await fetch(`${agent.api}/api/v1/reload`, { method: 'POST', headers: { origin: 'http://example.org' } })).status, 403)
  const before = (await agent.ledger()).exporters[0]!.delivered
  await agent.until(async () => (await agent.ledger()).exporters[0]!.delivered > before)
  writeFileSync(path, config('hup-stays', 'hup-2'))
  agent.signal('SIGHUP')
  await agent.until(async () => agent.output().includes('the configuration was reloaded'))
  agent.signal('SIGTERM')
  assert.equal((await agent.exited).code, 0)
})

test('a configuration of which something cannot be started leaves all as it was', async () => {
  const broken =
    "import { defineSource } from 'waybill/sdk'\nexport default defineSource({ type: 'broken', summary: 'x', signals: ['metrics'], create: ({ name }) => ({ name, start: () => Promise.reject(new Error('boom')), make: () => undefined }) })\n"
  writeFileSync(join(folder, 'broken.ts'), broken)
  const path = join(folder, 'half.yaml')
  writeFileSync(path, config('half', 'half-1'))
  const agent = await startAgent({ config: path, dataDir: join(folder, 'half-data') })
  writeFileSync(
    path,
    config('half', 'half-2')
      .replace('./numbers.ts ]', './numbers.ts, ./broken.ts ]')
      .replace('sources: [ ', 'sources: [ { type: broken }, '),
  )
  const response = await fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  assert.equal(response.status, 422)
  assert.match(await response.text(), /boom/)
  const before = (await agent.ledger()).exporters[1]!.delivered
  await agent.until(async () => (await agent.ledger()).exporters[1]!.delivered > before)
  agent.signal('SIGTERM')
  assert.equal((await agent.exited).code, 0)
})
