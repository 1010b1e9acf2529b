/** The commands of docs/guide/third-party-exporter.md against `waybill arrays serve`, with the classes of the page. */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../scripts/servers/server-process.ts'
import type { AlertData } from '../src/arrays/third-party/alert-data.ts'
import type { MetricData } from '../src/arrays/third-party/metric-data.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

const run = promisify(execFile)
const page = 'docs/guide/third-party-exporter.md'
const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))
const commands = [...readFileSync(new URL(`../${page}`, import.meta.url), 'utf8').matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(
  ([, text]) => text!,
)
const received: [path: string, data: readonly (MetricData | AlertData)[]][] = []
const platform = createServer(async (request, response) => {
  received.push([request.url!, JSON.parse(Buffer.concat(await request.toArray()).toString()) as readonly MetricData[]])
  response.writeHead(200, { connection: 'close' }).end()
})
let folder: string
let port: number
let server: ReturnType<typeof spawn>
let said = ''

before(async () => {
  await once(platform.listen(0, '127.0.0.1'), 'listening')
  folder = unpack(filesOf(page))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const file = join(folder, 'waybill.yaml')
  const { port: platformPort } = platform.address() as AddressInfo
  writeFileSync(file, `${readFileSync(file, 'utf8').replaceAll(':9000', `:${platformPort}`)}api: { listen: "127.0.0.1:0" }\n`)
  port = await freePort()
  const args = ['arrays', 'serve', '--config', 'waybill.yaml', '--data-dir', 'data', '--listen', `127.0.0.1:${port}`]
  server = spawn(process.execPath, ['--conditions=waybill-source', waybill, ...args], { cwd: folder })
  for (const stream of [server.stdout!, server.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  await until(async () => (await fetch(`http://127.0.0.1:${port}/v1/storages`).catch(() => undefined))?.ok === true, 20_000)
})
after(async () => {
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
  platform.close()
  rmSync(folder, { recursive: true })
})

async function until(holds: () => Promise<boolean> | boolean, withinMs: number): Promise<void> {
  for (let waitedMs = 0; !(await holds()); waitedMs += 50) {
    assert.ok(waitedMs < withinMs, `it has not happened in ${withinMs} ms; the server said: ${said}`)
    await pause(50)
  }
}

/** Runs a command of the page; gives the status, and the body as JSON where there is one. */
async function curl(index: number, id = ''): Promise<readonly [status: number, body: Readonly<Record<string, unknown>> | undefined]> {
  const command = commands[index]!.trim().replaceAll(':8190', `:${port}`).replaceAll('<storage_id>', id)
  const { stdout } = await run('bash', ['-c', `${command} --silent --write-out '\\n%{http_code}'`])
  const [, body, status] = /^([\s\S]*)\n(\d+)$/.exec(stdout)!
  return [Number(status), body ? (JSON.parse(body) as Readonly<Record<string, unknown>>) : undefined]
}

const of = (path: string) => received.flatMap(([each, data]) => (each === path ? data : []))

test('004-12 004-13 004-15 004-16 004-27 the commands of the guide: 201, 200, metrics within twelve seconds, four alerts', async () => {
  const [created, storage] = await curl(0)
  assert.equal(created, 201)
  const id = String(storage!.id)
  assert.equal((await curl(1, id))[0], 200)
  await until(() => of('/metrics').length > 0, 12_000)
  for (const { labels } of of('/metrics') as readonly MetricData[]) assert.equal(labels.storage_id, id)
  assert.equal((await curl(2, id))[0], 200)
  await until(() => of('/alerts').length >= 4, 12_000)
  assert.equal(new Set((of('/alerts') as readonly AlertData[]).map(({ alert_name }) => alert_name)).size, 4)
})

test('004-19 the start lists the exporters chosen, and each dispatch is told with its number', async () => {
  assert.match(said, /PerformanceExporterThirdParty/)
  assert.match(said, /AlertExporterThirdParty/)
  await until(() => /dispatched.*PerformanceExporterThirdParty/.test(said) && /dispatched.*AlertExporterThirdParty/.test(said), 5000)
})
