import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startAgent } from './agent-process.ts'

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-process-'))
})
after(() => rmSync(folder, { recursive: true }))

function optionsFor(name: string, exporter: string) {
  const config = join(folder, `${name}.yaml`)
  writeFileSync(
    config,
    `api: { listen: "127.0.0.1:0" }\nsources: [ { name: host, type: system } ]\nexporters: [ { name: out, ${exporter} } ]\n`,
  )
  return { config, dataDir: join(folder, name) }
}

test('an agent that cannot run is told of with what it wrote', async () => {
  await assert.rejects(
    startAgent(optionsFor('wrong', 'type: nothing-of-the-kind')),
    /ended \(code 1\); it wrote:\n[\s\S]*nothing-of-the-kind/,
  )
})

test('its books are read while it runs, and its exit when it was asked to stop', async () => {
  const agent = await startAgent(optionsFor('asked', 'type: console'))
  await agent.until(async () => (await agent.ledger()).exporters[0]!.delivered > 0)
  await assert.rejects(
    agent.until(async () => false, 50),
    /has not come to what was waited for after 50 ms; it wrote:/,
  )
  agent.signal('SIGTERM')
  const { code, signal, output } = await agent.exited
  assert.deepEqual({ code, signal }, { code: 0, signal: null })
  assert.match(output, /The books balance/)
})

test('an agent that was killed is known to have been, and what it left does not count for the next', async () => {
  const options = optionsFor('killed', 'type: console')
  const first = await startAgent(options)
  first.kill()
  assert.equal((await first.exited).signal, 'SIGKILL')
  await assert.rejects(
    first.until(async () => true),
    /ended \(SIGKILL\)/,
  )
  const second = await startAgent(options)
  assert.notEqual(second.pid, first.pid)
  second.kill()
  await second.exited
})

test('whoever gives up on it can end, and it ends with them', async () => {
  const { config, dataDir } = optionsFor('left', 'type: console')
  const script = `
    const { startAgent } = await import(${JSON.stringify(new URL('agent-process.ts', import.meta.url).href)})
    const { api } = await startAgent(${JSON.stringify({ config, dataDir })})
    console.log(api)
  `
  const { status, stdout } = spawnSync(process.execPath, ['--conditions=waybill-source', '--input-type=module', '--eval', script], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  assert.equal(status, 0)
  await assert.rejects(fetch(`${stdout.trim()}/healthz`))
})
