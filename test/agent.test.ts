import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'
import { waybillCommand } from './command.fixture.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-agent-'))
})
after(() => rmSync(folder, { recursive: true }))

/** A configuration file in a folder of its own, with the API on a free port. */
function configFile(name: string, yaml: string): string {
  const path = join(folder, `${name}.yaml`)
  writeFileSync(path, `api: { listen: "127.0.0.1:0" }\n${yaml}`)
  return path
}

const threePlaces = (port = 0) => `
sources: [ { name: host, type: system, interval: 200ms } ]
exporters:
  - { name: file, type: file }
  - { name: database, type: database }
  - { name: prometheus, type: prometheus, config: { listen: "127.0.0.1:${port}" } }
`

test('real metrics arrive in three places, and the books balance', async () => {
  const dataDir = join(folder, 'three')
  const { code, stdout, stderr } = await waybillCommand(['run', configFile('three', threePlaces()), '--for', '2s', '--data-dir', dataDir])
  assert.equal(code, 0, stderr)
  assert.match(stdout, /The books balance\.\n$/)

  const files = readdirSync(dataDir).filter((name) => name.endsWith('.jsonl'))
  const lines = files.flatMap((name) => readFileSync(join(dataDir, name), 'utf8').trimEnd().split('\n'))
  const names = new Set(lines.map((line) => (JSON.parse(line) as { name: string }).name.split('.').slice(0, 2).join('.')))
  for (const area of ['system.cpu', 'system.memory', 'system.network'])
    assert.ok(names.has(area), `${area} is among ${[...names].join(', ')}`)

  const database = new DatabaseSync(join(dataDir, 'waybill.db'), { readOnly: true })
  const { count } = database.prepare('SELECT count(*) AS count FROM metrics').get() as { count: number }
  database.close()
  assert.equal(count, lines.length)
  for (const name of ['file', 'database', 'prometheus']) {
    assert.match(
      stdout,
      new RegExp(`^${name} +${lines.length.toLocaleString('en-US')} +${lines.length.toLocaleString('en-US')} +- +- +- +- +-`, 'm'),
    )
  }
  assert.ok(!existsSync(join(dataDir, 'agent.json')))
})

test('while it runs: the API, the pull endpoint and waybill ledger', async () => {
  const dataDir = join(folder, 'running')
  const agent = await startAgent({ config: configFile('running', threePlaces()), dataDir })
  try {
    const get = async (path: string) => {
      const response = await fetch(agent.api + path)
      return { status: response.status, body: await response.text() }
    }
    assert.equal((await get('/healthz')).status, 200)
    const ready = JSON.parse((await get('/readyz')).body) as { status: string; components: { name: string; health: { state: string } }[] }
    assert.equal(ready.status, 'ready')
    assert.deepEqual(
      ready.components.map(({ name, health }) => [name, health.state]),
      [
        ['host', 'healthy'],
        ['file', 'healthy'],
        ['database', 'healthy'],
        ['prometheus', 'healthy'],
      ],
    )
    assert.match((await get('/metrics')).body, /^waybill_exporter_records_total\{.*exporter="file".*outcome="accepted".*\} \d+/m)
    const [pipeline] = JSON.parse((await get('/api/v1/pipelines')).body) as {
      from: { name: string; intervalMs: number }[]
      to: { name: string }[]
    }[]
    assert.equal(pipeline!.from[0]!.intervalMs, 200)
    assert.equal(pipeline!.to.length, 3)
    const openapi = JSON.parse((await get('/openapi.json')).body) as { openapi: string; paths: Record<string, unknown> }
    assert.deepEqual(Object.keys(openapi.paths).sort(), [
      '/api/v1/dead-letters',
      '/api/v1/dead-letters/figures',
      '/api/v1/dead-letters/purge',
      '/api/v1/dead-letters/replay',
      '/api/v1/dead-letters/{id}',
      '/api/v1/ledger',
      '/api/v1/log',
      '/api/v1/pipelines',
      '/api/v1/reload',
      '/api/v1/tap/{name}',
      '/healthz',
      '/metrics',
      '/readyz',
    ])
    assert.equal((await get('/nope')).status, 404)

    const { stdout } = await waybillCommand(['ledger', '--data-dir', dataDir])
    assert.match(stdout, /The books balance\.\n$/)
    const asJson = JSON.parse((await waybillCommand(['ledger', '--data-dir', dataDir, '--json'])).stdout) as {
      exporters: { name: string }[]
    }
    assert.equal(asJson.exporters.length, 3)

    const tapped = await waybillCommand(['tap', 'file', '--data-dir', dataDir, '--limit', '3'])
    assert.equal(tapped.code, 0, tapped.stderr)
    assert.deepEqual(
      tapped.stdout
        .trim()
        .split('\n')
        .map((line) => typeof (JSON.parse(line) as { name: unknown }).name),
      ['string', 'string', 'string'],
    )
    const all = await waybillCommand(['tap', 'all', '--data-dir', dataDir, '--for', '2s'])
    assert.equal(all.code, 0, all.stderr)
    assert.match(all.stdout, /"name":"system\./)
    const nothing = await waybillCommand(['tap', 'nope', '--data-dir', dataDir])
    assert.equal(nothing.code, 1)
    assert.match(nothing.stderr, /there is no exporter or pipeline nope/)

    const second = await waybillCommand(['run', configFile('second', threePlaces()), '--data-dir', dataDir])
    assert.equal(second.code, 1)
    assert.match(second.stderr, /another agent \(process \d+\) uses/)
  } finally {
    agent.signal('SIGTERM')
  }
  assert.equal((await agent.exited).code, 0)
})

test('a port in use and a place that cannot be written to: the others go on, those wait, and what a stop leaves is in the dead letters', async () => {
  const blocker = createServer().listen(0, '127.0.0.1').unref()
  await new Promise((resolve) => blocker.once('listening', resolve))
  const { port } = blocker.address() as AddressInfo
  const inTheWay = join(folder, 'a-file')
  writeFileSync(inTheWay, '')
  const dataDir = join(folder, 'trouble')
  const config = `${threePlaces(port)}  - { name: nowhere, type: file, config: { output_directory: "${inTheWay}/below" } }
  - { name: no-database, type: database, config: { connection_string: "sqlite:${inTheWay}/below.db" } }
`
  const agent = await startAgent({ config: configFile('trouble', config), dataDir })
  try {
    const troubled = ['prometheus', 'nowhere', 'no-database']
    await agent.until(async () => {
      const { exporters } = await agent.ledger()
      return exporters.every(({ name, delivered, pending }) => (troubled.includes(name) ? pending > 0 && delivered === 0 : delivered > 0))
    })
    const ready = (await (await fetch(`${agent.api}/readyz`)).json()) as {
      status: string
      components: { name: string; health: { state: string; reason?: string } }[]
    }
    assert.equal(ready.status, 'degraded')
    const reasons = new Map(ready.components.map(({ name, health }) => [name, `${health.state} ${health.reason}`]))
    assert.match(reasons.get('prometheus')!, new RegExp(`^unhealthy .*127\\.0\\.0\\.1:${port}`))
    assert.match(reasons.get('nowhere')!, /^unhealthy .*a-file/)
    assert.match(reasons.get('no-database')!, /^unhealthy .*a-file/)
  } finally {
    agent.signal('SIGINT')
    blocker.close()
  }
  const { code, output } = await agent.exited
  assert.equal(code, 3)
  assert.match(output, /The books balance\.\n/)
  const letters = readdirSync(join(dataDir, 'dead-letters'))
    .filter((name) => name.startsWith('letters-'))
    .flatMap((name) =>
      readFileSync(join(dataDir, 'dead-letters', name), 'utf8')
        .trimEnd()
        .split('\n'),
    )
  const accepted = Number(/^nowhere +([\d,]+)/m.exec(output)![1]!.replaceAll(',', ''))
  const mine = letters
    .map((line) => JSON.parse(line) as { exporter: string; reason: string })
    .filter(({ exporter }) => exporter === 'nowhere')
  assert.equal(mine.length, accepted)
  assert.ok(mine.every(({ reason }) => reason === 'stopped'))
})

test('a second signal leaves at once, and says what is lost by it', async () => {
  const config = `
sources: [ { name: host, type: system, interval: 200ms } ]
exporters: [ { type: stuck } ]
plugins: [ ./stuck.ts ]
`
  writeFileSync(
    join(folder, 'stuck.ts'),
    "import { defineExporter } from 'waybill/sdk'\nexport default defineExporter({ type: 'stuck', summary: 'Never answers.', signals: ['metrics'], create: ({ name }) => ({ name, export: () => new Promise(() => setInterval(() => {}, 1000)) }) })\n",
  )
  const dataDir = join(folder, 'stuck')
  const agent = await startAgent({ config: configFile('stuck', config), dataDir })
  await agent.until(async () => (await agent.ledger()).exporters[0]!.pending > 0)
  agent.signal('SIGTERM')
  await agent.until(async () => agent.output().includes('once more to leave at once'))
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  assert.equal(code, 143)
  assert.match(output, /^left at once: [\d,]+ records for stuck are not delivered$/m)
  assert.equal(existsSync(join(dataDir, 'agent.json')), false)
})

test('after kill -9 the data directory can be used again', async () => {
  const dataDir = join(folder, 'killed')
  const config = configFile('killed', threePlaces())
  const first = await startAgent({ config, dataDir })
  first.kill()
  await first.exited
  const { code, stderr } = await waybillCommand(['run', config, '--for', '500ms', '--data-dir', dataDir])
  assert.equal(code, 0, stderr)
})
