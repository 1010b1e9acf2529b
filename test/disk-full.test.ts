import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { freePort } from '../scripts/servers/server-process.ts'
import { startAgent } from '../src/testing/agent-process.ts'

/** A folder of its own file system with that much room; undefined where this process may not mount one. */
function smallDisk(t: TestContext, size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-disk-full-'))
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  t.after(() => {
    spawnSync('umount', ['--lazy', disk])
    rmSync(folder, { recursive: true })
  })
  if (process.platform !== 'linux' || spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'waybill', disk]).status !== 0)
    return undefined
  return disk
}

test('a disk that is full turns into backpressure, recovers by itself, and nothing is lost', async (t) => {
  const disk = smallDisk(t, '2m')
  if (!disk) return t.skip('a small file system can be mounted by root only, on Linux')
  const arrived = new Set<number>()
  let up = false
  const server = createServer(async (request, response) => {
    const records = (await json(request)) as { body: string }[]
    if (up) for (const { body } of records) arrived.add(Number.parseInt(body, 10))
    response.writeHead(up ? 204 : 503).end()
  }).listen(0, '127.0.0.1')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const port = await freePort()
  const config = join(disk, '..', 'full.yaml')
  writeFileSync(
    config,
    `
api: { listen: "127.0.0.1:0" }
receivers: [ { name: posted, type: http, config: { listen: "127.0.0.1:${port}" } } ]
exporters:
  - name: api
    type: http
    config: { endpoint: "http://127.0.0.1:${(server.address() as AddressInfo).port}/" }
    buffer: { type: disk, batch_size: 500 }
    retry: { max_retries: 0 }
`,
  )
  const agent = await startAgent({ config, dataDir: join(disk, 'data') })
  t.after(() => agent.kill())
  const acknowledged = new Set<number>()
  let next = 0
  const post = async (): Promise<number> => {
    const numbers = Array.from({ length: 50 }, () => next++)
    const body = numbers.map((n) => JSON.stringify({ body: `${n} `.padEnd(1000, '.') })).join('\n')
    const { status } = await fetch(`http://127.0.0.1:${port}/logs`, { method: 'POST', body })
    if (status < 300) for (const n of numbers) acknowledged.add(n)
    return status
  }
  const firstRefusal = async (): Promise<number> => {
    for (let request = 0; request < 200; request++) {
      const status = await post()
      if (status >= 300) return status
    }
    return assert.fail('the disk is never full')
  }

  assert.ok([429, 503].includes(await firstRefusal()), 'senders are told to come again')
  assert.ok(acknowledged.size >= 500)
  const { refused, pending } = (await agent.ledger()).exporters[0]!
  assert.deepEqual([refused, pending], [50, acknowledged.size])

  agent.kill()
  await agent.exited
  // Somebody else takes the last page. An agent that could not start now would never make room.
  assert.throws(
    () => {
      for (;;) appendFileSync(join(disk, 'others'), Buffer.alloc(4096))
    },
    { code: 'ENOSPC' },
  )
  const again = await startAgent({ config, dataDir: join(disk, 'data') })
  t.after(() => again.kill())
  await again.until(async () => (await again.ledger()).exporters[0]!.pending >= acknowledged.size)
  up = true
  await again.until(async () => (await post()) < 300)
  for (let request = 0; request < 60; request++) await again.until(async () => (await post()) < 300)
  await again.until(async () => (await again.ledger()).exporters[0]!.pending === 0)
  const lost = [...acknowledged].filter((n) => !arrived.has(n))
  assert.deepEqual(lost, [])
  again.signal('SIGTERM')
  const { code, output } = await again.exited
  assert.equal(code, 0, output)
  assert.match(output, /The books balance\./)
})
