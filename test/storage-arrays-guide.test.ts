/** The configurations of docs/guide/storage-arrays.md, and its commands against `waybill arrays serve`. */
import assert from 'node:assert/strict'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadText } from '../src/agent/config/load.ts'
import { ServedArrays } from './arrays-serve.fixture.ts'
import { commandsOf, filesOf, unpack } from './markdown.fixture.ts'

const page = 'docs/guide/storage-arrays.md'
const files = filesOf(page)
const [addHere, registerLab, look, metricsConfig, snmpConfig] = commandsOf(page) as [string, string, string, string, string]
let folder: string
let served: ServedArrays

before(async () => {
  folder = unpack(files)
  served = await ServedArrays.start(folder)
})
after(async () => {
  await served.kill('SIGTERM')
  rmSync(folder, { recursive: true })
})

test('every configuration of the page is one, and goes where the page says', async () => {
  const key = '5a'.repeat(32)
  const lookup = { env: {}, readFile: (path: string) => (path.endsWith('-key') ? key : 'postgresql://waybill:secret@db/arrays') }
  const ways: Record<string, readonly string[]> = {}
  for (const [name, content] of files) {
    const { file } = await loadText(content, { path: name, lookup })
    ways[name] = file.pipelines.map(({ from, signals, to }) => `${from} ${signals ?? 'all'} → ${to}`)
  }
  assert.deepEqual(ways['waybill.yaml'], ['arrays all → archive'])
  assert.deepEqual(ways['destinations.yaml']?.toSorted(), [
    'arrays alerts → AlertExporterAlertmanager',
    'arrays all → archive',
    'arrays metrics → PerformanceExporterPrometheus',
    'arrays metrics → victoriametrics',
  ])
  assert.deepEqual(ways['agent.yaml'], ['host,arrays metrics → metrics', 'arrays alerts → people'])
})

test('the commands of the page: two arrays, what they measure, and their alerts, in the file exporter', async () => {
  assert.match(await served.run(addHere), /^id +name[\s\S]*\n\S+ +here +.* normal /)
  const lab = JSON.parse(await served.run(registerLab)) as { readonly id: string; readonly name: string }
  assert.equal(lab.name, 'lab')
  const shown = await served.run(look)
  for (const line of [/ here /, / lab /, /volume +readIops +IOPS/, /lab: collected every 5s/, /Power failure/, /"volumes":\[\{/])
    assert.match(shown, line)
  assert.match(await served.run(metricsConfig), /"interval":60/)
  assert.doesNotMatch(await served.run(snmpConfig), /lab-traps/)
  await served.until(
    () => served.written('alerts').length >= 4 && served.written('metrics').some(({ name }) => name === 'volume_readResponseTime'),
  )
  for (const { labels } of served.written('alerts')) assert.equal(labels.storage_id, lab.id)
  assert.ok(served.written('metrics').some(({ name, labels }) => name === 'volume_writeThroughput' && labels.storage_name === 'lab'))
})

test('after a SIGKILL every array is registered, with its credentials encrypted', async () => {
  await served.kill('SIGKILL')
  for (const name of globSync(join(folder, 'data', 'arrays', 'arrays.db*')))
    for (const secret of ['lab-traps', '"secret"']) assert.ok(!readFileSync(name).includes(secret), `${secret} is in ${name}`)
  served = await ServedArrays.start(folder)
  const listed = await served.run('waybill arrays list')
  for (const name of [/ here /, / lab /]) assert.match(listed, name)
})
