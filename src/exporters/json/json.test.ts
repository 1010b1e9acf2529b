import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { chdir, cwd } from 'node:process'
import { mock, test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, metrics, ok, series } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { JsonExporter } from './json.ts'
import { sample, timeMs } from './samples.fixture.ts'

const at = new Date(timeMs)
const context = createContext()
const elementOf = (metrics: object, n = 0) => ({
  timestamp: (timeMs + n * 500) / 1000,
  time: new Date(timeMs + n * 500).toISOString(),
  metrics,
})
const read = (filename: string) => JSON.parse(readFileSync(filename, 'utf8'))

test('002-07 JSON: filename is required, append is off', async (t) => {
  for (const options of [{}, { filename: '' }])
    assert.throws(() => new JsonExporter(options as never), {
      code: 'INVALID_OPTION',
      message: /JSON exporter requires 'filename' configuration/,
    })
  const filename = join(temporaryFolder(t), 'a.json')
  writeFileSync(filename, '[{"timestamp":1,"metrics":{}}]')
  const exporter = new JsonExporter({ filename })
  await exporter.start(context)
  assert.equal(read(filename).length, 1, 'a start alone replaces nothing')
  assert.deepEqual(await exporter.export(at, sample({ a: 1 }), context), ok)
  assert.deepEqual(read(filename), [elementOf({ a: 1 })])
  await exporter.stop(context)
  const second = new JsonExporter({ filename, append: true })
  await second.export(at, sample({ a: 2 }, 1), context)
  await second.stop(context)
  assert.deepEqual(read(filename), [elementOf({ a: 1 }), elementOf({ a: 2 }, 1)])
})

test('002-08 JSON: pretty is as JSON.stringify indents by two, else an element is a line', async (t) => {
  const folder = temporaryFolder(t)
  const elements = [elementOf({ a: 1, 'b\n': 2 }), elementOf({ a: 3 }, 1)]
  for (const [pretty, text] of [
    [true, `${JSON.stringify(elements, null, 2)}\n`],
    [false, `[\n${elements.map((element) => JSON.stringify(element)).join(',\n')}\n]\n`],
  ] as const) {
    const filename = join(folder, `${pretty}.json`)
    const exporter = new JsonExporter({ filename, pretty })
    for (const [n, { metrics }] of elements.entries()) await exporter.export(at, sample(metrics as never, n), context)
    assert.equal(readFileSync(filename, 'utf8'), text)
    await exporter.stop(context)
  }
})

test('002-09 JSON: an element has timestamp, time and metrics', async (t) => {
  const folder = temporaryFolder(t)
  const precise = metrics([{ series: series('load', { core: '0' }), timeMs: 1_750_693_377_593.887, value: 0.5 }])
  const exporter = new JsonExporter({ filename: join(folder, 'utc.json') })
  const local = new JsonExporter({ filename: join(folder, 'local.json'), timeZone: 'local', names: 'metric' })
  for (const each of [exporter, local]) {
    await each.export(at, precise, context)
    await each.stop(context)
  }
  assert.deepEqual(read(join(folder, 'utc.json')), [
    { timestamp: 1750693377.593887, time: '2025-06-23T15:42:57.593887Z', metrics: { 'load{core=0}': 0.5 } },
  ])
  const [element] = read(join(folder, 'local.json'))
  assert.deepEqual(element.metrics, { load: 0.5 })
  assert.match(element.time, /\.593887[+-]\d\d:\d\d$/)
  assert.equal(Math.floor(Date.parse(element.time) / 1000), 1_750_693_377)
})

test('J1 002-34 a sample is one write behind what is there, and never more than itself', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const exporter = new JsonExporter({ filename })
  await exporter.export(at, sample({ a: 0 }), context)
  const handle = await open(filename)
  const write = mock.method(Object.getPrototypeOf(handle), 'write')
  await handle.close()
  t.after(() => mock.restoreAll())
  for (let n = 1; n <= 100; n++) {
    const before = statSync(filename)
    await exporter.export(at, sample({ a: n }, n), context)
    const { arguments: args, result } = write.mock.calls.at(-1)!
    assert.equal(write.mock.callCount(), n)
    assert.deepEqual([args[3], (await result)?.bytesWritten], [before.size - '\n]\n'.length, args[2]])
    assert.ok(args[2] < 120)
    assert.equal(statSync(filename).ino, before.ino)
  }
  assert.equal(read(filename).length, 101)
  await exporter.stop(context)
})

test('J3 exporting after a stop follows what is there', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const exporter = new JsonExporter({ filename })
  for (const n of [0, 1, 2]) {
    await exporter.start(context)
    await exporter.start(context)
    await exporter.export(at, sample({ a: n }, n), context)
    await exporter.stop(context)
  }
  assert.equal((await exporter.export(at, sample({ a: 3 }), context)).status, 'retry')
  assert.deepEqual(
    read(filename),
    [0, 1, 2].map((n) => elementOf({ a: n }, n)),
  )
})

test('J4 what is no finite number is null', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const exporter = new JsonExporter({ filename })
  const histogram = { count: 1, sum: Number.NaN, bounds: [], counts: [1] }
  const values = { a: Number.NaN, b: Number.POSITIVE_INFINITY, c: -Number.POSITIVE_INFINITY, d: histogram, __proto__: null }
  await exporter.export(at, sample(values as never), context)
  await exporter.export(at, metrics([{ series: series('__proto__'), timeMs, value: 1 }]), context)
  const [first, second] = read(filename)
  assert.deepEqual(first.metrics, { a: null, b: null, c: null, d: { ...histogram, sum: null } })
  assert.deepEqual(Object.entries(second.metrics), [['__proto__', 1]])
  await exporter.stop(context)
})

test('J5 a bare file name is a file in the working directory', async (t) => {
  const before = cwd()
  t.after(() => chdir(before))
  chdir(temporaryFolder(t))
  const exporter = new JsonExporter({ filename: 'cubestat.json' })
  await exporter.start(context)
  assert.deepEqual(await exporter.export(at, sample({ a: 1 }), context), ok)
  await exporter.stop(context)
  assert.ok(existsSync('cubestat.json'))
})

test('J7 the file is read when it is opened and not again, even while it is empty', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  writeFileSync(filename, '[]')
  const exporter = new JsonExporter({ filename, append: true })
  await exporter.start(context)
  const handle = await open(filename)
  const reads = mock.method(Object.getPrototypeOf(handle), 'read')
  await handle.close()
  t.after(() => mock.restoreAll())
  await exporter.start(context)
  for (const n of [0, 1]) {
    assert.deepEqual(await exporter.export(at, metrics([]), context), ok)
    await exporter.export(at, sample({ a: n }, n), context)
  }
  assert.equal(reads.mock.callCount(), 0)
  assert.equal(read(filename).length, 2)
  await exporter.stop(context)
})

test('samples of one batch are elements of their own, also a second value for one key', async (t) => {
  const filename = join(temporaryFolder(t), 'a.json')
  const exporter = new JsonExporter({ filename })
  await exporter.export(
    at,
    metrics([sample({ a: 1 }), sample({ a: 2 }, 1), sample({ a: 3, b: 4 })].flatMap(({ points }) => points)),
    context,
  )
  assert.deepEqual(read(filename), [elementOf({ a: 1, b: 4 }), elementOf({ a: 3 }), elementOf({ a: 2 }, 1)])
  await exporter.stop(context)
})

test('a file that was moved away is begun again', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'x', 'a.json')
  const exporter = new JsonExporter({ filename })
  await exporter.export(at, sample({ a: 1 }), context)
  renameSync(join(folder, 'x'), join(folder, 'y'))
  mkdirSync(join(folder, 'x'))
  await exporter.export(at, sample({ a: 2 }, 1), context)
  await exporter.stop(context)
  assert.deepEqual([read(filename), read(join(folder, 'y', 'a.json'))], [[elementOf({ a: 2 }, 1)], [elementOf({ a: 1 })]])
})

test('002-23 002-36 as a plugin it is made from its configuration', () => {
  assert.throws(() => plugin.config!.parse({}), /JSON exporter requires 'filename' configuration/)
  const config = plugin.config!.parse({ filename: '/x/a.json' }) as never
  const exporter = plugin.create({ name: 'array', config, host: createTestHost() })
  assert.deepEqual([plugin.type, exporter.name, exporter.destination], ['json', 'array', '/x/a.json'])
})
