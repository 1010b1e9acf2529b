import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fullDisk } from '../../files/full-disk.fixture.ts'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { CsvExporter } from './csv.ts'
import { sample, textsIn, timeMs } from './tables.fixture.ts'

const at = new Date(timeMs)
const context = createContext()

test('C8 a full disk is told as retry with what to do, leaves no half row, and the rows go on when there is room', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'a.csv')
  const disk = await fullDisk(t, filename)
  const exporter = new CsvExporter({ filename, widenUpTo: 0 })
  await exporter.export(at, sample({ a: 1 }), context)
  const before = readFileSync(filename, 'utf8')
  for (const values of [{ a: 2 }, { b: 2 }]) {
    disk.fill(10)
    const result = await exporter.export(at, sample(values, 1), context)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.match(result.error.message, /^cannot write to .*a\.csv: ENOSPC/)
    assert.match(JSON.stringify(exporter.health()), /unhealthy.*ENOSPC.*the disk is full/)
    assert.deepEqual(Object.values(textsIn(folder)).join(''), before)
  }
  disk.free()
  assert.deepEqual(await exporter.export(at, sample({ b: 2 }, 1), context), ok)
  assert.deepEqual(await exporter.export(at, sample({ a: 3 }, 2), context), ok)
  await exporter.stop(context)
  assert.deepEqual(textsIn(folder), {
    'a.csv': before,
    'a.part2.csv': 'timestamp,a,b\r\n2026-08-02T10:23:01.000Z,,2\r\n2026-08-02T10:23:01.500Z,3,\r\n',
  })
})

test('C8 parts that cannot be joined stay as they are', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'a.csv')
  const disk = await fullDisk(t, filename)
  const exporter = new CsvExporter({ filename, newColumns: 'rewrite', widenUpTo: 0 })
  await exporter.export(at, sample({ a: 1 }), context)
  await exporter.export(at, sample({ b: 2 }, 1), context)
  const before = textsIn(folder)
  disk.fill(10)
  await exporter.stop(context)
  disk.free()
  assert.deepEqual(textsIn(folder), before)
  await exporter.start(context)
  await exporter.stop(context)
  assert.deepEqual(Object.keys(textsIn(folder)), ['a.csv'])
})

test('C8 a file that cannot be written again stays as it is', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'a.csv')
  const disk = await fullDisk(t, filename)
  const exporter = new CsvExporter({ filename })
  await exporter.export(at, sample({ a: 1 }), context)
  const before = textsIn(folder)
  disk.fill(10)
  assert.equal((await exporter.export(at, sample({ b: 2 }, 1), context)).status, 'retry')
  assert.deepEqual(textsIn(folder), before)
  disk.free()
  assert.deepEqual(await exporter.export(at, sample({ b: 2 }, 1), context), ok)
  await exporter.stop(context)
  assert.deepEqual(Object.keys(textsIn(folder)), ['a.csv'])
})
