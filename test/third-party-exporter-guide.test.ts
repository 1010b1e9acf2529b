/** The classes and configurations of docs/guide/third-party-exporter.md, without a server in front of them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { readDelfinConf } from '../src/arrays/delfin-conf.ts'
import type { AlertData } from '../src/arrays/third-party/alert-data.ts'
import { dispatchPlugins } from '../src/arrays/third-party/dispatch-plugins.ts'
import type { MetricData } from '../src/arrays/third-party/metric-data.ts'
import { tryPlugin } from '../src/cli/commands/plugin-trial/trial.ts'
import type { ExporterPlugin } from '../src/core/plugin.ts'
import { createTestHost } from '../src/testing/test-host.ts'
import { runningArrays } from './arrays.fixture.ts'
import { filesOf, unpack } from './markdown.fixture.ts'

const page = 'docs/guide/third-party-exporter.md'
const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8')
const platform = createServer(async (request, response) => {
  const data = JSON.parse(Buffer.concat(await request.toArray()).toString()) as readonly (MetricData | AlertData)[]
  received.push([request.url!, data])
  response.writeHead(200, { connection: 'close' }).end()
})
const received: [path: string, data: readonly (MetricData | AlertData)[]][] = []
let folder: string
let module: Readonly<Record<string, unknown>>
let port: number

before(async () => {
  await once(platform.listen(0, '127.0.0.1'), 'listening')
  port = (platform.address() as AddressInfo).port
  folder = unpack(filesOf(page))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  module = (await import(pathToFileURL(join(folder, 'third-party.ts')).href)) as Readonly<Record<string, unknown>>
})
after(() => {
  platform.close()
  rmSync(folder, { recursive: true })
})

/** What stands under `arrays:` in waybill.yaml, at the platform of this test. */
const chosen = (): object =>
  (parse(readFileSync(join(folder, 'waybill.yaml'), 'utf8').replaceAll(':9000', `:${port}`)) as { arrays: object }).arrays

test('004-27 the guide has seven steps, as its readers know them', () => {
  const steps = [...text.matchAll(/^## (\d)\./gm)].map(([, step]) => Number(step))
  assert.deepEqual(steps, [1, 2, 3, 4, 5, 6, 7])
})

test('004-11 004-27 the guide tells that one process does the work of three, without a broker', () => {
  assert.match(
    text,
    /One process, `waybill arrays serve`, does the work of `api\.py`, `task\.py` and `alert\.py`\. There is no message broker/,
  )
})

test('004-09 004-27 its delfin.conf chooses what its waybill.yaml does', () => {
  const { arrays, plugins, notes } = readDelfinConf(readFileSync(join(folder, 'delfin.conf'), 'utf8'), 'delfin.conf')
  const { collection, ...same } = arrays
  const { log: _log, ...written } = parse(readFileSync(join(folder, 'waybill.yaml'), 'utf8')) as Readonly<Record<string, unknown>>
  assert.deepEqual({ plugins, arrays: same }, written)
  assert.deepEqual([collection, notes], [{ interval: '900s' }, []])
})

test('004-01 004-02 004-27 its classes are given what arrays measure, and their alerts', async (t) => {
  const { arrays } = await runningArrays(t, { module, arrays: chosen() })
  await arrays.collect('array-1', { intervalMs: 1000, historic: true })
  await arrays.syncAlerts('array-1', { startMs: 0, endMs: 99_999_999 })
  const of = (path: string) => received.flatMap(([each, data]) => (each === path ? data : []))
  for (let tries = 0; of('/metrics').length === 0 || of('/alerts').length < 4; tries++) {
    assert.ok(tries < 500, 'the platform has not received everything')
    await pause(10)
  }
  assert.equal((of('/metrics') as readonly MetricData[])[0]!.labels.storage_id, 'array-1')
  assert.equal(of('/alerts').length, 4)
})

test('004-27 004-28 its classes keep to the contract of exporters', async () => {
  for (const plugin of dispatchPlugins(module) as ExporterPlugin[]) {
    const create = (each: ExporterPlugin) =>
      each.create({ name: each.type, config: { url: `http://127.0.0.1:${port}/` } as never, host: createTestHost() })
    const outcomes = await tryPlugin({ plugin, module, create })
    assert.deepEqual(
      outcomes.filter(({ status }) => status !== 'passed').map(({ name, error }) => `${plugin.type}: ${name}: ${error?.message}`),
      [],
    )
  }
})

test('004-10 004-27 a class without its settings says what is missing', () => {
  const plugin = dispatchPlugins(module)[0] as ExporterPlugin
  assert.throws(() => plugin.create({ name: plugin.type, config: {} as never, host: createTestHost() }), /url is missing/)
})
