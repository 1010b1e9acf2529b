/**
 * `node --conditions=waybill-source bench/arrays/run.ts`: what a full collection of one made-up storage array costs, delivered to a file and
 * to VictoriaMetrics, beside encoding the same points alone. README.md tells how it is measured.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { build } from '../../scripts/build.ts'
import { root } from '../../scripts/root.ts'
import { freePort } from '../../scripts/servers/server-process.ts'
import { startVictoriaMetrics } from '../../scripts/servers/victoria-metrics.ts'
import { encodingSeconds } from './encoding.ts'

/** Of how often the kernel counts CPU time, a second. */
const ticks = 100
const print = (line: string) => void process.stdout.write(`${line}\n`)
const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-arrays-'))

// As it is installed: compiled.
await build(join(folder, 'dist'))
for (const name of ['bin', 'package.json']) cpSync(join(root, name), join(folder, name), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))

const victoria = await startVictoriaMetrics({ directory: join(folder, 'victoria') })
const [port, apiPort] = [await freePort(), await freePort()]
writeFileSync(
  join(folder, 'waybill.yaml'),
  `api: { listen: "127.0.0.1:${apiPort}" }
arrays: { listen: "127.0.0.1:${port}", performance_exporters: [], alert_exporters: [], traps: { enabled: false } }
exporters:
  - { name: file, type: file, buffer: { type: disk }, config: { output_directory: ${join(folder, 'out')} } }
  - { name: victoria, type: prometheus_remote_write, buffer: { type: disk }, config: { url: "${victoria.url}/api/v1/write" } }
`,
)
const args = ['arrays', 'serve', '--config', join(folder, 'waybill.yaml'), '--data-dir', join(folder, 'data')]
const agent = spawn(process.execPath, [join(folder, 'bin/waybill'), ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
process.once('exit', () => agent.kill('SIGKILL'))
while (!(await fetch(`http://127.0.0.1:${port}/v1/storages`).catch(() => undefined))?.ok) await pause(100)

try {
  const idle = status()
  const rest = { host: '10.0.0.1', port: 80, username: 'me', password: 'secret' }
  const registered = await send('POST', '/storages', { vendor: 'fake_storage', model: 'fake_driver', rest })
  const { id } = registered as { readonly id: string }
  const first = await delivered()
  const once = status()
  print(`first collection  ${first} points  ${((once.cpu - idle.cpu) / ticks).toFixed(1)} CPU s  at most ${megabytes(once.most)} resident`)

  await send('PUT', `/storages/${id}/metrics-config`, { array_polling: { perf_collection: true, interval: 900, is_historic: true } })
  await pause(1000)
  const all = await delivered()
  const history = status()
  const each = (((history.cpu - once.cpu) / ticks) * first) / (all - first)
  print(`history of 75 min ${all - first} points  ${each.toFixed(1)} CPU s for ${first}  at most ${megabytes(history.most)} resident`)
  print(
    `encoding alone    ${first} points  ${(await encodingSeconds(first)).toFixed(1)} CPU s as JSON lines and as remote write, compressed`,
  )
} finally {
  const ended = new Promise((resolve) => agent.once('exit', resolve))
  agent.kill('SIGTERM')
  await ended
  await victoria.stop()
  rmSync(folder, { recursive: true })
}

/** CPU ticks so far, and the most that was resident, in KiB. */
function status(): { readonly cpu: number; readonly most: number } {
  const stat = readFileSync(`/proc/${agent.pid}/stat`, 'utf8').split(' ')
  const [, most] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${agent.pid}/status`, 'utf8'))!
  return { cpu: Number(stat[13]) + Number(stat[14]), most: Number(most) }
}

function megabytes(kibibytes: number): string {
  return `${Math.round((kibibytes * 1024) / 1e6)} MB`
}

async function send(method: string, path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`http://127.0.0.1:${port}/v1${path}`, { method, headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(await response.text())
  return response.json()
}

/** How many points both have taken, once no more come. */
async function delivered(): Promise<number> {
  for (let before = -1; ; await pause(1000)) {
    const response = await fetch(`http://127.0.0.1:${apiPort}/api/v1/ledger`)
    const { exporters } = (await response.json()) as { readonly exporters: readonly { delivered: number; pending: number }[] }
    const taken = exporters.map((exporter) => exporter.delivered)
    if (taken[0]! > 0 && taken[0] === before && taken[1] === before && exporters.every(({ pending }) => pending === 0)) return before
    before = taken[0]!
  }
}
