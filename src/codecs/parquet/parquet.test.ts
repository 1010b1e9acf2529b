import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { metrics, type Point, series } from '../../core/index.ts'
import { batches } from './batches.fixture.ts'
import { ParquetEncoder, ParquetFile, unfit } from './parquet.ts'
import { metadataOf, queryByDuckDb, rowsByHyparquet } from './read.fixture.ts'

const timeMs = Date.UTC(2026, 10, 21, 1, 2, 3, 456)
const load = (host: string, labels: Record<string, string> = {}) => series('load', { host, ...labels })

/** The statistics of each column of a row group. */
const statisticsOf = (file: Uint8Array, rowGroup = 0) =>
  Object.fromEntries(metadataOf(file).row_groups[rowGroup]!.columns.map(({ meta_data: it }) => [it!.path_in_schema.join('.'), it!]))

test('points are read back by hyparquet, whatever series and values they have', async () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'ü', '😀', '\ue000'), maxLength: 3 })
  const labels = fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true })
  const point = fc.record({
    name: text,
    labels,
    unit: fc.option(text, { nil: undefined }),
    value: fc.double(),
    monotonic: fc.option(fc.boolean(), { nil: undefined }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(point, { minLength: 1, maxLength: 50 }), async (given) => {
      const points = given.map(({ name, labels, unit, monotonic, value }, index): Point => {
        const describe = { ...(unit !== undefined && { unit }), ...(monotonic !== undefined && { monotonic }) }
        return { series: series(name, labels, describe), timeMs: timeMs + index, value }
      })
      const read = await rowsByHyparquet(new ParquetEncoder().encode(metrics(points)))
      assert.deepEqual(
        read.map(({ time, name, labels, kind, unit, value, monotonic }) => ({ time, name, labels, kind, unit, value, monotonic })),
        given.map(({ name, labels, unit = null, value, monotonic = null }, index) => ({
          time: new Date(timeMs + index),
          name,
          labels: { ...labels },
          kind: 'gauge',
          unit,
          value,
          monotonic,
        })),
      )
    }),
  )
})

test('batches are collected into row groups by their size, each with a dictionary of its own', async () => {
  const file = new ParquetFile({ rowGroupSize: '400KB' })
  const batch = (start: number) =>
    metrics(
      Array.from({ length: 1000 }, (_, index) => ({
        series: load(`host-${(start + index) % 700}`),
        timeMs: timeMs + start,
        value: start + index,
      })),
    )
  const written = Array.from({ length: 10 }, (_, index) => Buffer.from(file.add(batch(index * 1000))))
  assert.ok(
    written.some(({ length }) => length === 0),
    'most batches wait for others',
  )
  const bytes = Buffer.concat([...written, file.end()])
  const { row_groups, num_rows } = metadataOf(bytes)
  assert.ok(row_groups.length > 2 && row_groups.length < 10)
  assert.equal(num_rows, 10_000n)
  const expected = Array.from({ length: 10_000 }, (_, index) => ({ value: index, host: `host-${index % 700}` }))
  assert.deepEqual(
    (await rowsByHyparquet(bytes)).map(({ value, labels }) => ({ value, host: (labels as { host: string }).host })),
    expected,
  )
  assert.deepEqual(await queryByDuckDb(bytes, "SELECT value, labels['host'] AS host FROM file ORDER BY value"), expected)
})

test('statistics have the least, the greatest, and how many are null; zeros have both signs, and NaN does not count', () => {
  const points = [0.5, Number.NaN, -0, 2].map(
    (value, index): Point => ({ series: load(['b', '\ue000', 'a', '😀'][index]!), timeMs: timeMs + index, value }),
  )
  const histogram = { series: load('b'), timeMs, value: { count: 1, bounds: [], counts: [1] } }
  const columns = statisticsOf(new ParquetEncoder().encode(metrics([...points, histogram])))
  const bounds = (name: string) => {
    const { min_value, max_value, null_count } = columns[name]!.statistics!
    return [min_value, max_value, null_count]
  }
  assert.deepEqual(bounds('time'), [new Date(timeMs), new Date(timeMs + 3), 0n])
  assert.deepEqual(bounds('value'), [-0, 2, 1n])
  assert.deepEqual(bounds('labels.key_value.value'), ['a', '😀', 0n])
  assert.deepEqual(bounds('unit'), [undefined, undefined, 5n])
  assert.deepEqual(bounds('histogram.count'), [1, 1, 4n])
  const zeros = statisticsOf(new ParquetEncoder().encode(metrics([{ ...points[0]!, value: 0 }]))).value!.statistics!
  assert.ok(Object.is(zeros.min_value, -0) && Object.is(zeros.max_value, 0))
  const nans = statisticsOf(new ParquetEncoder().encode(metrics([points[1]!]))).value!.statistics!
  assert.deepEqual([nans.min_value, nans.max_value, nans.null_count], [undefined, undefined, 0n])
})

test('half a character is the one that stands for it, in statistics too', () => {
  const records = ['\ud800', '\uffff'].map((body) => ({ timeNs: 0n, body }))
  const { min_value, max_value } = statisticsOf(new ParquetEncoder().encode({ signal: 'logs', records })).body!.statistics!
  assert.deepEqual([min_value, max_value], ['\ufffd', '\uffff'])
})

test('a text that is too long for statistics is in none', () => {
  const columns = statisticsOf(new ParquetEncoder().encode({ signal: 'logs', records: [{ timeNs: 0n, body: 'ü'.repeat(33) }] }))
  const { min_value, max_value, null_count } = columns.body!.statistics!
  assert.deepEqual([min_value, max_value, null_count], [undefined, undefined, 0n])
})

test('what repeats is in a dictionary, what hardly repeats is not', async () => {
  const records = (bodies: readonly string[]) => ({ signal: 'logs' as const, records: bodies.map((body) => ({ timeNs: 0n, body })) })
  for (const [bodies, encoding] of [
    [Array.from({ length: 10_000 }, (_, index) => `line ${index % 5000}`), 'RLE_DICTIONARY'],
    [Array.from({ length: 10_000 }, (_, index) => `line ${index}`), 'PLAIN'],
    [['a', 'b', 'a'], 'PLAIN'],
  ] as const) {
    const file = new ParquetEncoder().encode(records(bodies))
    assert.deepEqual(statisticsOf(file).body!.encodings.includes('RLE_DICTIONARY'), encoding === 'RLE_DICTIONARY')
    assert.deepEqual(
      (await rowsByHyparquet(file)).map(({ body }) => body),
      bodies,
    )
  }
})

test('of very many values that hardly repeat, none is lost', async () => {
  const [first, second] = [110_000, 5].map((count) => Array.from({ length: count }, (_, index) => [index]))
  const table = { name: 't', columns: [{ name: 'n', type: 'int' }] } as const
  const file = new ParquetEncoder().encode({ signal: 'rows', table, rows: [...first!, ...second!] })
  const sums = 'SELECT count(*) AS count, count(DISTINCT n) AS distinct, sum(n)::DOUBLE AS sum FROM file'
  assert.deepEqual(await queryByDuckDb(file, sums), [{ count: '110005', distinct: '110000', sum: (109_999 * 110_000) / 2 + 10 }])
})

test('zstd, gzip and snappy take less room than none, and all are read back', async () => {
  const batch = metrics(Array.from({ length: 5000 }, (_, index) => ({ series: load(`host-${index % 50}`), timeMs, value: index % 7 })))
  const sizes = (['none', 'snappy', 'gzip', 'zstd'] as const).map(async (compression) => {
    const file = new ParquetEncoder({ compression }).encode(batch)
    assert.deepEqual(await queryByDuckDb(file, 'SELECT sum(value) AS sum, count(*) AS count FROM file'), [{ sum: 14_995, count: '5000' }])
    return file.length
  })
  const [none, ...smaller] = await Promise.all(sizes)
  for (const size of smaller) assert.ok(size < none! / 2)
})

test('an encoder makes the same file of the same batch, whatever came before', () => {
  const encoder = new ParquetEncoder()
  assert.throws(() => encoder.encode(metrics([{ series: load('a'), timeMs: Number.NaN, value: 1 }])), {
    message: 'NaN is no time in milliseconds',
  })
  for (const batch of [...Object.values(batches), ...Object.values(batches).reverse()])
    assert.deepEqual(encoder.encode(batch), new ParquetEncoder().encode(batch))
})

test('a file has one signal and one set of columns; a batch that does not fit leaves it as it was', async () => {
  const file = new ParquetFile()
  assert.throws(() => file.end(), { message: 'a Parquet file without columns cannot be' })
  const bytes = [Buffer.from(file.add(batches.alerts))]
  assert.throws(() => file.add(batches.logs), { name: 'TypeError', message: /holds one signal/ })
  bytes.push(Buffer.from(file.end()))
  assert.equal((await rowsByHyparquet(Buffer.concat(bytes))).length, 2)
})

test('times and attributes that no column holds are told by index', () => {
  const cycle: Record<string, never> = {}
  Object.assign(cycle, { cycle })
  const [good, bad] = [
    { timeNs: 0n, body: '' },
    { timeNs: 2n ** 63n, body: '' },
  ]
  assert.deepEqual(
    unfit({ signal: 'logs', records: [good, bad, { ...good, attributes: cycle }] }).map((it) => 'index' in it && it.index),
    [1, 2],
  )
  const point = { series: load('a'), timeMs, value: 1 }
  const points = [point, { ...point, timeMs: Number.POSITIVE_INFINITY }, { ...point, startTimeMs: Number.NaN }, point]
  assert.deepEqual(
    unfit(metrics(points)).map((it) => 'index' in it && it.index),
    [1, 2],
  )
})

test('options that make no sense are refused', () => {
  assert.throws(() => new ParquetEncoder({ compression: 'lzo' as never }), { code: 'INVALID_OPTION', hint: /none, snappy, gzip, zstd/ })
  assert.throws(() => new ParquetEncoder({ rowGroupSize: 'big' }), { code: 'INVALID_SIZE' })
  assert.throws(() => new ParquetEncoder({ rowGroupSize: '1GiB' }), { code: 'INVALID_OPTION', hint: /512MiB/ })
})
