import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { startAgent } from '../src/testing/agent-process.ts'

const numbers = `import { defineSource, metrics, series } from 'waybill/sdk'
const run = process.env.RUN
let next = 0
export default defineSource({
  type: 'numbers', summary: 'Numbers its points.', signals: ['metrics'],
  create: ({ name }) => ({ name, make: (at) => metrics(Array.from({ length: 50 }, () => ({ series: series('number', { run }), timeMs: at.getTime(), value: next++ }))) }),
})
`

let folder: string
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-disk-buffer-'))
  writeFileSync(join(folder, 'numbers.ts'), numbers)
})
after(() => rmSync(folder, { recursive: true }))

test('what a disk buffer has accepted arrives after kill -9, and the books go on over the restart', async (t) => {
  const arrived = new Map<string, number>()
  let up = false
  const server = createServer(async (request, response) => {
    const points = (await json(request)) as { labels: { run: string }; value: number }[]
    if (up) for (const { labels, value } of points) arrived.set(`${labels.run}-${value}`, (arrived.get(`${labels.run}-${value}`) ?? 0) + 1)
    response.writeHead(up ? 200 : 503).end()
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const path = join(folder, 'disk.yaml')
  writeFileSync(
    path,
    `
api: { listen: "127.0.0.1:0" }
plugins: [ ./numbers.ts ]
sources: [ { type: numbers, interval: 20ms } ]
exporters:
  - name: api
    type: http
    config: { endpoint: "http://127.0.0.1:${(server.address() as AddressInfo).port}/" }
    buffer: { type: disk, batch_size: 500 }
    retry: { max_retries: 0 }
`,
  )
  const dataDir = join(folder, 'data')
  const first = await startAgent({ config: path, dataDir, env: { RUN: 'first' } })
  await first.until(async () => (await first.ledger()).exporters[0]!.accepted >= 1000)
  const { accepted } = (await first.ledger()).exporters[0]!
  first.kill()
  await first.exited

  up = true
  const second = await startAgent({ config: path, dataDir, env: { RUN: 'second' } })
  await second.until(async () => {
    const [account] = (await second.ledger()).exporters
    return account!.delivered > accepted && account!.earlier!.accepted >= accepted
  })
  second.signal('SIGTERM')
  const { code, output } = await second.exited
  assert.equal(code, 0, output)
  assert.match(output, /The books balance\./)
  for (let n = 0; n < accepted; n++) assert.equal(arrived.get(`first-${n}`), 1, `first-${n}`)
  server.closeAllConnections()
})

test('what waits on disk for an exporter that is gone is told of at the start', async () => {
  const [config, dataDir] = [join(folder, 'gone.yaml'), join(folder, 'gone')]
  const exporters = (text: string) => `
api: { listen: "127.0.0.1:0" }
sources: [ { name: host, type: system, interval: 100ms } ]
exporters: [ ${text} ]
`
  writeFileSync(config, exporters('{ name: web, type: http, config: { endpoint: "http://127.0.0.1:9/" }, buffer: { type: disk } }'))
  const first = await startAgent({ config, dataDir })
  await first.until(async () => (await first.ledger()).exporters[0]!.pending > 0)
  first.kill()
  await first.exited
  writeFileSync(config, exporters('{ name: other, type: file }'))
  const second = await startAgent({ config, dataDir })
  assert.match(second.output(), /WARN .*nobody delivers what waits in it exporter=web directory=\S+web records=\d+/)
  second.signal('SIGTERM')
  await second.exited
})

test('what a stop leaves on disk is no loss: exit 0, nothing in the dead letters', async () => {
  const path = join(folder, 'left.yaml')
  writeFileSync(
    path,
    `
api: { listen: "127.0.0.1:0" }
plugins: [ ./numbers.ts ]
stop_timeout: 500ms
sources: [ { type: numbers, interval: 20ms } ]
exporters: [ { name: gone, type: http, config: { endpoint: "http://127.0.0.1:1/" }, buffer: { type: disk } } ]
`,
  )
  const agent = await startAgent({ config: path, dataDir: join(folder, 'left'), env: { RUN: 'left' } })
  await agent.until(async () => (await agent.ledger()).exporters[0]!.pending >= 100)
  agent.signal('SIGTERM')
  const { code, output } = await agent.exited
  assert.equal(code, 0, output)
  assert.match(output, /^gone +[\d,]+ +- +- +- +- +[1-9][\d,]*/m)
})
