import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { temporaryFolder } from '../src/files/temporary-folder.fixture.ts'
import { startAgent } from '../src/testing/index.ts'
import { waybillCommand } from './command.fixture.ts'

test('F14 what a destination refuses outlives a kill, and is replayed once the destination is mended', async (t) => {
  const folder = temporaryFolder(t)
  const taken: { value: unknown }[] = []
  let status = 400
  const server = createServer(async (request, response) => {
    const body = await text(request)
    if (status === 200) taken.push(...((JSON.parse(body) as { records?: { value: unknown }[] }).records ?? [{ value: body }]))
    response.writeHead(status).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const config = join(folder, 'waybill.yaml')
  const dataDir = join(folder, 'data')
  writeFileSync(
    config,
    `
api: { listen: "127.0.0.1:0" }
sources: [ { name: host, type: system, interval: 200ms } ]
exporters:
  - name: web
    type: http
    config: { endpoint: "http://127.0.0.1:${(server.address() as AddressInfo).port}" }
`,
  )
  const dlq = (...args: readonly string[]) => waybillCommand(['dlq', ...args, '--data-dir', dataDir])
  const first = await startAgent({ config, dataDir })
  await first.until(async () => (await first.ledger()).exporters[0]!.deadLettered > 0)
  const listed = await dlq('list', '--limit', '1')
  assert.match(listed.stdout, /^id +exporter .*\n1-0 +web +rejected/)
  first.signal('SIGKILL')
  await first.exited
  const waiting = Number(/[\d,]+/.exec((await dlq('replay', '--dry-run')).stdout)![0].replaceAll(',', ''))
  assert.ok(waiting > 0)
  status = 200
  const second = await startAgent({ config, dataDir })
  const told = waiting.toLocaleString('en-US')
  assert.equal((await dlq('replay', '--exporter', 'web')).stdout, `${told} dead letters replayed\n`)
  await second.until(async () => (await second.ledger()).exporters[0]!.delivered >= waiting)
  assert.match((await dlq('list')).stdout, new RegExp(`web +${told} +0 +${told} +0\n`))
  second.signal('SIGTERM')
  await second.exited
  assert.ok(taken.length > 0)
})
