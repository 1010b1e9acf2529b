import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { filesOf, unpack } from './markdown.fixture.ts'

const page = readFileSync(new URL('../docs/guide/custom-exporter.md', import.meta.url), 'utf8')
let folder: string

before(() => {
  folder = unpack(filesOf('docs/guide/custom-exporter.md'))
})
after(() => rmSync(folder, { recursive: true }))

const names = ['cpu.load.1m', 'cpu.total.count', 'memory.system.total.used.percent']

/** The monitor of the guide: where it exports to, and how to end it. */
function monitor(t: TestContext, ...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=waybill-source', 'cubestat.ts', '--refresh-ms', '20', ...args], { cwd: folder })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (data) => {
    said += data
  })
  return {
    destination: () => until(() => /: started (.*)\n/.exec(said)?.[1]),
    /** Ends well: with exit code 0, and without having said more than that it started. */
    async end(): Promise<void> {
      const closed = once(child, 'close')
      child.kill('SIGINT')
      assert.deepEqual(await closed, [0, null], said)
      assert.match(said, /^\w+: started .*\n$/)
    },
  }
}

/** Waits for `look` to give something. */
async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 20) {
    const found = await look()
    if (found !== undefined) return found
    await pause(20)
  }
  throw new Error('it did not come to pass within 20 s')
}

const contentsOf = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')

test('002-39 its monitor writes CSV, a row for each sample', async (t) => {
  const { end } = monitor(t, '--output', 'csv')
  await until(() => (contentsOf('cubestat.csv').split('\r\n').length > 5 ? true : undefined))
  await end()
  const [header, ...rows] = contentsOf('cubestat.csv').trimEnd().split('\r\n')
  assert.equal(header, ['timestamp', ...names].join())
  for (const row of rows) assert.equal(row.split(',').length, 4)
})

test('002-39 it writes JSON, and appends when it is asked to', async (t) => {
  const read = () => (contentsOf('a.json') ? (JSON.parse(contentsOf('a.json')) as { metrics: object }[]) : [])
  for (const atLeast of [1, 2]) {
    const before = read().length
    const { end } = monitor(t, '--output', 'json', '--output-file', 'a.json', '--append-output')
    await until(() => (read().length > before + atLeast ? true : undefined))
    await end()
  }
  assert.deepEqual(Object.keys(read()[0]!.metrics).sort(), names)
})

test('002-39 it exposes metrics for Prometheus', async (t) => {
  const { end, destination } = monitor(t, '--output', 'prometheus', '--prometheus-port', '0')
  const url = await destination()
  const answer = await until(async () => {
    const body = await (await fetch(url)).text()
    return body.includes('cubestat_cpu_total_count') ? body : undefined
  })
  assert.match(answer, /^# TYPE cubestat_cpu_total_count gauge\ncubestat_cpu_total_count \d+$/m)
  await end()
})

test('002-39 it writes to InfluxDB, and to a webhook what is left at the end', async (t) => {
  const received: { url: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    received.push({ url: request.url!, body: await text(request) })
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const webhook = monitor(t, '--output', 'webhook', '--webhook-url', `${url}/hook`)
  const influx = monitor(t, '--output', 'influxdb', '--influxdb-url', url, '--influxdb-db', 'mine')
  const writes = () => received.filter(({ url }) => url.startsWith('/write'))
  await webhook.destination()
  const before = writes().length
  // By then the other, which is as fast, has measured too.
  const [sent] = await until(() => (writes().length >= before + 20 ? writes() : undefined))
  assert.match(sent!.url, /[?&]db=mine(&|$)/)
  await influx.end()
  await webhook.end()
  const posted = received.filter(({ url }) => url === '/hook').flatMap(({ body }) => JSON.parse(body))
  assert.ok(posted.length >= names.length)
})

test('002-39 its own exporter writes lines', async (t) => {
  const { end } = monitor(t, '--output', 'lines')
  await until(() => (contentsOf('cubestat.txt').split('\n').length > 3 ? true : undefined))
  await end()
  assert.match(
    contentsOf('cubestat.txt'),
    /^[\d.]+ cpu\.total\.count=\d+ cpu\.load\.1m=[\d.]+ memory\.system\.total\.used\.percent=[\d.]+\n/,
  )
})

test('002-39 what cannot be started is told, and ends it', () => {
  const child = spawnSync(process.execPath, ['--conditions=waybill-source', 'cubestat.ts', '--output-file', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(child.status, 1)
  assert.match(child.stderr, /^csv: could not be started .*is a folder/)
})

test('002-29 its help has a group of options for each output', () => {
  const { stdout } = spawnSync(process.execPath, ['--conditions=waybill-source', 'cubestat.ts', '--help'], {
    cwd: folder,
    encoding: 'utf8',
  })
  const groups = [...stdout.matchAll(/^(\w+.*):$/gm)].map(([, title]) => title)
  assert.deepEqual(groups.slice(0, 4), ['Data Export Options', 'InfluxDB Options', 'Prometheus Options', 'Webhook Options'])
})

test('002-33 to 002-38 it has the eight practices', () => {
  const practices = [...page.split('## Eight practices')[1]!.matchAll(/^\d\. \*\*(.+)\.\*\*/gm)].map(([, title]) => title)
  assert.equal(practices.length, 8)
})
