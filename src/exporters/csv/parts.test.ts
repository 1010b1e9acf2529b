import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, ok } from '../../sdk.ts'
import { CsvExporter } from './csv.ts'
import { listening, recordsOf, sample, textsIn, timeMs } from './tables.fixture.ts'

const at = new Date(timeMs)
const context = createContext()
const [first, second, third] = ['00.500', '01.000', '01.500'].map((seconds) => `2026-08-02T10:23:${seconds}Z`)

test('C1 while the file is small, a metric that comes later has it written again with the full header', async (t) => {
  const folder = temporaryFolder(t)
  const exporter = new CsvExporter({ filename: join(folder, 'a.csv'), widenUpTo: 60 })
  await exporter.export(at, sample({ a: 1, c: 3 }), context)
  await exporter.export(at, sample({ b: 2, c: 4 }, 1), context)
  await exporter.export(at, sample({ d: 5 }, 2), context)
  await exporter.stop(context)
  assert.deepEqual(textsIn(folder), {
    'a.csv': `timestamp,a,b,c\r\n${first},1,,3\r\n${second},,2,4\r\n`,
    'a.part2.csv': `timestamp,a,b,c,d\r\n${third},,,,5\r\n`,
  })
})

test('C1 a metric that comes later begins another part with the full header, and no column shifts', async (t) => {
  const folder = temporaryFolder(t)
  const exporter = new CsvExporter({ filename: join(folder, 'a.csv'), widenUpTo: 0 })
  await exporter.export(at, sample({ a: 1, c: 3 }), context)
  await exporter.export(at, sample({ b: 2, c: 4 }, 1), context)
  await exporter.export(at, sample({ a: 5 }, 2), context)
  await exporter.stop(context)
  assert.deepEqual(textsIn(folder), {
    'a.csv': `timestamp,a,c\r\n${first},1,3\r\n`,
    'a.part2.csv': `timestamp,a,b,c\r\n${second},,2,4\r\n${third},5,,\r\n`,
  })
})

test('C1 with rewrite the parts are one file after the stop, with every column', async (t) => {
  const folder = temporaryFolder(t)
  const exporter = new CsvExporter({ filename: join(folder, 'a.csv'), newColumns: 'rewrite', widenUpTo: 0 })
  await exporter.export(at, sample({ 'c,"': 3 }), context)
  await exporter.export(at, sample({ a: 2 }, 1), context)
  await exporter.export(at, sample({ b: Number.NaN }, 2), context)
  assert.equal(Object.keys(textsIn(folder)).length, 3)
  await exporter.stop(context)
  await exporter.start(context)
  assert.deepEqual(await exporter.export(at, sample({ a: 9 }, 2), context), ok)
  await exporter.stop(context)
  assert.deepEqual(textsIn(folder), { 'a.csv': `timestamp,a,b,"c,"""\r\n${first},,,3\r\n${second},2,,\r\n${third},,,\r\n${third},9,,\r\n` })
})

test('C1 whatever comes when: every row has its header’s cells, and every value is under its name', async (t) => {
  const folder = temporaryFolder(t)
  const names = fc.constantFrom('a', 'b,', 'c"', 'd\n', 'é')
  const rows = fc.array(fc.dictionary(names, fc.integer(), { minKeys: 1 }), { maxLength: 8 })
  let run = 0
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('part', 'rewrite'), fc.constantFrom(0, 80, '1MiB'), async (given, newColumns, widenUpTo) => {
      const own = join(folder, String(run++))
      const exporter = new CsvExporter({ filename: join(own, 'a.csv'), newColumns, widenUpTo })
      await exporter.start(context)
      for (const [n, values] of given.entries()) assert.deepEqual(await exporter.export(at, sample(values, n), context), ok)
      await exporter.stop(context)
      const read: Record<string, number>[] = []
      for (const text of Object.values(textsIn(own))) {
        const [header, ...records] = recordsOf(text)
        for (const record of records) {
          assert.equal(record.length, header!.length)
          const cells = record.map((cell, index) => [header![index]!, cell] as const).slice(1)
          read.push(Object.fromEntries(cells.filter(([, cell]) => cell !== '').map(([name, cell]) => [name, Number(cell)])))
        }
      }
      assert.deepEqual(
        read,
        given.map((values) => ({ ...values })),
      )
    }),
    { numRuns: 40 },
  )
})

test('C2 appending to a file with another header is refused, with the difference, and the file stays as it is', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  for (const [text, difference] of [
    ['timestamp,a,b\r\n,1,2\r\n', 'it has no c, and it has b besides'],
    ['timestamp,a\r\n', 'it has no c'],
    ['timestamp,metric,value\r\n', 'it has no a, c, and it has metric, value besides'],
  ]) {
    writeFileSync(filename, text!)
    const exporter = new CsvExporter({ filename, append: true })
    await exporter.start(context)
    const result = await exporter.export(at, sample({ a: 1, c: 2 }), context)
    assert.ok(result.status === 'retry' && result.scope === 'destination')
    assert.equal(result.error.message, `cannot append to ${filename}, which has other columns: ${difference}`)
    assert.match(JSON.stringify(exporter.health()), /unhealthy.*it has no/)
    await exporter.stop(context)
    assert.equal(readFileSync(filename, 'utf8'), text)
  }
})

test('C2 what does not begin as a table is refused at the start', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  writeFileSync(filename, 'name,age\nx,1\n')
  const exporter = new CsvExporter({ filename, append: true })
  await assert.rejects(exporter.start(context), { code: 'DESTINATION_UNAVAILABLE', message: /its first column is "name", not "timestamp"/ })
  assert.equal((await exporter.export(at, sample({ a: 1 }), context)).status, 'retry')
  await exporter.stop(context)
})

test('C2 the long format is appended to the long format alone', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  for (const header of ['timestamp,a', 'timestamp,value,metric']) {
    writeFileSync(filename, `${header}\r\n`)
    const exporter = new CsvExporter({ filename, append: true, format: 'long' })
    assert.equal((await exporter.export(at, sample({ a: 1 }), context)).status, 'retry')
    await exporter.stop(context)
  }
})

test('appending goes on in the last part, under the columns that are there', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'a.csv')
  for (const values of [{ a: 1 }, { b: 2 }]) {
    const exporter = new CsvExporter({ filename, append: true, widenUpTo: 0 })
    await exporter.export(at, sample({ a: 0 }), context)
    await exporter.export(at, sample(values, 1), context)
    await exporter.stop(context)
  }
  const again = new CsvExporter({ filename, append: true })
  await again.export(at, sample({ b: 3 }, 2), context)
  await again.stop(context)
  assert.deepEqual(textsIn(folder), {
    'a.csv': `timestamp,a\r\n${first},0\r\n${second},1\r\n${first},0\r\n`,
    'a.part2.csv': `timestamp,a,b\r\n${second},,2\r\n${third},,3\r\n`,
  })
})

test('a last row that was cut off stays, and the next begins on a line of its own', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  for (const [torn, after] of [
    [`${first},1`, '\r\n'],
    [`${first},"{""count`, '"\r\n'],
    [`${first},1\r`, '\n'],
  ]) {
    writeFileSync(filename, `timestamp,a,b\r\n${torn}`)
    const log = listening()
    const exporter = new CsvExporter({ filename, append: true })
    await exporter.start(log)
    await exporter.export(at, sample({ b: 2 }, 1), log)
    await exporter.stop(log)
    assert.equal(readFileSync(filename, 'utf8'), `timestamp,a,b\r\n${torn}${after}${second},,2\r\n`)
    assert.deepEqual(
      log.lines.map(({ level }) => level),
      ['warn'],
    )
  }
})

test('without append, what an earlier run left is replaced with all its parts', async (t) => {
  const folder = temporaryFolder(t)
  for (const name of ['a.csv', 'a.part2.csv', 'a.part3.csv', 'a.part5.csv']) writeFileSync(join(folder, name), 'timestamp,old\r\n')
  const exporter = new CsvExporter({ filename: join(folder, 'a.csv') })
  await exporter.export(at, sample({ a: 1 }), context)
  await exporter.stop(context)
  assert.deepEqual(Object.keys(textsIn(folder)), ['a.csv', 'a.part5.csv'])
})

test('C4 starting twice, and exporting again after a stop, keeps every row', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'a.csv')
  const exporter = new CsvExporter({ filename })
  await exporter.start(context)
  await exporter.export(at, sample({ a: 1 }), context)
  await Promise.all([exporter.start(context), exporter.start(context)])
  await exporter.export(at, sample({ a: 2 }, 1), context)
  await exporter.stop(context)
  assert.equal((await exporter.export(at, sample({ a: 3 }, 2), context)).status, 'retry')
  await exporter.start(context)
  await exporter.export(at, sample({ a: 3 }, 2), context)
  await exporter.stop(context)
  assert.equal(readFileSync(filename, 'utf8'), `timestamp,a\r\n${first},1\r\n${second},2\r\n${third},3\r\n`)
})

test('C4 no handle stays open, however often it is started', { skip: !existsSync('/proc/self/fd') }, async (t) => {
  const { readdirSync, readlinkSync } = await import('node:fs')
  const filename = join(temporaryFolder(t), 'a.csv')
  const handles = () =>
    readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`) === filename
      } catch {
        return false
      }
    }).length
  const exporter = new CsvExporter({ filename, append: true })
  for (const n of [0, 1, 2]) {
    await exporter.start(context)
    await exporter.start(context)
    await exporter.export(at, sample({ a: n }, n), context)
    assert.equal(handles(), 1)
  }
  await exporter.stop(context)
  assert.equal(handles(), 0)
})

test('a file that was moved away or removed is begun again', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'x', 'a.csv')
  const exporter = new CsvExporter({ filename })
  await exporter.export(at, sample({ a: 1 }), context)
  renameSync(join(folder, 'x'), join(folder, 'y'))
  mkdirSync(join(folder, 'x'))
  await exporter.export(at, sample({ a: 2 }, 1), context)
  await exporter.stop(context)
  assert.deepEqual(textsIn(join(folder, 'x')), { 'a.csv': `timestamp,a\r\n${second},2\r\n` })
  assert.deepEqual(textsIn(join(folder, 'y')), { 'a.csv': `timestamp,a\r\n${first},1\r\n` })
})
