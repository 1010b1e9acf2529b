import assert from 'node:assert/strict'
import { chmod, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createContext, type Host, metrics, ok, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import plugin, { FileExporter, type FileExporterOptions } from './file.ts'
import { contentsOf, jsonOf, temporaryFolder, valuesOf } from './folder.fixture.ts'

const now = new Date('2026-08-02T10:23:00Z')
const context = createContext({ clock: new ManualClock(now.getTime()) })
const load = series('system.cpu.load', { core: '0' })
const points = (...values: number[]) => metrics(values.map((value) => ({ series: load, timeMs: now.getTime(), value })))

test('003-31 F12: an output directory is enough: JSON lines, in a folder made when needed, begun with the first record', async (t) => {
  const outputDirectory = join(await temporaryFolder(t), 'a', 'b')
  const exporter = new FileExporter({ outputDirectory })
  assert.deepEqual(await exporter.export(now, points(), context), ok)
  assert.deepEqual(await readdir(join(outputDirectory, '../..')), [])
  assert.deepEqual(await Promise.all([1, 2, 3].map((value) => exporter.export(now, points(value, -value), context))), [ok, ok, ok])
  const contents = await contentsOf(outputDirectory)
  assert.deepEqual(Object.keys(contents), [`file-metrics-20260802T102300Z-${hostname()}.jsonl`])
  const records = jsonOf(Object.values(contents)[0]!)
  assert.deepEqual(
    records.map(({ value }) => value),
    [1, -1, 2, -2, 3, -3],
  )
  assert.deepEqual([records[0].name, records[0].labels, records[0].time], ['system.cpu.load', { core: '0' }, '2026-08-02T10:23:00.000Z'])
  await exporter.stop(context)
})

test('003-33 F12: a name template with gzip, as written for the first users', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({
    outputDirectory,
    fileFormat: 'jsonl',
    rotationPolicy: 'time',
    rotationInterval: '1h',
    maxFileSize: '100MB',
    compression: 'gzip',
    filenameTemplate: 'profiling-{timestamp}-{hostname}.jsonl.gz',
  })
  await exporter.export(now, points(1), context)
  await exporter.export(now, points(2), context)
  assert.deepEqual(await valuesOf(outputDirectory), { [`profiling-20260802T102300Z-${hostname()}.jsonl.gz`]: [1, 2] })
  await exporter.stop(context)
})

test('dead letters, and with sync everything, are on the device before ok', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const probe = await open(join(outputDirectory, 'probe'), 'w')
  const synced = t.mock.method(Object.getPrototypeOf(probe), 'datasync')
  await probe.close()
  const deadLetter = { exporter: 'x', reason: 'expired', error: new Error('too old'), attempts: 1, firstAcceptedMs: 0 } as const
  for (const [sync, given, calls] of [
    [false, context, 0],
    [false, { ...context, deadLetter }, 1],
    [true, context, 1],
  ] as const) {
    synced.mock.resetCalls()
    const exporter = new FileExporter({ outputDirectory, sync })
    assert.deepEqual(await exporter.export(now, points(1), given), ok)
    assert.equal(synced.mock.callCount(), calls)
    await exporter.stop(context)
  }
})

test('whoever gives up before its turn has nothing written', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory, filenameTemplate: 'a' })
  const impatient = new AbortController()
  const first = exporter.export(now, points(1), context)
  const second = exporter.export(now, points(2), { ...context, signal: impatient.signal })
  const third = exporter.export(now, points(3), context)
  impatient.abort()
  assert.deepEqual([(await first).status, (await second).status, (await third).status], ['ok', 'retry', 'ok'])
  assert.deepEqual(await valuesOf(outputDirectory), { 'a.jsonl': [1, 3] })
  await exporter.stop(context)
})

test('stopped, it takes nothing; started again, it begins a new file beside the old one', async (t) => {
  const outputDirectory = await temporaryFolder(t)
  const exporter = new FileExporter({ outputDirectory, filenameTemplate: 'a' })
  await exporter.export(now, points(1), context)
  await exporter.flush(context)
  await exporter.stop(context)
  assert.deepEqual(exporter.health(), { state: 'stopped' })
  assert.equal((await exporter.export(now, points(2), context)).status, 'retry')
  await exporter.start()
  await exporter.export(now, points(3), context)
  await exporter.stop(context)
  assert.deepEqual(await valuesOf(outputDirectory), { 'a-1.jsonl': [3], 'a.jsonl': [1] })
})

test('a directory that cannot be used is told with its path and what to do, until it can', async (t) => {
  const outputDirectory = join(await temporaryFolder(t), 'taken')
  await writeFile(outputDirectory, '')
  const exporter = new FileExporter({ outputDirectory })
  const told = {
    code: 'DESTINATION_UNAVAILABLE',
    message: new RegExp(`cannot write to ${outputDirectory}: E`),
    hint: /choose another output directory/,
  }
  await assert.rejects(exporter.start(), told)
  const result = await exporter.export(now, points(1), context)
  assert.ok(result.status === 'retry' && result.scope === 'destination')
  await assert.rejects(Promise.reject(result.error), told)
  const health = exporter.health()
  assert.ok(health.state === 'unhealthy' && health.reason.includes(outputDirectory))
  await rm(outputDirectory)
  assert.deepEqual(await exporter.export(now, points(1), context), ok)
  assert.deepEqual(exporter.health(), { state: 'healthy' })
  await exporter.stop(context)
})

test('without permission the data waits', { skip: process.platform === 'win32' }, async (t) => {
  const parent = await temporaryFolder(t)
  const outputDirectory = join(parent, 'locked')
  await mkdir(outputDirectory)
  await chmod(outputDirectory, 0o555)
  await chmod(parent, 0o755)
  const exporter = new FileExporter({ outputDirectory })
  const asRoot = process.getuid?.() === 0
  if (asRoot) process.seteuid!(65_534)
  try {
    if (!asRoot) await assert.rejects(exporter.start(), { message: /EACCES/, hint: /permission/ })
    const result = await exporter.export(now, points(1), context)
    assert.ok(result.status === 'retry' && result.scope === 'destination' && /EACCES/.test(result.error.message))
  } finally {
    if (asRoot) process.seteuid!(0)
  }
})

test('as a plugin it writes to the data directory; options that make no sense are refused', async (t) => {
  const dataDir = await temporaryFolder(t)
  const exporter = plugin.create({ name: 'local', config: plugin.config!.parse({}) as never, host: { dataDir } as Host })
  await exporter.export(now, points(1), context)
  assert.deepEqual(await readdir(dataDir), [`local-metrics-20260802T102300Z-${hostname()}.jsonl`])
  await exporter.stop!(context)
  assert.throws(() => plugin.config!.parse({ filenameTemplate: '../{name}' }), /path separator/)
  assert.throws(() => plugin.config!.parse({ directory: '/' }), /directory/)
  assert.throws(() => new FileExporter({ outputDirectory: dataDir, maxFileSize: 'big' }), {
    code: 'INVALID_OPTION',
    message: /"big" is not a size/,
  })
  assert.throws(() => new FileExporter({} as FileExporterOptions), { code: 'INVALID_OPTION', message: /outputDirectory/ })
})
