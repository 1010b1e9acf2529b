/** The commands of docs/guide/third-party-exporter.md against `waybill arrays serve`, with the classes of the page. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { AlertData } from '../src/arrays/third-party/alert-data.ts'
import type { MetricData } from '../src/arrays/third-party/metric-data.ts'
import { ServedArrays } from './arrays-serve.fixture.ts'
import { commandsOf, filesOf, unpack } from './markdown.fixture.ts'

const page = 'docs/guide/third-party-exporter.md'
const commands = commandsOf(page)
const received: [path: string, data: readonly (MetricData | AlertData)[]][] = []
const platform = createServer(async (request, response) => {
  received.push([request.url!, JSON.parse(Buffer.concat(await request.toArray()).toString()) as readonly MetricData[]])
  response.writeHead(200, { connection: 'close' }).end()
})
let folder: string
let served: ServedArrays

before(async () => {
  await once(platform.listen(0, '127.0.0.1'), 'listening')
  folder = unpack(filesOf(page))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const file = join(folder, 'waybill.yaml')
  const { port } = platform.address() as AddressInfo
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(':9000', `:${port}`))
  served = await ServedArrays.start(folder)
})
after(async () => {
  await served.kill('SIGTERM')
  platform.close()
  rmSync(folder, { recursive: true })
})

/** Runs a command of the page; gives the status, and the body as JSON where there is one. */
async function curl(index: number, id = ''): Promise<readonly [status: number, body: Readonly<Record<string, unknown>> | undefined]> {
  const command = commands[index]!.trim().replaceAll('<storage_id>', id)
  const answered = await served.run(`${command} --silent --write-out '\\n%{http_code}'`)
  const [, body, status] = /^([\s\S]*)\n(\d+)$/.exec(answered)!
  return [Number(status), body ? (JSON.parse(body) as Readonly<Record<string, unknown>>) : undefined]
}

const of = (path: string) => received.flatMap(([each, data]) => (each === path ? data : []))

test('004-12 004-13 004-15 004-16 004-27 the commands of the guide: 201, 200, metrics within twelve seconds, four alerts', async () => {
  const [created, storage] = await curl(0)
  assert.equal(created, 201)
  const id = String(storage!.id)
  assert.equal((await curl(1, id))[0], 200)
  await served.until(() => of('/metrics').length > 0, 12_000)
  for (const { labels } of of('/metrics') as readonly MetricData[]) assert.equal(labels.storage_id, id)
  assert.equal((await curl(2, id))[0], 200)
  await served.until(() => of('/alerts').length >= 4, 12_000)
  assert.equal(new Set((of('/alerts') as readonly AlertData[]).map(({ alert_name }) => alert_name)).size, 4)
})

test('004-19 the start lists the exporters chosen, and each dispatch is told with its number', async () => {
  assert.match(served.said, /PerformanceExporterThirdParty/)
  assert.match(served.said, /AlertExporterThirdParty/)
  await served.until(
    () => /dispatched.*PerformanceExporterThirdParty/.test(served.said) && /dispatched.*AlertExporterThirdParty/.test(served.said),
    5000,
  )
})
