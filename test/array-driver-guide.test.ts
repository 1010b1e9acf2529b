/** The driver of docs/guide/array-driver.md against the array of the page, in `waybill arrays serve`. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '../scripts/servers/server-process.ts'
import { loadText } from '../src/agent/config/load.ts'
import type { ConfigError } from '../src/agent/config/problems.ts'
import { pluginsTest } from '../src/cli/commands/plugins-test.ts'
import { ServedArrays } from './arrays-serve.fixture.ts'
import { commandsOf, filesOf, unpack } from './markdown.fixture.ts'

const page = 'docs/guide/array-driver.md'
/** Beside the driver of the page. */
const needy = `import { defineArrayDriver } from 'waybill/arrays'
export default defineArrayDriver({
  vendor: 'acme',
  model: 'needy',
  summary: 'Needs what is there in another version.',
  requires: { zod: '^99.0.0' },
  connect: ({ host }) => host.load('zod'),
})
`
const [plugins, register, disks, collect] = commandsOf(page) as [string, string, string, string]
let folder: string
let port: number
let array: ChildProcess
let served: ServedArrays

before(async () => {
  folder = unpack(filesOf(page))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'needy.js'), needy)
  const file = join(folder, 'waybill.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('[./acme.ts]', '[./acme.ts, ./needy.js]'))
  port = await freePort()
  array = spawn(process.execPath, ['array.js', String(port)], { cwd: folder })
  served = await ServedArrays.start(folder)
  for (let tries = 0; tries < 200 && !(await answers(`http://127.0.0.1:${port}`)); tries++) await pause(50)
})
after(async () => {
  await served.kill('SIGTERM')
  array.kill()
  rmSync(folder, { recursive: true })
})

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

interface Registered {
  readonly id?: string
  readonly name?: string
  readonly status?: string
  readonly error_msg?: string
}

const registered = async (at: number) => JSON.parse(await served.run(register.replace('8078', String(at)))) as Registered

test('the driver is listed', async () => {
  assert.match(await served.run(plugins), /^array-driver +acme flash +metrics alerts +experimental +Flash arrays of Acme, over HTTP\.$/m)
})

test('a driver for another version is told where it is named, and a driver is no exporter to be tried', async () => {
  const old = "import driver from './acme.ts'\nexport default { ...driver, apiVersion: 2 }\n"
  writeFileSync(join(folder, 'old.js'), old)
  await assert.rejects(loadText('arrays: {}\nplugins: [./old.js]\n', { path: join(folder, 'old.yaml') }), (error: ConfigError) => {
    assert.match(error.message, /old\.yaml:2:11: plugins\[0\]: the driver acme flash was made for version 2 .* this is version 1/)
    return true
  })
  await assert.rejects(pluginsTest(join(folder, 'acme.ts'), {}), { code: 'PLUGIN_INVALID', message: /acme\.ts exports no exporter/ })
})

test('what keeps an array from being registered is told without its password', async () => {
  const away = await registered(1)
  assert.deepEqual(away.error_msg, 'Connect timeout.')
  const refused = await served.run(register.replace('8078', String(port)).replace('"secret"', '"wrong"'))
  assert.match(refused, /"error_msg":"Invalid username or password\."/)
  assert.match(await served.run(register.replace('flash', 'tape')), /Storage driver 'acme tape'could not be found/)
  assert.match(await served.run(register.replace('flash', 'needy')), /zod \^99\.0\.0 is needed and .* is installed; run: npm install/)
  assert.doesNotMatch(served.said, /secret|wrong/)
})

test('an array is registered, its disks are listed, and what it measures and complains of comes to the file exporter', async () => {
  const { id, name, status } = await registered(port)
  assert.deepEqual([name, status], ['flash-1', 'degraded'])
  let listed: readonly { native_disk_id: string; status: string }[] = []
  const list = async () => ({ disks: listed } = JSON.parse(await served.run(disks)) as { disks: typeof listed })
  for (let tries = 0; listed.length < 2 && tries < 100; tries++) await list()
  assert.deepEqual(
    listed.map(({ native_disk_id, status }) => [native_disk_id, status]),
    [
      ['disk-1', 'normal'],
      ['disk-2', 'abnormal'],
    ],
  )
  assert.match(await served.run(collect), /^flash-1: collected every 2s\n[\s\S]*Disk failed/)
  await served.until(() => served.written('metrics').length >= 4 && served.written('alerts').length > 0)
  for (const { time, name, value, labels } of served.written('metrics')) {
    assert.ok(name === 'disk_readIops' || name === 'disk_writeIops')
    assert.equal(value, (Date.parse(time) / 1000) % (name === 'disk_readIops' ? 90 : 40))
    assert.deepEqual([labels.storage_id, labels.storage_name], [id, 'flash-1'])
  }
  assert.deepEqual(
    served.written('alerts').map(({ name, labels }) => [name, labels.location]),
    [['Disk failed', 'disk-2']],
  )
})
