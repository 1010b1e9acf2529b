import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { loadText } from '../src/agent/config/load.ts'
import { parsed } from '../src/cli/commands/system/options.fixture.ts'
import { monitorPlanOf, replayPlanOf } from '../src/cli/commands/system/plan.ts'
import { startInfluxDB } from '../src/exporters/influxdb/influxdb.fixture.ts'
import { filesOf } from './markdown.fixture.ts'
import { folderFor, startSystem } from './system.fixture.ts'

const page = readFileSync(new URL('../docs/guide/system-monitor.md', import.meta.url), 'utf8')
const files = filesOf('docs/guide/system-monitor.md')
const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))
const blocks = [...page.matchAll(/^```sh( run)?\n([\s\S]*?)^```$/gm)].map(([, run, text]) => ({ runs: run !== undefined, text: text! }))
const secrets: readonly string[] = ['password.txt', 'token.txt']

test('002-40 every command of the page is one', async (t) => {
  const folder = folderFor(t)
  for (const name of secrets) writeFileSync(join(folder, name), 'secret\n')
  const commands = blocks.flatMap(({ text }) => [...text.matchAll(/waybill system *([^|#\n]*)/g)].map(([, args]) => args!))
  assert.ok(commands.length >= 15)
  for (const args of commands) {
    const options = await parsed(args.replaceAll(/\w+(?=\.txt)/g, (name) => join(folder, name)))
    if (options.replay === undefined) monitorPlanOf(options, !args.includes('|'))
    else replayPlanOf(options, options.replay, true)
  }
})

test('002-40 those that end by themselves do what the page says', async (t) => {
  const folder = folderFor(t)
  const [v1, v2] = [await startInfluxDB(t), await startInfluxDB(t, { version: 2 })]
  // As the page has it, for a moment, and with a server of this test.
  const shim = `#!/bin/bash
if [[ "$*" == *-org* ]]; then url=(--influxdb-url ${v2.url}); elif [[ "$*" == *influxdb* ]]; then url=(--influxdb-url ${v1.url}); fi
exec "${process.execPath}" "${waybill}" "$@" "\${url[@]}" --refresh-ms 100 --for 700ms
`
  writeFileSync(join(folder, 'waybill'), shim, { mode: 0o755 })
  const env = {
    ...process.env,
    PATH: `${folder}:${dirname(process.execPath)}:${process.env.PATH}`,
    NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
  }
  /** What it prints, and the files that it makes. */
  const run = async ({ text }: { text: string }, index: number) => {
    const cwd = join(folder, `block-${index}`)
    mkdirSync(cwd)
    for (const name of secrets) writeFileSync(join(cwd, name), 'secret\n')
    const { stdout } = await promisify(execFile)('bash', ['-e', '-c', text], { cwd, env })
    return `${stdout}|${readdirSync(cwd).filter((name) => !secrets.includes(name))}`
  }
  const [pipe, outputs, prometheus, influxdb, script] = await Promise.all(blocks.filter(({ runs }) => runs).map(run))
  assert.match(pipe!, /^timestamp,metric,value\r\n(.*\r\n){19}(\S+,memory\.system\.total\.used\.percent,\S+\r\n){2}\|$/)
  assert.equal(outputs, '|a.csv,a.json,cubestat.csv,cubestat.json,long.csv')
  assert.equal(prometheus, '|')
  assert.equal(influxdb, '|')
  assert.match(script!, /^\d+(\.\d+)?\n\|cubestat\.json$/)
  assert.deepEqual(
    [new Set(v1.requests.map(({ url }) => url)).size, v2.requests[0]?.url],
    [1, '/api/v2/write?org=home&bucket=machines&precision=ns'],
  )
  assert.match(v1.writes.at(-1)!.at(-1)!, /^system_metrics,host\.name=\S+,room=2 .*memory\.system\.total\.used\.percent=/)
})

test('002-40 the names of metrics are those that are exposed', async (t) => {
  const system = startSystem(t, ['--refresh-ms', '100', '--prometheus-port', '0'], { cwd: folderFor(t) })
  const address = await system.address('prometheus')
  const exposed = await system.until(async () => {
    const text = await (await fetch(address)).text()
    return text.includes('cubestat_disk_total_read') ? text : undefined
  })
  const names = [...page.matchAll(/(?<![\w"])cubestat_[a-z0-9_]+/g)].map(([name]) => name)
  assert.ok(names.length >= 8)
  for (const name of names) assert.match(exposed, new RegExp(`^${name} `, 'm'), name)
  const pattern = /"(cubestat_cpu_\S+)"/.exec(page)![1]
  assert.match(exposed, new RegExp(`^${pattern} `, 'm'))
})

test('002-40 its configurations are without errors, and Prometheus scrapes where the command listens', async () => {
  await loadText(files.get('waybill.yaml')!, { path: 'waybill.yaml' })
  const { scrape_configs } = parse(files.get('prometheus.yml')!) as { scrape_configs: { static_configs: { targets: string[] }[] }[] }
  const port = scrape_configs[0]!.static_configs[0]!.targets[0]!.split(':')[1]
  assert.ok(page.includes(`waybill system --prometheus-port ${port} `))
  assert.equal((parse(files.get('rules.yml')!) as { groups: { rules: object[] }[] }).groups[0]!.rules.length, 2)
})
