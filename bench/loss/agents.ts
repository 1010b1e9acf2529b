import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What takes remote writes and hands them on by remote write. */
export interface Forwarder {
  readonly name: string
  /** The command that starts it, with all it keeps in `folder`. */
  command(at: { readonly folder: string; readonly port: number; readonly destination: string }): readonly string[]
  /** Where it takes them, at its port. */
  readonly path: string
  /** What answers 2xx once it is ready. */
  readonly ready: string
}

const waybill: Forwarder = {
  name: 'Waybill, buffer: disk',
  path: '/api/v1/write',
  ready: '/',
  command({ folder, port, destination }) {
    const file = join(folder, 'waybill.yaml')
    writeFileSync(
      file,
      `
api: { listen: "127.0.0.1:0" }
stop_timeout: 5s
receivers: [ { name: written, type: prometheus_remote_write, config: { listen: "127.0.0.1:${port}" } } ]
exporters: [ { name: away, type: prometheus_remote_write, config: { url: "${destination}" }, buffer: { type: disk, batch_size: 2000 } } ]
pipelines: [ { name: all, from: [written], signals: [metrics], to: [away] } ]
`,
    )
    const bin = fileURLToPath(new URL('../../bin/waybill', import.meta.url))
    return [process.execPath, '--conditions=waybill-source', bin, 'run', file, '--data-dir', join(folder, 'data')]
  },
}

const vmagent: Forwarder = {
  name: 'vmagent',
  path: '/api/v1/write',
  ready: '/health',
  command: ({ folder, port, destination }) => [
    'vmagent',
    `-httpListenAddr=127.0.0.1:${port}`,
    `-remoteWrite.url=${destination}`,
    `-remoteWrite.tmpDataPath=${join(folder, 'data')}`,
  ],
}

const prometheus: Forwarder = {
  name: 'Prometheus, agent mode',
  path: '/api/v1/write',
  ready: '/-/ready',
  command({ folder, port, destination }) {
    const file = join(folder, 'prometheus.yml')
    writeFileSync(file, `remote_write: [ { url: "${destination}" } ]\n`)
    return [
      'prometheus',
      '--enable-feature=agent',
      '--web.enable-remote-write-receiver',
      `--config.file=${file}`,
      `--storage.agent.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]
  },
}

export const forwarders = [waybill, vmagent, prometheus]

/** One run of it; resolves when it takes connections. Rejects with what it wrote when it ends before. */
export async function run([program, ...args]: readonly string[], url: string): Promise<ChildProcess> {
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (output = (output + text).slice(-4000)))
  child.once('error', (error) => (output += error.message))
  for (let tries = 0; tries < 300; tries++) {
    const response = await fetch(url).catch(() => undefined)
    await response?.body?.cancel()
    if (response && response.status !== 503) return child
    if (child.exitCode !== null || child.pid === undefined) break
    await pause(100)
  }
  child.kill('SIGKILL')
  throw new Error(`${program} does not answer at ${url}:\n${output}`)
}

export async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}
