import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { OpenCostSimulator } from '../../opencost/simulator/simulator.ts'
import { runCommand } from './opencost.fixture.ts'

const fixture = fileURLToPath(new URL('opencost.fixture.ts', import.meta.url))

async function startSimulator(t: TestContext): Promise<string> {
  const simulator = new OpenCostSimulator({ namespaces: 4, pods: 20, nodes: 3, seed: 1 })
  const url = await simulator.listen(0)
  t.after(() => simulator.close())
  return url
}

async function startServer(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Runs `opencost export` in a folder of its own; `said` is what it tells on standard error. */
function exporting(t: TestContext, endpoint: string) {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-export-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = (name: string) => join(folder, name)
  const run = async (...args: string[]) => {
    let said = ''
    const mocked = t.mock.method(process.stderr, 'write', (part: string) => {
      said += part
      return true
    })
    const ran = await runCommand('opencost', 'export', '--endpoint', endpoint, '--retries', '0', ...args)
    mocked.mock.restore()
    return { ...ran, said: said.trim().split('\n') }
  }
  const rowsIn = (name: string) =>
    readFileSync(path(name), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  return { folder, path, run, rowsIn }
}

test('001-01 001-02 001-12 an export of both, with metadata, and what it says', async (t) => {
  const { path, run, rowsIn } = exporting(t, await startSimulator(t))
  const metadata = ['--run-id', 'r', '--metadata', 'env=a=b', '--metadata', 'team=x', '--metadata', 'env=c']
  const { code, said } = await run(
    '--aggregate',
    'namespace',
    '--allocation-output',
    path('a.json'),
    '--assets-output',
    path('b.json'),
    ...metadata,
  )
  assert.equal(code, 0)
  assert.match(said[0]!, /^4 allocations from .* to .* → .*a\.json \(\d+/)
  assert.match(said[1]!, /^5 assets from .* → .*b\.json/)
  const [row] = rowsIn('a.json')
  assert.deepEqual(Object.keys(row!).slice(2, 7), ['Source', '_run_id', '_env', '_team', 'AllocationName'])
  assert.deepEqual([row!._run_id, row!._env, row!._team], ['r', 'c', 'x'])
  assert.deepEqual(
    new Set(rowsIn('b.json').map(({ AssetName }) => AssetName)),
    new Set(['Node', 'Disk', 'Network', 'LoadBalancer', 'ClusterManagement']),
  )
})

test('001-17 001-52 each format, at each level', async (t) => {
  const { path, run } = exporting(t, await startSimulator(t))
  for (const format of ['kusto', 'json', 'jsonl', 'csv'])
    for (const level of ['container', 'pod', 'namespace', 'node', 'controller'])
      assert.equal((await run('--format', format, '--aggregate', level, '--output', path(`${level}.${format}`))).code, 0)
  assert.equal((JSON.parse(readFileSync(path('node.json'), 'utf8')) as object[]).length, 3)
  assert.equal(readFileSync(path('node.csv'), 'utf8').split('\r\n').length, 5)
  assert.equal(readFileSync(path('node.kusto'), 'utf8').split('\n').length, 4)
})

test('charges with the columns of FOCUS', async (t) => {
  const { path, run } = exporting(t, await startSimulator(t))
  const outputs = ['--allocation-output', path('a.csv'), '--assets-output', path('b.csv')]
  const { code, said } = await run('--format', 'focus', '--aggregate', 'namespace', '--run-id', 'r', '--currency', 'EUR', ...outputs)
  assert.equal(code, 0)
  assert.match(said[0]!, /^\d+ charges for allocations from/)
  for (const name of ['a.csv', 'b.csv']) {
    const [header, first] = readFileSync(path(name), 'utf8').split('\r\n')
    assert.match(header!, /^BilledCost,BillingAccountId,.*,x_Pod,x_run_id$/)
    assert.match(first!, /^[\d.]+,\w+,\w*,EUR,\d{4}-\d\d-01T00:00:00Z,.*,r$/)
  }
})

test('a long window in steps, of which interrupted ones are gone on with', async (t) => {
  const simulator = await startSimulator(t)
  let budget = 3
  const proxy = await startServer(t, async (request, response) => {
    if (budget-- <= 0) return void response.writeHead(500).end('over')
    response.end(await (await fetch(simulator + request.url)).text())
  })
  const { folder, path, run, rowsIn } = exporting(t, proxy)
  const window = ['--window', '2026-01-01T00:00:00Z,2026-01-06T00:00:00Z', '--step', '1d', '--concurrency', '1', '--aggregate', 'cluster']
  const args = [...window, '--allocation-output', path('a.json'), '--assets-output', path('b.json')]
  const failed = await run(...args)
  assert.deepEqual([failed.code, /answered 500: over/.test(failed.error)], [1, true])
  assert.deepEqual(readdirSync(folder).sort(), ['a.json.partial', 'a.json.progress'])
  budget = 100
  assert.match((await run(...args, '--resume', '--filter-types', 'Disk')).error, /begun with other options; leave out --resume/)
  assert.equal((await run(...args, '--resume')).code, 0)
  assert.equal(budget, 100 - 2 - 5)
  assert.deepEqual(readdirSync(folder).sort(), ['a.json', 'b.json'])
  assert.deepEqual(
    rowsIn('a.json').map(({ WindowStart }) => WindowStart),
    [1, 2, 3, 4, 5].map((day) => `2026-01-0${day}T00:00:00Z`),
  )
})

test('nothing to export is said, is exit code 0, and 4 on request', async (t) => {
  const { folder, run } = exporting(t, await startServer(t, (_request, response) => void response.end('{"code":200,"data":[{}]}')))
  const { code, said } = await run('--output', join(folder, 'a'))
  assert.equal(code, 0)
  assert.match(said[0]!, /^nothing to export: no allocations from .*; nothing is written to .*$/)
  assert.equal((await run('--output', join(folder, 'a'), '--fail-on-empty')).code, 4)
  assert.deepEqual(readdirSync(folder), [])
})

test('001-33 001-34 001-35 every wrong input is one clear line, and its exit code', async (t) => {
  const url = await startServer(t, (request, response) => {
    if (request.url!.includes('aggregate=pod')) response.writeHead(401).end('who?')
    else if (request.url!.includes('aggregate=node')) response.end('<html>')
    else response.writeHead(500).end(JSON.stringify({ code: 500, data: null, message: 'Error: no' }))
  })
  const { folder, path, run } = exporting(t, url)
  writeFileSync(path('token'), 'two words')
  writeFileSync(path('ca'), 'no certificate')
  mkdirSync(path('folder'))
  const cases: [code: 1 | 2, told: RegExp, ...args: string[]][] = [
    [2, /"2y" is not a window; the forms are: today/, '--window', '2y'],
    [2, /"0h" is an empty window/, '--window', '0h'],
    [2, /no level "bogus".*container, pod/, '--aggregate', 'bogus'],
    [2, /no level "pod".*of assets: type/, '--assets-aggregate', 'pod'],
    [2, /unknown option '--alloc'/, '--alloc', 'x'],
    [2, /--port takes a whole number from 1 to 65535, not "x"/, '--port', 'x'],
    [2, /--port takes a whole number/, '--port', '0'],
    [2, /"localhost" is not an address/, '--endpoint', 'localhost'],
    [2, /Allowed choices are allocation, assets/, '--data-type', 'cost'],
    [2, /Allowed choices are kusto, json/, '--format', 'xml'],
    [2, /--output is for one data type/, '--output', 'a', '--assets-output', 'b'],
    [2, /"euro" is no currency; write --currency EUR/, '--currency', 'euro'],
    [2, /"novalue" is not a key and a value/, '--metadata', 'novalue'],
    [2, /"=x" is not a key and a value/, '--metadata', '=x'],
    [2, /"soon" is not a duration/, '--timeout', 'soon'],
    [2, /--retries takes a whole number/, '--retries', '-1'],
    [2, /--concurrency takes a whole number/, '--concurrency', '0'],
    [2, /at least a second/, '--step', '10ms'],
    [2, /--resume is for exports in steps/, '--resume'],
    [2, /--resume is for exports in steps/, '--resume', '--step', '1h'],
    [2, /--header is no header/, '--header', 'secret'],
    [2, /does not hold a token/, '--token-file', path('token')],
    [1, /cannot read .*nothing \(ENOENT\); check the path after --token-file/, '--token-file', path('nothing')],
    [2, /holds no certificate/, '--ca', path('ca'), '--output', path('a')],
    [1, /answered 401: who\?; give a token .*--token-file/, '--aggregate', 'pod', '--output', path('a')],
    [1, /answered what cannot be read/, '--aggregate', 'node', '--output', path('a')],
    [1, /answered 500: Error: no/, '--output', path('a')],
    [1, /ECONNREFUSED/, '--endpoint', 'http://127.0.0.1:1', '--output', path('a')],
    [1, /the folder .*none is not there/, '--output', path('none/a')],
    [1, /it is a folder/, '--output', path('folder')],
    [1, /cannot write .*: the folder .*token .*ENOTDIR/, '--output', path('token/a')],
  ]
  for (const [code, told, ...args] of cases) {
    const ran = await run(...args)
    assert.equal(ran.code, code, `${args.join(' ')}: ${ran.error}`)
    assert.match(ran.error, told)
    assert.equal(ran.error.split('\n').length, 1)
    assert.deepEqual(ran.said, [''], args.join(' '))
  }
  assert.deepEqual(readdirSync(folder).sort(), ['ca', 'folder', 'token'])
})

test('001-04 001-07 the endpoint, its port, and TLS', async (t) => {
  const url = new URL(await startSimulator(t))
  const { path, run, rowsIn } = exporting(t, `http://127.0.0.1:1/`)
  assert.equal((await run('--port', url.port, '--output', path('a'), '--aggregate', 'cluster')).code, 0)
  assert.equal(rowsIn('a')[0]!.Source, url.origin)
  assert.equal((await run('--port', url.port, '--data-type', 'assets', '--assets-aggregate', 'provider', '--output', path('b'))).code, 0)
  assert.deepEqual(
    rowsIn('b').map(({ AssetName }) => AssetName),
    ['Simulated'],
  )
})

test('001-51 a simulator as a command, exported to standard output, which holds nothing else, until its reader has seen enough', async (t) => {
  const start = (...args: string[]) =>
    spawn(process.execPath, ['--conditions=waybill-source', fixture, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const simulator = start('simulate', 'opencost', '--port', '0', '--pods', '5')
  t.after(() => simulator.kill())
  const [line] = (await once(simulator.stdout, 'data')) as [Buffer]
  const [url] = /http:\/\/[\d.:]+/.exec(String(line))!
  const exported = start('opencost', 'export', '--endpoint', url, '--output', '-', '--format', 'json', '--aggregate', 'pod')
  const [out, told] = await Promise.all([text(exported.stdout), text(exported.stderr)])
  assert.equal((JSON.parse(out) as object[]).length, 5)
  assert.match(told, /^5 allocations from .* → standard output/)
  const impatient = start('opencost', 'export', '--endpoint', url, '--output', '-', '--window', '30d', '--step', '1h')
  impatient.stdout.once('data', () => impatient.stdout.destroy())
  const [said, [code]] = await Promise.all([text(impatient.stderr), once(impatient, 'exit')])
  assert.deepEqual([said, code], ['', 0])
  const ended = once(simulator, 'exit')
  simulator.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
})
