import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../src/files/temporary-folder.fixture.ts'
import { startAgent } from '../src/testing/index.ts'
import { waybillCommand } from './command.fixture.ts'

const configuration = `
api: { listen: "127.0.0.1:0" }
sources: [ { name: host, type: system, interval: 100ms } ]
exporters: [ { name: local, type: file, buffer: { type: memory } } ]
pipelines: [ { name: all, from: [host], to: [local] } ]
`

test('the books go on over a kill: since the start, and over all time', async (t) => {
  const folder = temporaryFolder(t)
  const [config, dataDir] = [join(folder, 'waybill.yaml'), join(folder, 'data')]
  writeFileSync(config, configuration)
  const kept = () => {
    const { exporters, pipelines } = JSON.parse(readFileSync(join(dataDir, 'ledger.json'), 'utf8'))
    return { delivered: exporters.local.delivered as number, received: pipelines.all.received as number }
  }
  const first = await startAgent({ config, dataDir })
  await first.until(async () => {
    try {
      return kept().delivered > 0
    } catch {
      return false
    }
  })
  first.kill()
  await first.exited
  const before = kept()

  const second = await startAgent({ config, dataDir })
  await second.until(async () => (await second.ledger()).exporters[0]!.delivered > before.delivered)
  const { exporters, pipelines } = await second.ledger()
  assert.deepEqual([exporters[0]!.earlier?.delivered, pipelines[0]!.earlier?.received], [before.delivered, before.received])
  assert.ok(pipelines[0]!.received > before.received)
  const { stdout } = await waybillCommand(['ledger', '--data-dir', dataDir])
  assert.match(stdout, /^Since the start:\npipeline [\s\S]*\nOver all time:\npipeline [\s\S]*\nThe books balance\.\n$/)
  const metrics = await (await fetch(`${second.api}/metrics`)).text()
  const counted = Number(/waybill_exporter_records_total\{exporter="local",outcome="delivered"[^}]*\} (\d+)/.exec(metrics)![1])
  assert.ok(counted <= (await second.ledger()).exporters[0]!.delivered - before.delivered, 'counters begin with the process')
  second.signal('SIGTERM')
  const { output } = await second.exited
  assert.match(output, /The books balance\./)
  assert.equal(kept().received, Number(/^all +([\d,]+)/m.exec(output)![1]!.replaceAll(',', '')) + before.received)
})

test('books that cannot be read are told of and put aside, and the agent starts', async (t) => {
  const folder = temporaryFolder(t)
  const [config, dataDir] = [join(folder, 'waybill.yaml'), join(folder, 'data')]
  writeFileSync(config, configuration)
  const once = await startAgent({ config, dataDir })
  once.signal('SIGTERM')
  await once.exited
  writeFileSync(join(dataDir, 'ledger.json'), '{"exporters":')
  const agent = await startAgent({ config, dataDir })
  assert.match(agent.output(), /the books of earlier runs cannot be read/)
  assert.equal((await agent.ledger()).exporters[0]!.earlier, undefined)
  assert.equal(readFileSync(join(dataDir, 'ledger.json.unreadable'), 'utf8'), '{"exporters":')
  agent.signal('SIGTERM')
  await agent.exited
})
