import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { filesOf } from './markdown.fixture.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const page = readFileSync(join(root, 'docs/guide/never-lose-a-record.md'), 'utf8')

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) server.close()
  return ports
}

/** Without what differs from run to run. */
const steady = (output: string) =>
  output
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/ +\d+(ms|s)$/gm, '  AGE')
    .replaceAll(/ +/g, ' ')

test('the tour is as the page has it: a destination that is down, a kill, a record that is refused, and the books at every step', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-guide-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const ports = new Map(['8080', '8081', '9465'].map((port, index) => [port, index]))
  const free = await freePorts(ports.size)
  const here = (text: string) => text.replaceAll(/\b(8080|8081|9465)\b/g, (port) => String(free[ports.get(port)!]))
  const [config] = filesOf('docs/guide/never-lose-a-record.md').values()
  writeFileSync(
    join(folder, 'waybill.yaml'),
    `api: { listen: "127.0.0.1:${free[2]}" }\n${here(config!).replace('{ name: app, type: http }', `{ name: app, type: http, config: { listen: "127.0.0.1:${free[0]}" } }`)}`,
  )
  const blocks = [...page.matchAll(/^```(sh run|text)\n([\s\S]*?)^```$/gm)].map(([, kind, text]) => ({ kind, text: text! }))
  const script = blocks.filter(({ kind }) => kind === 'sh run').map(({ text }) => here(text))
  const said = blocks.filter(({ kind }) => kind === 'text').map(({ text }) => here(text))
  const waybill = `waybill() { "${process.execPath}" --conditions=waybill-source "${join(root, 'bin/waybill')}" "$@"; }\nset -e\n`
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}` }
  const bash = spawn('bash', ['-c', waybill + script.join('\n').replaceAll('examples/', `${root}/examples/`)], {
    cwd: folder,
    env,
    detached: true,
  })
  t.after(() => {
    try {
      process.kill(-bash.pid!, 'SIGKILL')
    } catch {
      // It has ended, with all that it began.
    }
  })
  const [stdout, stderr] = await Promise.all([text(bash.stdout), text(bash.stderr)])
  assert.equal(steady(stdout), steady(said.join('')), stderr)
})
