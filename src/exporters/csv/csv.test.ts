import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chdir, cwd } from 'node:process'
import { test } from 'node:test'
import { temporaryFolder } from '../../files/temporary-folder.fixture.ts'
import { createContext, metrics, ok, series } from '../../sdk.ts'
import { createTestHost } from '../../testing/test-host.ts'
import plugin, { CsvExporter } from './csv.ts'
import { recordsOf, sample, textsIn, timeMs } from './tables.fixture.ts'

const at = new Date(timeMs)
const context = createContext()

test('002-03 CSV: filename is required, append is off', async (t) => {
  for (const options of [{}, { filename: '' }, { filename: undefined }])
    assert.throws(() => new CsvExporter(options as never), {
      code: 'INVALID_OPTION',
      message: /CSV exporter requires 'filename' configuration/,
    })
  const filename = join(temporaryFolder(t), 'a.csv')
  writeFileSync(filename, 'timestamp,old\r\n,1\r\n')
  const exporter = new CsvExporter({ filename })
  await exporter.start(context)
  assert.match(readFileSync(filename, 'utf8'), /old/, 'a start alone replaces nothing')
  assert.deepEqual(await exporter.export(at, sample({ a: 1 }), context), ok)
  assert.equal(readFileSync(filename, 'utf8'), 'timestamp,a\r\n2026-08-02T10:23:00.500Z,1\r\n')
  await exporter.stop(context)
})

test('002-04 CSV: the header is timestamp and the sorted names, missing values are blank', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  const exporter = new CsvExporter({ filename })
  await exporter.export(at, sample({ 'b,c': 1, 'a "x"': 0.5, C: 3 }), context)
  await exporter.export(at, sample({ C: 4 }, 1), context)
  assert.equal(
    readFileSync(filename, 'utf8'),
    'timestamp,C,"a ""x""","b,c"\r\n2026-08-02T10:23:00.500Z,3,0.5,1\r\n2026-08-02T10:23:01.000Z,4,,\r\n',
  )
  await exporter.stop(context)
})

test('002-05 CSV: folders are made at the start, and each row is in the file when it is answered', async (t) => {
  const folder = temporaryFolder(t)
  const filename = join(folder, 'x', 'y', 'a.csv')
  const exporter = new CsvExporter({ filename, sync: true })
  await exporter.start(context)
  assert.deepEqual(textsIn(join(folder, 'x', 'y')), {})
  for (const n of [0, 1, 2]) {
    await exporter.export(at, sample({ a: n }, n), context)
    assert.equal(recordsOf(readFileSync(filename, 'utf8')).length, n + 2)
  }
  await exporter.flush(context)
  await exporter.stop(context)
})

test('C3 a bare file name is a file in the working directory', async (t) => {
  const before = cwd()
  t.after(() => chdir(before))
  chdir(temporaryFolder(t))
  const exporter = new CsvExporter({ filename: 'cubestat.csv' })
  await exporter.start(context)
  assert.deepEqual(await exporter.export(at, sample({ a: 1 }), context), ok)
  await exporter.stop(context)
  assert.deepEqual(Object.keys(textsIn('.')), ['cubestat.csv'])
})

test('002-06 C5 times are RFC 3339 with milliseconds and zone, so two within a second differ', async (t) => {
  const folder = temporaryFolder(t)
  const utc = new CsvExporter({ filename: join(folder, 'utc.csv') })
  const local = new CsvExporter({ filename: join(folder, 'local.csv'), timeZone: 'local' })
  for (const exporter of [utc, local]) {
    await exporter.export(at, metrics([...sample({ a: 1 }).points, ...sample({ a: 2 }, 1).points]), context)
    await exporter.stop(context)
  }
  const times = (name: string) =>
    recordsOf(textsIn(folder)[name]!)
      .slice(1)
      .map(([time]) => time!)
  assert.deepEqual(times('utc.csv'), ['2026-08-02T10:23:00.500Z', '2026-08-02T10:23:01.000Z'])
  assert.deepEqual(times('local.csv').map(Date.parse), [timeMs, timeMs + 500])
  for (const time of times('local.csv')) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
})

test('C6 what is no finite number is an empty cell', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  const exporter = new CsvExporter({ filename })
  await exporter.export(at, sample({ a: Number.NaN, b: Number.POSITIVE_INFINITY, c: -Number.POSITIVE_INFINITY, d: -0.5 }), context)
  assert.equal(readFileSync(filename, 'utf8').split('\r\n')[1], '2026-08-02T10:23:00.500Z,,,,-0.5')
  await exporter.stop(context)
})

test('C7 names that look like formulas are neutralised when asked, numbers never', async (t) => {
  const folder = temporaryFolder(t)
  const values = { "=cmd|' /C calc'!A0": -1, '@x': 2, plain: 3 }
  for (const neutralizeFormulas of [true, false])
    for (const format of ['wide', 'long'] as const) {
      const filename = join(folder, 'a.csv')
      const exporter = new CsvExporter({ filename, neutralizeFormulas, format })
      await exporter.export(at, sample(values), context)
      await exporter.stop(context)
      const cells = recordsOf(readFileSync(filename, 'utf8')).flat()
      assert.deepEqual(
        cells.filter((cell) => /^'?[=@]/.test(cell)),
        Object.keys(values)
          .slice(0, 2)
          .map((name) => (neutralizeFormulas ? `'${name}` : name)),
      )
      assert.ok(cells.includes('-1'))
    }
})

test('the long format: a row for each value by name, all rows of a sample at one time', async (t) => {
  const filename = join(temporaryFolder(t), 'a.csv')
  const exporter = new CsvExporter({ filename, format: 'long', maxColumns: 1 })
  await exporter.export(at, sample({ b: 1, a: Number.NaN }), context)
  await exporter.export(at, sample({ c: 2 }, 1), context)
  assert.equal(
    readFileSync(filename, 'utf8'),
    'timestamp,metric,value\r\n1785666180.500000,a,\r\n1785666180.500000,b,1\r\n1785666181.000000,c,2\r\n',
  )
  await exporter.stop(context)
})

test('labels tell columns apart, unless the name alone was asked for: then each value has a row', async (t) => {
  const folder = temporaryFolder(t)
  const points = ['0', '1'].map((core) => ({ series: series('load', { core }), timeMs, value: Number(core) }))
  for (const names of ['series', 'metric'] as const) {
    const exporter = new CsvExporter({ filename: join(folder, `${names}.csv`), names })
    await exporter.export(at, metrics(points), context)
    await exporter.stop(context)
  }
  const time = '2026-08-02T10:23:00.500Z'
  assert.deepEqual(textsIn(folder), {
    'metric.csv': `timestamp,load\r\n${time},0\r\n${time},1\r\n`,
    'series.csv': `timestamp,load{core=0},load{core=1}\r\n${time},0,1\r\n`,
  })
})

test('002-37 points beyond maxColumns are rejected by index, those of known columns go on', async (t) => {
  const exporter = new CsvExporter({ filename: join(temporaryFolder(t), 'a.csv'), maxColumns: 2 })
  const result = await exporter.export(at, sample({ a: 1, b: 2, c: 3 }), context)
  assert.ok(result.status === 'partial' && 'index' in result.rejected[0]!)
  assert.equal(result.rejected[0].index, 2)
  assert.match(result.rejected[0].error.message, /no column for c: there are 2 already/)
  assert.deepEqual(await exporter.export(at, sample({ b: 2 }, 1), context), ok)
  assert.equal((await exporter.export(at, sample({ d: 2 }, 1), context)).status, 'partial')
  await exporter.stop(context)
})

test('002-23 002-36 as a plugin it is made from its configuration', () => {
  assert.throws(() => plugin.config!.parse({}), /CSV exporter requires 'filename' configuration/)
  const config = plugin.config!.parse({ filename: '/x/a.csv' }) as never
  const exporter = plugin.create({ name: 'table', config, host: createTestHost() })
  assert.deepEqual([plugin.type, exporter.name, exporter.destination], ['csv', 'table', '/x/a.csv'])
})
