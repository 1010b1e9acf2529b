import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { CollectedMetrics } from '../../opencost/metrics/collected-metrics.ts'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { runCommand } from './opencost.fixture.ts'

const fixture = fileURLToPath(new URL('opencost.fixture.ts', import.meta.url))

/** Runs `opencost metrics` of a simulated OpenCost in a folder of its own. */
async function setUp(t: TestContext) {
  const simulator = new OpenCostSimulator({ namespaces: 3, pods: 6, nodes: 2, seed: 1 })
  const url = await simulator.listen(0)
  const folder = mkdtempSync(join(tmpdir(), 'waybill-metrics-'))
  const before = process.cwd()
  process.chdir(folder)
  t.after(async () => {
    process.chdir(before)
    rmSync(folder, { recursive: true })
    await simulator.close()
  })
  /** In this process. */
  const run = async (...args: string[]) => {
    let stderr = ''
    const mock = t.mock.method(process.stderr, 'write', (part: string) => {
      stderr += part
      return true
    })
    const ran = await runCommand('opencost', 'metrics', '--retries', '0', ...args)
    mock.mock.restore()
    return { ...ran, stderr }
  }
  /** In one of its own, for what it prints. */
  const printed = async (...args: string[]): Promise<string> => {
    const child = spawn(process.execPath, ['--conditions=waybill-source', fixture, 'opencost', 'metrics', ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    assert.equal(code, 0)
    return stdout
  }
  return { url, folder, run, printed, at: ['--host', '127.0.0.1', '--port', new URL(url).port] }
}

test('001-38 metrics go to a file that is named, or gets a name, or to standard output', async (t) => {
  const { url, folder, run, printed, at } = await setUp(t)
  const { code, stderr } = await run(...at, '--output', 'metrics.json')
  assert.deepEqual([code, stderr.trim()], [0, '18 metrics with 53 samples → metrics.json'])
  const { metadata, metrics } = JSON.parse(readFileSync('metrics.json', 'utf8')) as CollectedMetrics
  assert.deepEqual([metadata.source, metadata.total_metrics], [url, Object.keys(metrics).length])
  await run(...at)
  assert.equal(readdirSync(folder).filter((name) => /^opencost_metrics_\d{8}_\d{6}\.json$/.test(name)).length, 1)
  const stdout = await printed('--url', `${url}/metrics`, '--output', '-')
  assert.deepEqual(Object.keys((JSON.parse(stdout) as CollectedMetrics).metrics), Object.keys(metrics))
})

test('001-39 a summary tells each metric, and what is paid by the hour', async (t) => {
  const { folder, printed, at } = await setUp(t)
  const stdout = await printed(...at, '--summary', '--currency', 'EUR')
  assert.match(stdout, /^compute +node_cpu_hourly_cost +gauge +2 +0\.031611 +0\.031611 +EUR per core-hour$/m)
  assert.match(stdout, /^- +container_cpu_allocation +gauge +\d+ /m)
  assert.match(stdout, /^compute +Container +0\.\d{6}$/m)
  assert.match(stdout, /^management +Cluster +0\.100000$/m)
  assert.deepEqual(readdirSync(folder), [])
})

test('001-43 --tables writes the three tables', async (t) => {
  const { folder, run, at } = await setUp(t)
  assert.equal((await run(...at, '--tables', '.')).code, 0)
  assert.deepEqual(readdirSync(folder), ['opencost_metrics_cost.json', 'opencost_metrics_flat.json', 'opencost_metrics_wide.json'])
})

test('what is wrong is told in a line, with the exit code', async (t) => {
  const { url, folder, run, at } = await setUp(t)
  for (const [args, code, told] of [
    [[...at, '--summary', '--output', '-'], 2, /would both go to standard output/],
    [['--port', '0'], 2, /--port takes a whole number/],
    [['--url', 'localhost:9003'], 2, /begins with http/],
    [['--url', `${url}/assets?window=1h`], 1, /no Prometheus text/],
    [['--host', '127.0.0.1', '--port', '1'], 1, /ECONNREFUSED/],
    [[...at, '--output', 'missing/metrics.json'], 1, /cannot write missing\/metrics.json/],
  ] as const) {
    const ran = await run(...args)
    assert.equal(ran.code, code, args.join(' '))
    assert.match(ran.error, told)
  }
  const { code, stderr } = await run('--url', `${url}/healthz`)
  assert.equal(code, 0)
  assert.match(stderr, /nothing is collected: .*\/healthz has no metric about costs; .* --url <address>\/federate/)
  assert.deepEqual(readdirSync(folder), [])
})
