/** Runs the commands and programs of docs/guide/opencost.md against a simulated OpenCost. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { loadText } from '../src/agent/config/load.ts'
import { OpenCostSimulator } from '../src/opencost/simulator/simulator.ts'
import { parseWindow } from '../src/opencost/window.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

const run = promisify(execFile)
const page = readFileSync(new URL('../docs/guide/opencost.md', import.meta.url), 'utf8')
const waybill = fileURLToPath(new URL('../bin/waybill', import.meta.url))
const simulator = new OpenCostSimulator({ namespaces: 4, pods: 12, nodes: 2, seed: 1 })
let port: string
let folder: string

before(async () => {
  port = new URL(await simulator.listen(0)).port
  const files = [...filesOf('docs/guide/opencost.md')].map(([name, text]) => [name, atSimulator(text)] as const)
  folder = unpack(new Map(files))
  writeFileSync(join(folder, 'opencost.csv'), 'Date,Namespace,TotalCost\n2026-01-05,team-1,1.5\n')
})
after(async () => {
  rmSync(folder, { recursive: true })
  await simulator.close()
})

/** With the simulator in place of what the page talks to. */
const atSimulator = (text: string): string =>
  text.replaceAll('http://localhost:8428/federate', `http://localhost:${port}/metrics`).replaceAll('9003', port)

/** What stands in for the programs of others, and `waybill` at the port of the simulator where the page has it at its own. */
const programs = () => `set -euo pipefail
kubectl() { :; }
terraform() { echo 127.0.0.1; }
waybill() {
  case "$*" in
    *--endpoint*|*--url*|kusto*|*compare) ;;
    *) set -- "$@" --port ${port} ;;
  esac
  "${process.execPath}" ${process.execArgv.filter((arg) => arg.startsWith('--conditions')).join(' ')} "${waybill}" "$@"
}
`

/** Runs the commands in the folder of the page; gives what they print on both streams. */
async function shell(commands: string): Promise<string> {
  const { stdout, stderr } = await run('bash', ['-c', `${programs()}${atSimulator(commands)}`], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return stdout + stderr
}

/** The commands of the block that begins so. */
function block(beginning: string): string {
  const found = [...page.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, text]) => text!).filter((text) => text.includes(beginning))
  assert.equal(found.length, 1, beginning)
  return found[0]!
}

const recordsIn = (name: string): Record<string, unknown>[] =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

suite('docs/guide/opencost.md', { concurrency: 2 }, () => {
  test('001-47 forward its port, and ask', async () => {
    const told = await shell(block('service/opencost'))
    assert.match(told, /^4 allocations from .* → opencost_live_namespace_1h_\d{8}_\d{6}\.json/m)
    assert.match(told, /^\d+ assets from .* → opencost_assets_type_1h_\d{8}_\d{6}\.json/m)
  })

  test('001-52 formats, metadata, types and steps', async () => {
    const told = await shell(block('storage.json'))
    assert.match(told, /^Timestamp,CollectionTime,Source,AllocationName,/m)
    assert.deepEqual([...new Set(recordsIn('storage.json').map(({ Type }) => Type))], ['Disk', 'LoadBalancer'])
    assert.equal(new Set(recordsIn('week.json').map(({ WindowStart }) => WindowStart)).size, 7)
  })

  test('metrics as a summary, as JSON and as tables, on the command line and in code', async () => {
    const told = await shell(block('metrics --tables'))
    assert.match(told, /^compute +node_cpu_hourly_cost +gauge +2 /m)
    for (const file of ['flat', 'cost', 'wide']) assert.ok(recordsIn(`opencost_metrics_${file}.json`).length > 1)
    const { stdout } = await run(process.execPath, ['--conditions=waybill-source', 'metrics.ts'], { cwd: folder })
    assert.match(stdout, /^18 metrics → opencost_metrics_flat\.json, opencost_metrics_cost\.json, opencost_metrics_wide\.json$/m)
  })

  test('001-48 metrics from elsewhere', async () => {
    assert.match(await shell(block('victoria-metrics')), /^storage +pv_hourly_cost/m)
  })

  test('the schema has the columns that the export has, and the files go to their tables', async () => {
    await shell(block('schema.kql'))
    const told = await shell(block('--dry-run'))
    const schema = readFileSync(join(folder, 'schema.kql'), 'utf8')
    for (const [file, table] of [
      ['costs.json', 'OpenCostAllocation'],
      ['assets.json', 'OpenCostAssets'],
    ] as const) {
      const [, columns] = new RegExp(`^\\.create-merge table ${table} \\(\\n([^)]*)\\n\\)`, 'm').exec(schema)!
      assert.deepEqual(
        columns!.split(',\n').map((line) => line.trim().split(':')[0]),
        Object.keys(recordsIn(file)[0]!),
      )
      assert.match(told, new RegExp(`^would be queued: ${file} → ${table} \\(json, mapping ${table}_mapping\\)$`, 'm'))
    }
    assert.match(readFileSync(join(folder, 'queries.kql'), 'utf8'), /^OpenCostAllocation$/m)
  })

  test('the configurations are without errors', async () => {
    for (const path of ['live.yaml', 'windows.yaml'])
      assert.ok((await loadText(readFileSync(join(folder, path), 'utf8'), { path })).file.pipelines.length > 0)
  })

  test('a span is handed to an exporter', async () => {
    assert.match(await shell(block('--to archive')), /^4 allocations from .* → archive \(.*costs\)/m)
  })

  test('the hours of a day that is over, in code', async () => {
    const { stdout } = await run(process.execPath, ['--conditions=waybill-source', 'windows.ts'], { cwd: folder })
    assert.equal(stdout, '24 hours of 24\n')
  })

  test('001-24 the step of Azure DevOps', async () => {
    const { steps } = parse(filesOf('docs/guide/opencost.md').get('azure-pipelines.yaml')!) as { steps: { script: string }[] }
    const variables: Record<string, string> = {
      CLUSTER_IP: '127.0.0.1',
      BENCHMARK_DURATION: '2h',
      BENCHMARK_NAME: 'scale-up',
      RUN_ID: 'r-1',
      'Build.ArtifactStagingDirectory': '.',
    }
    await shell(steps[0]!.script.replace(/\$\(([\w.]+)\)/g, (_, name: string) => variables[name]!))
    const [first] = recordsIn('scale-up_costs.json')
    assert.deepEqual([first!._run_id, first!._scenario_name], ['r-1', 'scale-up'])
    assert.ok(readFileSync(join(folder, 'cost-metrics.json'), 'utf8').includes('node_total_hourly_cost'))
  })

  test('001-25 Terraform’s output as the host, and a benchmark from its start to its end', async () => {
    assert.match(await shell(block('terraform')), /^http:\/\/127\.0\.0\.1:\d+ at /m)
    await shell(block('baseline.json'))
    const [first] = recordsIn('benchmark_costs.json')
    assert.deepEqual([first!.RunId, first!.ScenarioName], ['perf-test-456', 'scale-up'])
    assert.ok((first!.WindowMinutes as number) < 1)
  })

  test('001-50 live beside daily', async () => {
    assert.match(await shell(block('compare --csv')), /^2026-01-05 +1\.5000 +[\d.]+ +-?[\d.]+ +\S+$/m)
  })

  test('001-36 what the page says of sizes, windows and levels is on it', () => {
    const section = page.split(/^## /m).find((part) => part.startsWith('Performance'))!
    assert.deepEqual(
      [...section.matchAll(/^- \*\*(\w+)\.\*\*/gm)].map(([, title]) => title),
      ['Level', 'Format', 'Window', 'Memory', 'Speed'],
    )
  })

  test('every form of a window that the page names is one', () => {
    const table = page.slice(page.indexOf('| windows '), page.indexOf('## What there is'))
    const forms = [...table.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([^`]+)`/g)].map(([, form]) => form!))
    assert.ok(forms.length > 12)
    for (const form of forms) assert.ok(parseWindow(form, Date.UTC(2026, 10, 21, 5)).end, form)
  })

  test('every block of commands is run by a test', () => {
    assert.equal([...page.matchAll(/^```sh run$/gm)].length, 10)
  })
})
