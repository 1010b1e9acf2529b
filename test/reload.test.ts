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

test('a receiver that cannot listen is unhealthy after the reload, and the others go on', async () => {
  const deaf =
    "import { defineReceiver } from 'waybill/sdk'\nexport default defineReceiver({ type: 'deaf', summary: 'x', signals: ['metrics'], create: ({ name }) => ({ name, listen: () => Promise.reject(new Error('no ear')) }) })\n"
  writeFileSync(join(folder, 'deaf.ts'), deaf)
  const path = join(folder, 'deaf.yaml')
  writeFileSync(path, config('deaf', 'deaf-1'))
  const agent = await startAgent({ config: path, dataDir: join(folder, 'deaf-data') })
  const withDeaf = config('deaf', 'deaf-2')
    .replace('./numbers.ts ]', './numbers.ts, ./deaf.ts ]')
    .replace('listen: "127.0.0.1:0"', 'token: new')
  writeFileSync(path, `${withDeaf}receivers: [ { type: deaf } ]\nlog: { level: debug }\n`)
  const response = await fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  assert.equal(response.status, 200, await response.text())
  const ready = await fetch(`${agent.api}/readyz`)
  assert.match(await ready.text(), /"deaf","health":\{"state":"unhealthy","reason":"no ear"\}/)
  const before = (await agent.ledger()).exporters[1]!.delivered
  await agent.until(async () => (await agent.ledger()).exporters[1]!.delivered > before)
  agent.signal('SIGTERM')
  const { output } = await agent.exited
  assert.match(output, /take effect at the next start settings=api\.listen, api\.token/)
})

test('a reload gives up while a batch is under way for too long, and the old configuration goes on', async () => {
  const slow =
    "import { defineExporter, ok } from 'waybill/sdk'\nexport default defineExporter({ type: 'slow', summary: 'x', signals: ['metrics'], create: ({ name }) => ({ name, export: () => new Promise((resolve) => setTimeout(resolve, 1500, ok)) }) })\n"
  writeFileSync(join(folder, 'slow.ts'), slow)
  const path = join(folder, 'slow.yaml')
  const text = `${config('slow', 'slow-1')}  - { type: slow, buffer: { type: none } }\nstop_timeout: 100ms\n`.replace(
    './numbers.ts ]',
    './numbers.ts, ./slow.ts ]',
  )
  writeFileSync(path, text)
  const agent = await startAgent({ config: path, dataDir: join(folder, 'slow-data') })
  await agent.until(async () => (await agent.ledger()).pipelines[0]!.missed > 0)
  writeFileSync(path, text.replace('slow-1', 'slow-2'))
  const response = await fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  assert.equal(response.status, 422)
  assert.match(await response.text(), /still under way after 100ms/)
  const before = (await agent.ledger()).exporters[1]!.delivered
  await agent.until(async () => (await agent.ledger()).exporters[1]!.delivered > before)
  agent.signal('SIGKILL')
  await agent.exited
})

test('the log levels are changed while it runs', async () => {
  const path = join(folder, 'levels.yaml')
  writeFileSync(path, config('levels', 'levels-1'))
  const agent = await startAgent({ config: path, dataDir: join(folder, 'levels-data') })
  const put = (body: object) =>
    fetch(`${agent.api}/api/v1/log`, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  assert.deepEqual(await (await put({ level: 'error' })).json(), { level: 'error', components: {} })
  const wrong = await put({ level: 'loud' })
  assert.equal(wrong.status, 400)
  assert.match(await wrong.text(), /level/)
  assert.deepEqual(await (await fetch(`${agent.api}/api/v1/log`)).json(), { level: 'error', components: {} })
  const reloaded = await fetch(`${agent.api}/api/v1/reload`, { method: 'POST' })
  assert.equal(reloaded.status, 200)
  agent.signal('SIGTERM')
  const { output } = await agent.exited
  assert.doesNotMatch(output, / INFO /)
})
