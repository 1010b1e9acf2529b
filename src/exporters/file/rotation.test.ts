import assert from 'node:assert/strict'
import { readFile, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { createContext, metrics, series } from '../../sdk.ts'
import { ManualClock } from '../../testing/manual-clock.ts'
import { FileExporter, type FileExporterOptions } from './file.ts'
import { temporaryFolder, valuesOf } from './folder.fixture.ts'

/** An exporter in a directory of its own, with a clock that stands still, and one point of about 150 bytes for each export. */
async function setup(t: TestContext, options: Omit<FileExporterOptions, 'outputDirectory'>) {
  const outputDirectory = await temporaryFolder(t)
  const clock = new ManualClock()
  const context = createContext({ clock })
  const create = () => new FileExporter({ outputDirectory, ...options })
  const exporter = create()
  t.after(() => exporter.stop(context))
  const series0 = series('x', { pad: 'x'.repeat(50) })
  const put = async (iso: string, value: number, into = exporter) => {
    await clock.advance(Date.parse(iso) - clock.now())
    const result = await into.export(new Date(iso), metrics([{ series: series0, timeMs: 0, value }]), context)
    assert.equal(result.status, 'ok')
  }
  const values = () => valuesOf(outputDirectory)
  return { exporter, create, put, values, outputDirectory, context }
}

test('003-33 F12: by time, a file ends at multiples of the interval in UTC, whenever it was begun', async (t) => {
  const { put, values } = await setup(t, { rotationInterval: '1h', filenameTemplate: '{timestamp}' })
  await put('2026-08-02T10:20:00Z', 1)
  await put('2026-08-02T10:59:59.999Z', 2)
  await put('2026-08-02T11:00:00Z', 3)
  await put('2026-08-02T14:30:00Z', 4)
  assert.deepEqual(await values(), {
    '20260802T102000Z.jsonl': [1, 2],
    '20260802T110000Z.jsonl': [3],
    '20260802T143000Z.jsonl': [4],
  })
})

test('003-33 F12: by size, a file ends before it grows beyond the limit, whatever the time; each gzip file is readable by itself', async (t) => {
  const options = { rotationPolicy: 'size', maxFileSize: 300, filenameTemplate: '{sequence}', compression: 'gzip' } as const
  const { put, values, outputDirectory } = await setup(t, options)
  for (let i = 0; i < 6; i++) await put(`2026-08-0${i + 1}T00:00:00Z`, i)
  const made = await values()
  assert.deepEqual(Object.values(made).flat(), [0, 1, 2, 3, 4, 5])
  assert.ok(Object.keys(made).length >= 2 && Object.keys(made).length < 6)
  for (const name of Object.keys(made)) assert.ok((await readFile(join(outputDirectory, name))).length <= 300)
})

test('003-33 F12: by time, the size limit holds too; a batch larger than it has a file to itself', async (t) => {
  const { put, values } = await setup(t, { maxFileSize: 10, filenameTemplate: 'a' })
  for (let i = 0; i < 3; i++) await put('2026-08-02T10:00:00Z', i)
  assert.deepEqual(await values(), { 'a-1.jsonl': [1], 'a-2.jsonl': [2], 'a.jsonl': [0] })
})

test('003-33 F12: exporters with the same names never write over each other', async (t) => {
  const { create, put, values, context } = await setup(t, { filenameTemplate: 'a' })
  const other = create()
  await put('2026-08-02T10:00:00Z', 1)
  await put('2026-08-02T10:00:00Z', 2, other)
  await put('2026-08-02T10:00:00Z', 3)
  await put('2026-08-02T10:00:00Z', 4, other)
  await other.stop(context)
  assert.deepEqual(await values(), { 'a-1.jsonl': [2, 4], 'a.jsonl': [1, 3] })
})

test('a file that somebody removed is begun again, not written into the void', async (t) => {
  const { put, values, outputDirectory } = await setup(t, { filenameTemplate: 'a' })
  await put('2026-08-02T10:00:00Z', 1)
  await unlink(join(outputDirectory, 'a.jsonl'))
  await put('2026-08-02T10:00:00Z', 2)
  assert.deepEqual(await values(), { 'a.jsonl': [2] })
})

test('the retention deletes old files when a new one begins, and counts them', async (t) => {
  const { exporter, put, values, outputDirectory } = await setup(t, { filenameTemplate: '{timestamp}', retention: { maxAge: '90m' } })
  await put('2026-08-02T10:00:00Z', 1)
  await put('2026-08-02T11:00:00Z', 2)
  for (const hour of [10, 11]) await utimes(join(outputDirectory, `20260802T${hour}0000Z.jsonl`), 0, Date.UTC(2026, 7, 2, hour) / 1000)
  await put('2026-08-02T12:00:00Z', 3)
  assert.deepEqual(await values(), { '20260802T110000Z.jsonl': [2], '20260802T120000Z.jsonl': [3] })
  assert.equal(exporter.deletedFiles, 1)
})
